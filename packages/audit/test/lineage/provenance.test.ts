import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BundleManifest,
  canonicalBytes,
  type Digest,
  digestBytes,
  type JsonObject,
  type Plan,
  type TrustFile,
} from "@canonic/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifestNoteText } from "../../src/bundle-layout.ts";
import { readWhole } from "../../src/bundle-source.ts";
import {
  createMemoryStorage,
  directorySource,
  exportBundle,
  type LineageRecord,
  memorySource,
  PROV_TASKS_MAX,
  provenanceOf,
  readBundleLineage,
  readLineage,
  signNote,
  trustFileOf,
  verifyBundle,
} from "../../src/index.ts";
import { localName } from "../../src/lineage/prov-document.ts";
import { newIdentity, ORIGIN, open } from "../support.ts";
import { journalRun, wholeRun } from "../whole-run.ts";
import { eventOf, policyRecord } from "./policy-record.ts";

type Prov = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

const provOf = (record: LineageRecord): Prov => JSON.parse(Buffer.from(provenanceOf(record) ?? "").toString()) as Prov;
const relations = (prov: Prov, name: string) => Object.values(prov[name] ?? {});

describe("the provenance of a policy run", () => {
  const record = policyRecord();
  const prov = provOf(record);
  const [task] = record.plan.tasks as [LineageRecord["plan"]["tasks"][number]];
  const nameOf = (digest: string | undefined) => `sha256:${digest?.slice(7)}`;

  test("leads from the document over chunk, task and output to the seal", () => {
    const chunk = nameOf(task.binding?.chunkDigest);
    const derivations = relations(prov, "wasDerivedFrom").map(
      (one) => `${one["prov:generatedEntity"]} < ${one["prov:usedEntity"]}`,
    );
    const [document] = Object.entries(prov["entity"] ?? {}).find(([, one]) => typeOf(one) === "canonic:Document") ?? [];

    expect(derivations).toContain(`${chunk} < ${document}`);
    expect(derivations).toContain(`run:${task.id}_output < ${chunk}`);
    expect(derivations).toContain("run:seal < run:outputs");
    expect(relations(prov, "used")).toContainEqual({
      "prov:activity": `run:${task.id}`,
      "prov:entity": chunk,
      "prov:role": "chunk",
    });
    expect(relations(prov, "wasGeneratedBy")).toContainEqual({
      "prov:activity": `run:${task.id}`,
      "prov:entity": `run:${task.id}_output`,
      "prov:time": "2026-01-31T12:00:00.000Z",
    });
    expect(relations(prov, "hadMember")).toHaveLength(2);
  });

  test("names every end of every relation as an element, and generates each entity once (P1)", () => {
    const elements = new Set(["entity", "activity", "agent"].flatMap((kind) => Object.keys(prov[kind] ?? {})));
    const ends = Object.entries(prov)
      .filter(([section]) => !["prefix", "entity", "activity", "agent"].includes(section))
      .flatMap(([, statements]) => Object.values(statements))
      .flatMap((statement) =>
        Object.entries(statement).flatMap(([key, value]) =>
          ["prov:role", "prov:time"].includes(key) ? [] : [String(value)],
        ),
      );
    const generated = relations(prov, "wasGeneratedBy").map((one) => one["prov:entity"]);

    expect(ends.length).toBeGreaterThan(20);
    expect(ends.filter((end) => !elements.has(end))).toEqual([]);
    expect(new Set(generated).size).toBe(generated.length);
  });

  test("has certificates behind the seal, approvals of people, and holders of tokens", () => {
    const certificates = [{ id: "CERT-01", status: "ACTIVE", digest: digestBytes("certificate"), evidence: [] }];
    const approved = policyRecord();
    const at = "2026-01-31T12:00:00.000Z";
    const approval = {
      gate: "SG_1",
      signer: "ann",
      approval: digestBytes("approval"),
      pins: digestBytes("pins"),
      decision: "approve",
    };
    approved.facts.next(eventOf("APPROVAL_RECORDED", "SG_1", at, approval));
    const all = provOf({ ...approved, certificates });

    expect(relations(all, "wasDerivedFrom")).toContainEqual({
      "prov:generatedEntity": "run:CERT-01",
      "prov:usedEntity": "run:seal",
    });
    expect(relations(all, "wasAttributedTo")).toContainEqual({
      "prov:agent": "agent:ann",
      "prov:entity": nameOf(approval.approval),
    });
    expect(typeOf(all["agent"]?.["agent:ann"])).toBe("prov:Person");
    expect(typeOf(all["agent"]?.["agent:tester"])).toBeUndefined();
  });

  test("says nothing of a text: no byte of document, question or output is in it (V2)", () => {
    const text = Buffer.from(provenanceOf(record) ?? "").toString();

    for (const secret of ["council", "How much", "amount", "million"]) expect(text).not.toContain(secret);
  });

  test("is total: whatever stands among the artifacts, signals that name each other too", () => {
    const artifacts = new Map(
      [...(record.artifacts as ReadonlyMap<never, JsonObject>)].map(([digest, value]) => [digest, value]),
    );
    const [, second] = record.plan.tasks as LineageRecord["plan"]["tasks"];
    const signals = [task.inputs["signal-financial-chain"], second?.inputs["signal-financial-chain"]];
    signals.forEach((digest, index) => {
      artifacts.set(digest as never, { schema: "canonic/signal/v1", chunkDigest: signals[1 - index] as string });
    });
    artifacts.set(task.inputs["chunk"] as never, {
      schema: "canonic/chunk/v1",
      document: task.inputs["chunk"] as string,
    });
    artifacts.set(task.inputs["question"] as never, { schema: "__proto__" });

    expect(provOf({ ...record, artifacts }).entity).toBeDefined();
  });

  test("is not made for a run that is too large for it (V3)", () => {
    const tasks = new Array<Plan["tasks"][number]>(PROV_TASKS_MAX + 1).fill(task);

    expect(provenanceOf({ ...record, plan: { ...record.plan, tasks } })).toBeUndefined();
  });
});

