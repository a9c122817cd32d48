/**
 * Schemas that a keeper puts into a contract to stall whoever verifies. Contract, registry and plan agree about it, and a task's
 * parameters hold the value that makes it slow; each is judged like every other attack.
 *
 * @module
 */
import { canonicalJson, digestJson, type JsonObject, type JsonValue } from "@canonic/contracts";
import { type Bundle, resealed } from "../tamper/bundle-copy.ts";
import type { BundleAttack } from "./bundle-attacks.ts";
import { type Evidence, textOf, withJson, withLines } from "./struck-bundle.ts";

const LONG = `${"a".repeat(50_000)}!`;

/** The first task's contract asks `schema` of its input, and the task has the parameter `evil`. */
function planted({ bundle }: Evidence, schema: JsonObject, evil: JsonValue): Bundle {
  const { contract: old } = JSON.parse(textOf(bundle, "plan.json")).tasks[0];
  const asked = (contract: JsonObject) => (digestJson(contract) === old ? { ...contract, input: schema } : contract);
  const contracted = withLines(bundle, "contracts.jsonl", (lines) =>
    lines.map((line) => canonicalJson(asked(JSON.parse(line)))),
  );
  const registered = withJson(contracted, "registry.json", (registry) => {
    registry.operations = registry.operations.map(asked);
  });
  const digests = textOf(contracted, "contracts.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => digestJson(JSON.parse(line)));
  return withJson(registered, "plan.json", (plan) => {
    const [replaced] = digests.filter((digest) => !textOf(bundle, "plan.json").includes(digest));
    for (const one of plan.tasks) if (one.contract === old) one.contract = replaced;
    plan.tasks[0].parameters = { ...plan.tasks[0].parameters, evil };
  });
}

const attack = (
  name: string,
  code: string,
  evil: JsonObject,
  value: JsonValue,
  $defs: JsonObject = {},
): BundleAttack => {
  const schema: JsonObject = { type: "object", properties: { evil }, $defs };
  return {
    name: `a contract with ${name}`,
    by: "keeper",
    code,
    how: (evidence) => resealed(planted(evidence, schema, value), evidence.signer),
  };
};

const text = (pattern: string): JsonObject => ({ type: "string", pattern });

/** Each definition looks at the next one's value twice. */
const doubledBelow: JsonObject = Object.fromEntries(
  Array.from({ length: 60 }, (_, level) => {
    const next: JsonObject =
      level === 59 ? { type: "string" } : { type: "object", properties: { a: { $ref: `#/$defs/d${level + 1}` } } };
    return [`d${level}`, { anyOf: [next, next] }];
  }),
);
const doubledHere: JsonObject = Object.fromEntries(
  Array.from({ length: 40 }, (_, level) => {
    const next: JsonObject = level === 39 ? { type: "string" } : { $ref: `#/$defs/d${level + 1}` };
    return [`d${level}`, { anyOf: [next, next] }];
  }),
);

function nested(levels: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

export const schemaAttacks: readonly BundleAttack[] = [
  attack("a pattern that is exponential for a backtracker", "input-invalid", text("^(a+)+$"), LONG),
  attack("a pattern of alternatives that are the same", "input-invalid", text("^(a|a|aa)*$"), LONG),
  attack("a pattern whose automaton explodes", "input-invalid", text("(a|b)*a(a|b){1500}c"), "ab".repeat(100_000)),
  attack("a pattern with lookahead", "contract-malformed", text("^(?=(a+)+$)a"), LONG),
  attack("a pattern that repeats repetitions", "contract-malformed", text("^(a{1,1000}){1,1000}$"), LONG),
  attack(
    "names that a pattern asks for",
    "input-invalid",
    { type: "object", propertyNames: text("^(a+)+$") },
    { [LONG]: 1 },
  ),
  attack(
    "unique items that are twenty thousand objects",
    "input-invalid",
    { type: "array", uniqueItems: true },
    Array.from({ length: 20_000 }, (_, at) => ({ at: Math.max(at, 1) })),
  ),
  attack("references that double", "contract-malformed", { $ref: "#/$defs/d0" }, 1, doubledHere),
  attack("references that double with each level", "input-invalid", { $ref: "#/$defs/d0" }, nested(60), doubledBelow),
  attack("recursion that doubles", "contract-malformed", { $ref: "#/$defs/twice" }, nested(200), {
    twice: {
      anyOf: [
        { type: "object", properties: { a: { $ref: "#/$defs/twice" } } },
        { type: "object", properties: { a: { $ref: "#/$defs/twice" } } },
      ],
    },
  }),
  attack("a schema that is itself", "contract-malformed", { $ref: "#/$defs/self" }, 1, {
    self: { $ref: "#/$defs/self" },
  }),
  attack(
    "ten thousand alternatives",
    "contract-malformed",
    { oneOf: Array.from({ length: 10_000 }, (_, at) => ({ const: at })) },
    -1,
  ),
  attack(
    "a list of which one item must be any of ten thousand",
    "input-invalid",
    { type: "array", contains: { enum: Array.from({ length: 10_000 }, (_, at) => ({ at })) } },
    Array.from({ length: 20_000 }, () => ({ at: -1 })),
  ),
];
