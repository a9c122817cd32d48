import { readFileSync, writeFileSync } from "node:fs";
import {
  type CelInput,
  type CelResult,
  celEnv,
  celUint,
  isCelError,
  isCelList,
  isCelMap,
  isCelType,
  isCelUint,
  parse,
  plan,
} from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { getTestRegistry } from "@bufbuild/cel-spec/testdata/registry.js";
import { getConformanceSuite } from "@bufbuild/cel-spec/testdata/tests.js";
import { describe, expect, test } from "vitest";
import { checkExpression } from "../src/rules/check.ts";
import { parseExpression } from "../src/rules/expression.ts";
import { openPrograms } from "../src/rules/program.ts";
import { FALSE, TRUE, UNKNOWN } from "../src/rules/truth.ts";

type Suite = ReturnType<typeof getConformanceSuite>;
type Case = Suite["tests"][number]["original"];
type Value = Extract<Case["resultMatcher"], { case: "value" }>["value"];

const file = new URL("./cel-known-failures.json", import.meta.url);
/** All published cases, those of them that the library is known to fail, and those that rules would take. */
const CASES = 2344;
const FAILURES = 399;
const ASKED = 388;

const registry = getTestRegistry();

interface Named {
  readonly section: string;
  readonly of: Case;
}
function casesOf(suite: Suite, above: readonly string[] = []): Named[] {
  const names = suite.name === "" ? above : [...above, suite.name];
  const own = suite.tests.map(({ original }) => ({ section: names.join("/"), of: original }));
  return [...own, ...suite.suites.flatMap((inner) => casesOf(inner, names))];
}
const cases = casesOf(getConformanceSuite());

function inputOf({ kind }: Value): CelInput {
  switch (kind.case) {
    case "nullValue":
      return null;
    case "uint64Value":
      return celUint(kind.value);
    case "enumValue":
      return BigInt(kind.value.value);
    case "listValue":
      return kind.value.values.map(inputOf);
    case "mapValue":
      return new Map(
        kind.value.entries.map(({ key, value }) => [inputOf(key as Value) as string, inputOf(value as Value)]),
      );
    default:
      return kind.value as CelInput;
  }
}

/** Exactly the published value: type and value. Messages are left to the library's own equality. */
function isValue(actual: CelResult, expected: Value): boolean {
  const { kind } = expected;
  switch (kind.case) {
    case "nullValue":
      return actual === null;
    case "uint64Value":
      return isCelUint(actual) && actual.value === kind.value;
    case "doubleValue":
      return typeof actual === "number" && (Object.is(actual, kind.value) || actual === kind.value);
    case "bytesValue":
      return actual instanceof Uint8Array && Buffer.compare(actual, kind.value) === 0;
    case "enumValue":
      return actual === BigInt(kind.value.value);
    case "typeValue":
      return isCelType(actual) && actual.name === kind.value;
    case "listValue": {
      const { values } = kind.value;
      return (
        isCelList(actual) &&
        actual.size === values.length &&
        values.every((value, at) => isValue(actual.get(at) ?? null, value))
      );
    }
    case "mapValue": {
      const { entries } = kind.value;
      if (!isCelMap(actual) || actual.size !== entries.length) return false;
      return entries.every(({ key, value }) => {
        const found = actual.get(inputOf(key as Value) as string);
        return found !== undefined && isValue(found, value as Value);
      });
    }
    case "objectValue": {
      const equal = plan(celEnv({ registry }), parse("a == b"));
      return !isCelError(actual) && equal({ a: actual as CelInput, b: kind.value as CelInput }) === true;
    }
    default:
      return actual === kind.value;
  }
}

/** Whether the library does as published; what asks for its checker is not asked. */
function passes(of: Case): boolean {
  const { resultMatcher: expected } = of;
  let actual: CelResult;
  try {
    const bindings = Object.entries(of.bindings).map(([name, { kind }]): [string, CelInput] => [
      name,
      kind.case === "value" ? inputOf(kind.value) : null,
    ]);
    const evaluate = plan(celEnv({ namespace: of.container, registry, funcs: strings }), parse(of.expr));
    actual = evaluate(Object.fromEntries(bindings));
  } catch {
    return expected.case === "evalError";
  }
  switch (expected.case) {
    case undefined:
      return actual === true;
    case "value":
      return isValue(actual, expected.value);
    case "typedResult":
      return expected.value.result !== undefined && isValue(actual, expected.value.result);
    default:
      return expected.case === "evalError" && isCelError(actual);
  }
}

describe("the published conformance cases of CEL", () => {
  test("pass, but for the failures that are known of the pinned library, which neither grow nor shrink", () => {
    const failing = new Map<string, string[]>();
    for (const { section, of } of cases) {
      if (of.checkOnly || passes(of)) continue;
      failing.set(section, [...(failing.get(section) ?? []), of.name]);
    }
    const found = Object.fromEntries([...failing].map(([section, names]) => [section, names.sort()]));
    if (process.env["CANONIC_UPDATE_CEL_FAILURES"] === "1") writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);

    expect(cases.length).toBe(CASES);
    expect([...failing.values()].flat().length).toBe(FAILURES);
    expect(found).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  test("pass without exception where rules would take the expression", () => {
    const programOf = openPrograms();
    let asked = 0;
    for (const { section, of } of cases) {
      if (Object.keys(of.bindings).length > 0 || of.checkOnly || of.container !== "") continue;
      const expression = parseExpression(of.expr);
      if (!("tree" in expression)) continue;
      const faults = checkExpression(expression, new Map());
      if (faults.some(({ expected }) => !expected.startsWith("bool, but "))) continue;
      asked += 1;
      expect(passes(of), `${section}: ${of.expr}`).toBe(true);
      if (faults.length > 0) continue;
      const { resultMatcher: matcher } = of;
      const given = matcher.case === "typedResult" ? matcher.value.result : matcher.value;
      const value = matcher.case === undefined ? true : given?.$typeName === "cel.expr.Value" ? given.kind.value : null;
      const truth = programOf(expression.tree)({ request: null, identity: null, service: null });
      expect(truth, `${section}: ${of.expr}`).toBe(value === true ? TRUE : value === false ? FALSE : UNKNOWN);
    }
    expect(asked).toBe(ASKED);
  });
});
