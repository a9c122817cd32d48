import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, digestJson, type JsonObject } from "@canonic/contracts";
import { planTasks } from "@canonic/planner";
import { expect, test } from "vitest";
import { freezeDirect } from "../src/registry.ts";
import { readPlannedRun, writePlannedRun } from "../src/request/planned-run.ts";
import { testFolder } from "./folder.ts";
import { contractOf, packOf } from "./packs.ts";

const { snapshot } = freezeDirect([packOf([contractOf("source.pin")])], "dryrun");
const planned = (seed: number) => {
  const tasks = [{ payloadType: "source/pin", inputs: { law: { title: "a" } } }];
  return planTasks({ registry: snapshot, mode: "dryrun", seed, tasks });
};
function written(): string {
  const file = join(testFolder(), "plan.json");
  writePlannedRun(file, { ...planned(1), snapshot });
  return file;
}

test("a planned run is read back as it was written (N1)", () => {
  const file = written();
  const { plan, planDigest, artifacts } = planned(1);

  expect(readPlannedRun(file)).toEqual({ plan, planDigest, snapshot, artifacts });
});

test("writing the same plan again changes nothing; another one is refused and changes nothing (N2)", () => {
  const file = written();
  const before = readFileSync(file, "utf8");

  writePlannedRun(file, { ...planned(1), snapshot });
  expect(() => writePlannedRun(file, { ...planned(2), snapshot })).toThrow(
    expect.objectContaining({ code: "orchestrator.out-not-empty" }),
  );
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("a folder is no place for a planned run", () => {
  expect(() => writePlannedRun(testFolder(), { ...planned(1), snapshot })).toThrow(
    expect.objectContaining({ code: "orchestrator.file-unreadable" }),
  );
});

type Value = Record<string, JsonObject>;
const artifact = { title: "another" };
test.each<[string, (value: Value) => string]>([
  ["another layout", (value) => JSON.stringify(value, null, 2)],
  ["no JSON", () => "plan"],
  ["another schema", (value) => canonicalJson({ ...value, schema: "canonic/planned-run/v2" as unknown as JsonObject })],
  ["a key more", (value) => canonicalJson({ ...value, note: {} })],
  ["another plan's snapshot", (value) => canonicalJson({ ...value, snapshot: { ...value["snapshot"], routes: [] } })],
  [
    "a changed contract",
    (value) => canonicalJson({ ...value, plan: { ...value["plan"], registry: digestJson("other") } }),
  ],
  ["an artifact less", (value) => canonicalJson({ ...value, artifacts: {} })],
  [
    "an artifact more",
    (value) => canonicalJson({ ...value, artifacts: { ...value["artifacts"], [digestJson(artifact)]: artifact } }),
  ],
  [
    "other bytes under an artifact's name",
    (value) =>
      canonicalJson({
        ...value,
        artifacts: Object.fromEntries(Object.keys(value["artifacts"] ?? {}).map((key) => [key, artifact])),
      }),
  ],
])("refuses %s (N1)", (_what, spoil) => {
  const file = written();
  writeFileSync(file, `${spoil(JSON.parse(readFileSync(file, "utf8")) as Value)}\n`);

  expect(() => readPlannedRun(file)).toThrow(expect.objectContaining({ code: "orchestrator.plan-invalid" }));
});

test("a plan that is not there is named", () => {
  expect(() => readPlannedRun(join(testFolder(), "none.json"))).toThrow(
    expect.objectContaining({ code: "orchestrator.file-unreadable" }),
  );
});