test("names have only characters that PROV-N writes plainly, and differ where texts differ (P2)", () => {
  const anyUnit = fc.oneof(
    fc.constantFrom(...'-_%/.: <>"é'),
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  );
  fc.assert(
    fc.property(fc.string({ unit: anyUnit }), fc.string({ unit: anyUnit }), (a, b) => {
      expect(localName(a)).toMatch(/^(?!-)([A-Za-z0-9_-]|%[0-9A-F]{2})*$/);
      expect(localName(a) === localName(b)).toBe(a.toWellFormed() === b.toWellFormed());
    }),
  );
});

describe("prov.json of a bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "canonic-lineage-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const identity = newIdentity();
  const trust: TrustFile = trustFileOf(ORIGIN, [identity.signer]);
  const directory = join(folder, "bundle");
  let files: ReadonlyMap<string, Uint8Array>;
  let fromLog: LineageRecord;

  beforeAll(async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const run = journalRun(journal, wholeRun());
    await journal.durable();
    await exportBundle({ storage, identity, run, directory });
    const source = directorySource(directory);
    const paths = (await source.list()).map(({ path }) => path);
    files = new Map(await Promise.all(paths.map(async (path) => [path, await readWhole(source, path, 1e9)] as const)));
    fromLog = await readLineage(storage, run, ORIGIN);
  });

  /** Lists the files as they are and signs the list again, as who holds the log's key can. */
  function resealed(changed: Readonly<Record<string, Uint8Array | null>>): Map<string, Uint8Array> {
    const copy = new Map(files);
    for (const [path, bytes] of Object.entries(changed)) {
      if (bytes === null) copy.delete(path);
      else copy.set(path, bytes);
    }
    const before = BundleManifest.parse(JSON.parse(Buffer.from(copy.get("manifest.json") ?? "").toString()));
    const listed = [...copy].filter(([path]) => !path.startsWith("manifest.")).sort(([a], [b]) => (a < b ? -1 : 1));
    const manifest = canonicalBytes({
      ...before,
      files: listed.map(([path, bytes]) => ({ path, digest: digestBytes(bytes), sizeBytes: bytes.length })),
    });
    copy.set("manifest.json", manifest);
    copy.set("manifest.note", signNote(manifestNoteText(ORIGIN, digestBytes(manifest)), identity.signer));
    return copy;
  }

  const verdictOf = async (bundle: ReadonlyMap<string, Uint8Array>) => {
    const { verdict, reasons } = await verifyBundle(memorySource(bundle), { trust });
    return { verdict, codes: reasons.map(({ code }) => code) };
  };

  test("is what the log, the bundle and the verifier compute alike (V1)", async () => {
    const written = readFileSync(join(directory, "prov.json"));

    expect(Buffer.from(provenanceOf(fromLog) ?? "").equals(written)).toBe(true);
    expect(Buffer.from(provenanceOf(await readBundleLineage(directorySource(directory))) ?? "").equals(written)).toBe(
      true,
    );
    expect(await verdictOf(resealed({}))).toEqual({ verdict: "VALID", codes: [] });
  });

  test("is computed alike where a payload was removed: the file is not false for that", async () => {
    const storage = createMemoryStorage();
    const journal = await open(storage, identity);
    const whole = wholeRun();
    const run = journalRun(journal, whole);
    await journal.durable();
    const text = whole.plan.tasks[0]?.inputs["text"] as Digest;
    await journal.redact(text, { by: "ada", reason: "asked to forget" });
    const out = join(folder, "redacted");
    await exportBundle({ storage, identity, run, directory: out });
    const { verdict, reasons } = await verifyBundle(out, { trust });

    expect(verdict).toBe("INDETERMINATE");
    expect(new Set(reasons.map(({ code }) => code))).toEqual(new Set(["redacted"]));
    expect(readFileSync(join(out, "prov.json"), "utf8")).toContain(text.slice(7));
  });

  test("may be left out: nothing is said", async () => {
    expect(await verdictOf(resealed({ "prov.json": null }))).toEqual({ verdict: "VALID", codes: [] });
  });

  const edits: Record<string, (prov: Record<string, Record<string, JsonObject>>) => void> = {
    "an entity less": (prov) => void delete prov["entity"]?.[Object.keys(prov["entity"] ?? {})[0] ?? ""],
    "an agent more": (prov) => void Object.assign(prov["agent"] ?? {}, { "agent:mallory": {} }),
    "another derivation": (prov) =>
      void Object.assign(prov["wasDerivedFrom"] ?? {}, {
        "_:wdf9999": { "prov:generatedEntity": "run:seal", "prov:usedEntity": "run:seal" },
      }),
    "another status": (prov) => void Object.assign(prov["entity"]?.["run:seal"] ?? {}, { "canonic:status": "failed" }),
    "another time": (prov) =>
      void Object.assign(prov["activity"]?.["run:execution"] ?? {}, {
        "prov:endTime": "2026-01-31T12:00:00.001Z",
      }),
    "another prefix": (prov) => void Object.assign(prov["prefix"] ?? {}, { run: "https://example.org/" }),
  };

  test.each(Object.entries(edits))("with %s it is false, although it is signed again", async (_, edit) => {
    const prov = JSON.parse(Buffer.from(files.get("prov.json") ?? "").toString());
    edit(prov);
    const bytes = canonicalBytes(prov);
    expect(Buffer.from(bytes).equals(files.get("prov.json") ?? Buffer.alloc(0))).toBe(false);

    expect(await verdictOf(resealed({ "prov.json": bytes }))).toEqual({ verdict: "INVALID", codes: ["lineage-wrong"] });
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["spaces", (bytes) => Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), null, 1))],
    ["half of it", (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["nothing", () => new Uint8Array()],
    ["bytes that are no text", () => Uint8Array.of(0xff, 0xfe)],
  ])("with %s it is false", async (_, bend) => {
    const bytes = bend(files.get("prov.json") ?? new Uint8Array());

    expect(await verdictOf(resealed({ "prov.json": bytes }))).toEqual({ verdict: "INVALID", codes: ["lineage-wrong"] });
  });

  test("with one byte changed it is not the file that was signed", async () => {
    const bytes = Uint8Array.from(files.get("prov.json") ?? []);
    bytes[100] = (bytes[100] ?? 0) ^ 1;

    expect(await verdictOf(new Map([...files, ["prov.json", bytes]]))).toEqual({
      verdict: "INVALID",
      codes: ["file-changed"],
    });
  });
});

describe("a bundle's lineage is not read", () => {
  const good = new Map<string, Uint8Array>();
  test.each<[string, ReadonlyMap<string, Uint8Array>, string]>([
    ["from an empty folder", good, "manifest.json"],
    ["without a manifest of its schema", new Map([["manifest.json", Buffer.from("{}")]]), "manifest.json"],
  ])("%s", async (_, files, place) => {
    await expect(readBundleLineage(memorySource(files))).rejects.toMatchObject({
      name: "AuditError",
      code: "audit.lineage-unreadable",
      details: { place },
    });
  });
});

function typeOf(element: JsonObject | undefined): unknown {
  return (element?.["prov:type"] as JsonObject | undefined)?.["$"];
}
