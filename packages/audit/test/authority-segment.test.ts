import { AUTHORITY_CHAIN, type AuthorityEventDraft, digestBytes, type EventData, type RunId } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import { createMemoryStorage, type Journal, type LogIdentity, trustFileOf } from "../src/index.ts";
import { exported, type Files, judged, without } from "./bundle-files.ts";
import { resigned } from "./resigned.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, NOW, payloadOfJson, TOKEN, tokenClaims, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);
const occurredAt = "2026-01-31T12:00:00.000Z";
const other = digestBytes("another token");
const parent = digestBytes("the token that it descends from");

type Issue = EventData<"TOKEN_ISSUED">;

function issued(change: Partial<Issue> = {}): AuthorityEventDraft {
  const data = {
    token: TOKEN,
    claims: wholeRun().claims,
    issuer: "operator",
    user: "tester",
    parent: null,
    expiresAt: new Date((NOW + 1740) * 1000).toISOString(),
    occurredAt,
    ...change,
  };
  return { type: "TOKEN_ISSUED", subject: data.token, data };
}

const revoked = (token = TOKEN): AuthorityEventDraft => ({
  type: "TOKEN_REVOKED",
  subject: token,
  data: { token, by: "ada", reason: "left", occurredAt },
});
const expired = (token = TOKEN): AuthorityEventDraft => ({
  type: "TOKEN_EXPIRED",
  subject: token,
  data: { token, expiresAt: occurredAt, occurredAt },
});

/** A run between facts of authority; `middle` are journaled behind its seal but before its export. */
async function runBetween(
  before: readonly AuthorityEventDraft[],
  after: readonly AuthorityEventDraft[] = [],
  by: LogIdentity = identity,
) {
  const storage = createMemoryStorage();
  const journal = await open(storage, by);
  const say = (events: readonly AuthorityEventDraft[], to: Journal = journal) => {
    for (const event of events) to.append(AUTHORITY_CHAIN, event);
  };
  say([issued({ token: other, claims: other })]);
  say(before);
  const run: RunId = journalRun(journal, wholeRun());
  say(after);
  await journal.durable();
  const files = await exported(storage, by, run);
  return { files, run, storage, journal };
}

const rowsOf = (files: Files) => {
  const text = Buffer.from(files.get("authority.jsonl") as Uint8Array).toString();
  return text.split("\n").slice(0, -1);
};
const subjects = (files: Files) => rowsOf(files).map((row) => [JSON.parse(row).type, JSON.parse(row).subject]);

describe("the authority of a run", () => {
  test("travels from the issue of its token to the last fact before its seal (U1)", async () => {
    const { files } = await runBetween([issued(), revoked(other)], [revoked()]);

    expect(subjects(files)).toEqual([
      ["TOKEN_ISSUED", TOKEN],
      ["TOKEN_REVOKED", other],
    ]);
    expect(await judged(files, trust)).toEqual(["VALID"]);
  });

  test("does not travel when the log does not know the token", async () => {
    const { files } = await runBetween([revoked(other)]);

    expect([...files.keys()].filter((path) => path.startsWith("authority"))).toEqual([]);
    expect(await judged(files, trust)).toEqual(["VALID"]);
  });

  test("begins with the token that the run's own descends from", async () => {
    const { files } = await runBetween([issued({ token: parent, claims: other }), revoked(other), issued({ parent })]);

    expect(subjects(files).map(([, subject]) => subject)).toEqual([parent, other, TOKEN]);
  });
});

