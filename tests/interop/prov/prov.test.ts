import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../../main-job/analysis.ts";
import { temporaryFolder } from "../../main-job/command-line.ts";
import { sharedAnalysis } from "../../main-job/shared-analysis.ts";
import { pythonWith, runPython } from "../python.ts";

type Statements = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
/** What `read_prov.py` prints. */
type Understood = {
  readonly counts: Readonly<Record<string, number>>;
  readonly types: Readonly<Record<string, number>>;
  readonly outputsOfDocument: number;
  readonly sealOfDocument: boolean;
  readonly unknownEnds: readonly string[];
  readonly provnStatements: number;
  readonly sameAfterRoundTrip: boolean;
};

const python = await pythonWith("prov", "python3-prov");
const script = fileURLToPath(new URL("read_prov.py", import.meta.url));

/** PROV-JSON's name of each kind of statement, and the library's. */
const KINDS: Readonly<Record<string, string>> = {
  activity: "Activity",
  actedOnBehalfOf: "Delegation",
  agent: "Agent",
  entity: "Entity",
  hadMember: "Membership",
  used: "Usage",
  wasAssociatedWith: "Association",
  wasAttributedTo: "Attribution",
  wasDerivedFrom: "Derivation",
  wasGeneratedBy: "Generation",
  wasStartedBy: "Start",
};

describe.skipIf(python === undefined)("prov.json of a whole analysis, read by Python's prov", () => {
  const folder = temporaryFolder();
  let analysis: Analysis;
  let written: Statements;
  let understood: Understood;
  const read = (document: Statements | Uint8Array): Promise<Understood> => {
    const file = join(folder, "prov.json");
    writeFileSync(file, document instanceof Uint8Array ? document : JSON.stringify(document));
    return runPython<Understood>(python ?? "", [script, file]);
  };

  beforeAll(async () => {
    analysis = await sharedAnalysis(folder);
    const bytes = readFileSync(join(analysis.out, "bundle", "prov.json"));
    written = JSON.parse(bytes.toString()) as Statements;
    understood = await read(bytes);
  });

  test("has as many statements of each kind as we wrote, and each is printed as PROV-N", () => {
    const counts = Object.fromEntries(
      Object.entries(written).flatMap(([kind, statements]) =>
        kind === "prefix" ? [] : [[KINDS[kind] ?? kind, Object.keys(statements).length]],
      ),
    );

    expect(understood.counts).toEqual(counts);
    expect(understood.provnStatements).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0));
    expect(understood.sameAfterRoundTrip).toBe(true);
    expect(Object.keys(counts).sort()).toEqual(Object.values(KINDS).sort());
  });

  test("leads from each of the 300 outputs, and from the seal, back to the document", () => {
    expect(understood.outputsOfDocument).toBe(300);
    expect(understood.sealOfDocument).toBe(true);
    expect(understood.unknownEnds).toEqual([]);
    expect(understood.types).toMatchObject({
      "canonic:Output": 300,
      "canonic:Chunk": 60,
      "canonic:Document": 1,
      "canonic:Seal": 1,
      "prov:Plan": 1,
    });
  });

  test("is counted, not waved through: a statement less is seen", async () => {
    const { "_:wdf1": taken, ...rest } = written["wasDerivedFrom"] ?? {};

    expect(taken).toBeDefined();
    const { counts } = await read({ ...written, wasDerivedFrom: rest });
    expect(counts["Derivation"]).toBe((understood.counts["Derivation"] ?? 0) - 1);
  });

  test.each<[string, (prov: Statements) => Statements]>([
    ["a relation that PROV has not", (prov) => ({ ...prov, wasInventedBy: { "_:x1": {} } })],
    [
      "an attribute of a prefix that is not declared",
      (prov) => bent(prov, "entity", "run:seal", { "nobody:status": 1 }),
    ],
    ["a value without its value", (prov) => bent(prov, "entity", "run:seal", { "prov:type": { type: "xsd:string" } })],
    [
      "two things derived at once",
      (prov) => bent(prov, "wasDerivedFrom", "_:wdf1", { "prov:usedEntity": ["run:a", "run:b"] }),
    ],
  ])("and is refused with %s", async (_, bend) => {
    await expect(read(bend(written))).rejects.toMatchObject({ name: "PythonFailure" });
  });
});

function bent(prov: Statements, section: string, name: string, fields: Readonly<Record<string, unknown>>): Statements {
  const before = prov[section]?.[name];
  expect(before).toBeDefined();
  return { ...prov, [section]: { ...prov[section], [name]: { ...before, ...fields } } };
}
