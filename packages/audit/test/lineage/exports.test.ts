import {
  canonicalBytes,
  digestBytes,
  digestFromBytes,
  EvidenceFacet,
  type JsonObject,
  type JsonValue,
  type RunEvent,
  RunStatus,
} from "@canonic/contracts";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  cloudEventOf,
  createMemoryStorage,
  type LineageRecord,
  type LoggedEvent,
  openLineageOf,
  readLineage,
  readRun,
} from "../../src/index.ts";
import { newIdentity, ORIGIN, open } from "../support.ts";
import { journalRun, wholeRun } from "../whole-run.ts";
import { DOCUMENT, policyRecord } from "./policy-record.ts";

let record: LineageRecord;
let logged: readonly LoggedEvent[];
beforeAll(async () => {
  const storage = createMemoryStorage();
  const journal = await open(storage, newIdentity());
  journalRun(journal, wholeRun(1));
  const run = journalRun(journal, wholeRun(3));
  await journal.durable();
  const { events, leaves } = await readRun(storage, run);
  logged = events.map((event, index) => ({ event, leaf: leaves[index] as LoggedEvent["leaf"] }));
  record = await readLineage(storage, run, ORIGIN);
});

describe("a CloudEvent of an event", () => {
  test("names the event by run and number, and the leaf by digest, hash and index (C1)", () => {
    const [, second] = logged as readonly [LoggedEvent, LoggedEvent];
    const event = cloudEventOf(second, ORIGIN);

    expect(event).toMatchObject({
      specversion: "1.0",
      id: `${record.run}/1`,
      source: "https://canonic.dev/logs/canonic.test%2Flog",
      type: "dev.canonic.token-validation",
      time: second.event.at,
      eventdigest: digestBytes(canonicalBytes(event["data"] as JsonValue)),
      leafhash: digestFromBytes(second.leaf.hash),
      leafindex: String(second.leaf.index),
    });
    expect(second.leaf.index).toBeGreaterThan(1);
  });

  test("has only attribute names of lower-case letters and digits, none longer than twenty", () => {
    const names = logged.flatMap((one) => Object.keys(cloudEventOf(one, ORIGIN)));

    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
  });

  test("has an id of its own within its log, and a source of its own for each log", () => {
    const ids = logged.map((one) => cloudEventOf(one, ORIGIN)["id"]);
    expect(new Set(ids).size).toBe(logged.length);
    const [first] = logged as readonly [LoggedEvent];
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(cloudEventOf(first, a)["source"] === cloudEventOf(first, b)["source"]).toBe(a === b);
      }),
    );
  });
});

describe("the OpenLineage events of a run", () => {
  test("are one START and one COMPLETE, of one run and one job (O2)", () => {
    const events = openLineageOf(record, logged);
    const [start, end] = events as readonly [JsonObject, JsonObject];

    expect(events.map((event) => event["eventType"])).toEqual(["START", "COMPLETE"]);
    expect(start["job"]).toEqual({ namespace: "https://canonic.dev/logs/canonic.test%2Flog", name: "text" });
    expect(end["job"]).toEqual(start["job"]);
    expect(runOf(end).runId).toBe(runOf(start).runId);
    expect(runOf(start).runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(start["inputs"]).toHaveLength(record.plan.artifacts.length);
    expect(start["outputs"]).toEqual([]);
    expect(end["outputs"]).toEqual([
      { namespace: "https://canonic.dev/sha256", name: record.facts.seal?.outputs?.slice(7) },
    ]);
  });

  test("carry the digest, the leaf hash and the index of the event that they tell of", () => {
    const facets = openLineageOf(record, logged).map((event) =>
      EvidenceFacet.parse(runOf(event).facets["canonic_evidence"]),
    );
    const [first, last] = [logged[0], logged.at(-1)] as readonly [LoggedEvent, LoggedEvent];

    expect(facets.map(({ leafIndex }) => leafIndex)).toEqual([first.leaf.index, last.leaf.index]);
    expect(facets.map(({ eventDigest }) => eventDigest)).toEqual(
      [first, last].map(({ leaf }) => digestBytes(leaf.bytes)),
    );
    expect(facets.map(({ status }) => status)).toEqual([null, "completed"]);
  });

  test("are the same whoever makes them, and of another run id in another log (O1)", () => {
    const again = openLineageOf(record, logged);
    const elsewhere = openLineageOf({ ...record, origin: "canonic.test/other" }, logged);

    expect(again).toEqual(openLineageOf(record, logged));
    expect(runOf(elsewhere[0]).runId).not.toBe(runOf(again[0]).runId);
  });

  test("take the document of a policy run as their input", () => {
    const [start] = openLineageOf(policyRecord(), logged);

    expect(start?.["inputs"]).toEqual([{ namespace: "https://canonic.dev/sha256", name: DOCUMENT.slice(7) }]);
  });

  test.each<[string, string]>([
    ["completed", "COMPLETE"],
    ["failed", "FAIL"],
    ["denied", "FAIL"],
    ["violated", "FAIL"],
    ["rejected", "ABORT"],
    ["voided", "ABORT"],
  ])("end a run that was %s with %s", (status, expected) => {
    const last = logged.at(-1) as LoggedEvent;
    const event = { ...last.event, data: { ...last.event.data, status } } as RunEvent;
    const events = openLineageOf(record, [...logged.slice(0, -1), { ...last, event }]);

    expect(events.at(-1)?.["eventType"]).toBe(expected);
    expect(RunStatus.options).toHaveLength(6);
  });

  test("have no end before the run has one, and RUNNING for each resume (O2)", () => {
    const [first] = logged as readonly [LoggedEvent];
    const resumed = { ...first, event: { ...first.event, type: "RUN_RESUMED" } as RunEvent };

    expect(openLineageOf(record, logged.slice(0, -1)).map((event) => event["eventType"])).toEqual(["START"]);
    expect(openLineageOf(record, [first, resumed, resumed]).map((event) => event["eventType"])).toEqual([
      "START",
      "RUNNING",
      "RUNNING",
    ]);
  });
});

function runOf(event: JsonObject | undefined) {
  return event?.["run"] as { readonly runId: string; readonly facets: JsonObject };
}