describe("a token that was allowed", () => {
  const cases: readonly (readonly [string, string, readonly AuthorityEventDraft[]])[] = [
    ["token-revoked", "after it was revoked", [issued(), revoked()]],
    ["token-expired", "after it had expired", [issued(), expired()]],
    ["event-untrue", "that was issued with other claims", [issued({ claims: other })]],
    ["event-untrue", "that was issued to somebody else", [issued({ user: "eve" })]],
    ["event-untrue", "that was issued by somebody else", [issued({ issuer: "eve" })]],
    ["event-untrue", "that was issued for longer", [issued({ expiresAt: "2027-01-01T00:00:00.000Z" })]],
    [
      "event-untrue",
      "beside one that was issued twice",
      [issued(), issued({ token: parent }), issued({ token: parent })],
    ],
  ];
  test.each(cases)("is %s %s (U2, U3)", async (code, _, before) => {
    const { files } = await runBetween(before);

    expect(await judged(files, trust)).toEqual(["INVALID", code]);
  });

  test("is INVALID when the one that it descends from was revoked before (U2)", async () => {
    const before = [issued({ token: parent, claims: other }), revoked(parent), issued({ parent })];
    const { files } = await runBetween(before);

    const [verdict, ...codes] = await judged(files, trust);
    expect([verdict, codes.includes("token-revoked")]).toEqual(["INVALID", true]);
  });

  test("is VALID when only another was revoked before, and it was revoked after (U2)", async () => {
    const { files, journal, storage, run } = await runBetween([issued(), revoked(other), expired(other)], [revoked()]);
    expect(await judged(files, trust)).toEqual(["VALID"]);

    journalRun(journal, wholeRun(3));
    await journal.durable();
    expect(await judged(await exported(storage, identity, run), trust)).toEqual(["VALID"]);
  });
});

describe("the piece of the chain of authority is INVALID", () => {
  const changes: readonly (readonly [string, string, (rows: string[]) => string[]])[] = [
    ["authority-malformed", "with one left out between", (rows) => [rows[0] as string, ...rows.slice(2)]],
    ["authority-malformed", "in another order", (rows) => rows.toReversed()],
    ["authority-malformed", "with one twice", (rows) => [rows[0] as string, ...rows]],
    ["authority-malformed", "with spaces", (rows) => rows.map((row) => row.replace('":', '": '))],
    ["authority-malformed", "empty", () => []],
    ["authority-malformed", "without its last", (rows) => rows.slice(0, -1)],
    ["authority-proof-wrong", "with another reason", (rows) => rows.map((row) => row.replace("left", "lost"))],
  ];
  test.each(changes)("as %s: %s", async (code, _, change) => {
    const { files } = await runBetween([issued(), expired(other), revoked(other)]);
    const rows = rowsOf(files);
    expect(rows).toHaveLength(3);
    const bytes = Buffer.from(
      change(rows)
        .map((row) => `${row}\n`)
        .join(""),
    );
    const forged = resigned(new Map([...files, ["authority.jsonl", bytes]]), identity);

    expect(await judged(forged, trust)).toEqual(["INVALID", code]);
  });

  test("without its proof, or as a proof alone", async () => {
    const { files } = await runBetween([issued()]);
    for (const path of ["authority.jsonl", "authority-proof.json"])
      expect(await judged(resigned(without(files, path), identity), trust)).toEqual(["INVALID", "file-missing"]);
  });

  test("of another log, or as events of a run", async () => {
    const { files } = await runBetween([issued()]);
    const stranger = newIdentity();
    const foreign = await runBetween([issued(), expired(other)], [], stranger);
    const replaced = (path: string, bytes: Uint8Array | undefined) => [path, bytes as Uint8Array] as const;
    const swapped = new Map([
      ...files,
      replaced("authority.jsonl", foreign.files.get("authority.jsonl")),
      replaced("authority-proof.json", foreign.files.get("authority-proof.json")),
    ]);
    expect(await judged(resigned(swapped, identity), trust)).toEqual(["INVALID", "authority-proof-wrong"]);

    const ownEvents = new Map([
      ...files,
      replaced("authority.jsonl", files.get("events.jsonl")),
      replaced("authority-proof.json", files.get("proof.json")),
    ]);
    expect(await judged(resigned(ownEvents, identity), trust)).toEqual(["INVALID", "authority-malformed"]);
  });
});

test("claims that a parent is named in bring its issue along, although the token itself is not known", async () => {
  const claims = payloadOfJson(tokenClaims({ parent }) as never);
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  journal.append(AUTHORITY_CHAIN, issued({ token: parent, claims: other }));
  journal.append(AUTHORITY_CHAIN, revoked(parent));
  const whole = { ...wholeRun(), claims: claims.digest };
  const run = journalRun(journal, { ...whole, payloads: [...whole.payloads, claims] });
  await journal.durable();

  const files = await exported(storage, identity, run);

  expect(subjects(files).map(([type]) => type)).toEqual(["TOKEN_ISSUED", "TOKEN_REVOKED"]);
  expect(await judged(files, trust)).toEqual(["INVALID", "token-revoked"]);
  await journal.close();
});
