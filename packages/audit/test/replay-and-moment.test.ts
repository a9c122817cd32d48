import {
  canonicalBytes,
  canonicalJson,
  type JsonValue,
  Verification as PublishedVerification,
} from "@canonic/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createMemoryStorage,
  memorySource,
  openJournal,
  type ReplayAnswer,
  type ReplayRequest,
  trustFileOf,
  verifyBundle,
  verifyEvidence,
} from "../src/index.ts";
import { exported, type Files } from "./bundle-files.ts";
import { newIdentity, ORIGIN, open } from "./support.ts";
import { journalRun, wholeRun } from "./whole-run.ts";

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer]);
let sealed: Files;
let unsealed: Files;

beforeAll(async () => {
  const storage = createMemoryStorage();
  const journal = await open(storage, identity);
  const whole = wholeRun();
  const run = journalRun(journal, whole);
  const unfinished = journalRun(journal, whole, undefined, null);
  await journal.durable();
  sealed = await exported(storage, identity, run);
  unsealed = await exported(storage, identity, unfinished);
  await journal.close();
});

/** What the operation of the whole run gives. */
function measure({ task, input }: ReplayRequest): ReplayAnswer {
  const { text } = input as { readonly text: string };
  return { kind: "completed", output: canonicalBytes({ length: text.length, task: task.position }) };
}

async function replayed(execute: (request: ReplayRequest) => ReplayAnswer) {
  const { verdict, reasons, run } = await verifyBundle(memorySource(sealed), {
    trust,
    replay: { execute: async (request) => execute(request) },
  });
  return { verdict, reasons: reasons.map(({ code, place }) => ({ code, place })), replay: run?.replay };
}

describe("a replay", () => {
  test("that gives the same bytes for every task is VALID, and counted", async () => {
    const inputs: JsonValue[] = [];

    const found = await replayed((request) => {
      inputs.push(request.input);
      return measure(request);
    });

    expect(found).toEqual({
      verdict: "VALID",
      reasons: [],
      replay: { same: 4, different: 0, unavailable: 0, excluded: 0 },
    });
    expect(inputs.map((input) => canonicalJson(input))).toEqual(
      [0, 1, 2, 3].map((position) => `{"text":"some text","unit":"byte ${position}"}`),
    );
  });

  test.each([
    ["gives other bytes", { kind: "completed", output: canonicalBytes({ length: 10, task: 1 }) }],
    ["fails", { kind: "failed", code: "runner.operation-failed" }],
  ] as const)("in which one task %s is INVALID and names it", async (_title, answer) => {
    const found = await replayed((request) => (request.task.position === 1 ? answer : measure(request)));

    expect(found.verdict).toBe("INVALID");
    expect(found.reasons).toEqual([{ code: "replay-differs", place: expect.stringMatching(/^task_/) }]);
    expect(found.replay).toEqual({ same: 3, different: 1, unavailable: 0, excluded: 0 });
  });

  test("for which the code is not here is INDETERMINATE", async () => {
    const found = await replayed((request) => (request.task.position < 2 ? { kind: "unavailable" } : measure(request)));

    expect(found).toEqual({
      verdict: "INDETERMINATE",
      reasons: [{ code: "replay-unavailable", place: "replay" }],
      replay: { same: 2, different: 0, unavailable: 2, excluded: 0 },
    });
  });

  test("that nobody asked for is not counted", async () => {
    const { run } = await verifyBundle(memorySource(sealed), { trust });

    expect(run).not.toBeNull();
    expect(run).not.toHaveProperty("replay");
  });
});

describe("a moment", () => {
  const judgedAt = async (files: Files, at: string) => {
    const { verdict, reasons } = await verifyEvidence(memorySource(files), { trust, at });
    return [verdict, ...reasons.map(({ code }) => code)];
  };

  test("at or after the last event is VALID, however long after: the token was used while it lived (M2)", async () => {
    expect(await judgedAt(sealed, "2026-01-31T12:00:00.000Z")).toEqual(["VALID"]);
    expect(await judgedAt(sealed, "2036-01-31T12:00:00.000Z")).toEqual(["VALID"]);
  });

  test("before an event makes the bundle INVALID, once (M1)", async () => {
    expect(await judgedAt(sealed, "2026-01-31T11:59:59.999Z")).toEqual(["INVALID", "event-future"]);
  });

  test("after the token of an unsealed run has expired says so (M2)", async () => {
    expect(await judgedAt(unsealed, "2026-01-31T12:01:00.000Z")).toEqual(["INDETERMINATE", "run-unsealed"]);
    expect(await judgedAt(unsealed, "2026-02-28T12:00:00.000Z")).toEqual([
      "INDETERMINATE",
      "run-unsealed",
      "token-expired",
    ]);
  });

  test("may be a day, and is the end of it in UTC: what happened on the day had happened", async () => {
    expect(await judgedAt(sealed, "2026-01-31")).toEqual(["VALID"]);
    expect(await judgedAt(sealed, "2026-01-30")).toEqual(["INVALID", "event-future"]);
  });

  test.each(["yesterday", "2026-02-30T00:00:00.000Z", "2026-02-30", "2026-1-31", "2026-01-31T12:00Z", ""])(
    "`%s` is none",
    async (at) => {
      await expect(verifyEvidence(memorySource(sealed), { trust, at })).rejects.toMatchObject({
        code: "audit.moment-invalid",
      });
    },
  );
});

test("what a program is told is of the published schema, of a bundle and of an archive", async () => {
  type Said = Awaited<ReturnType<typeof verifyEvidence>>;
  const replay = { execute: async (request: ReplayRequest) => measure(request) };
  const told: Said[] = [
    await verifyEvidence(memorySource(sealed), { trust, replay }),
    await verifyEvidence(memorySource(unsealed), { trust }),
    await verifyEvidence(memorySource(new Map()), { trust }),
    await verifyEvidence(memorySource(new Map([["runs/a/b", Buffer.from("x")]])), { trust }),
  ];

  expect(told.map(({ verdict }) => verdict)).toEqual(["VALID", "INDETERMINATE", "INVALID", "INVALID"]);
  for (const one of told) expect(PublishedVerification.parse(one)).toEqual(one);
});

describe("an event that is dated to a moment that there is not", () => {
  const bundleAt = async (now: string) => {
    const storage = createMemoryStorage();
    const journal = await openJournal({ storage, clock: { now: () => now }, identity });
    const run = journalRun(journal, wholeRun());
    await journal.close();
    const files = await exported(storage, identity, run);
    const { verdict, reasons } = await verifyBundle(memorySource(files), { trust });
    return [verdict, ...new Set(reasons.map(({ code }) => code))];
  };

  test.each(["2026-01-32T12:00:00.000Z", "2026-13-31T12:00:00.000Z", "2026-01-31T24:00:00.000Z"])(
    "%s makes it INVALID: no token would ever expire",
    async (now) => {
      expect(await bundleAt(now)).toEqual(["INVALID", "event-untrue"]);
    },
  );

  test("is told from one that there is", async () => {
    expect(await bundleAt("2026-01-31T12:00:00.000Z")).toEqual(["VALID"]);
  });
});
