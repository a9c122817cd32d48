/**
 * Rules as a person writes them: `require` or `forbid` beside an id; a rule without `when` always applies.
 *
 * @see docs/routing-rules.md
 * @module
 */
import { compileRuleSet, isCaioError } from "@canonic/caio";
import { Rule, RuleSet } from "@canonic/contracts";
import { z } from "zod";
import { documentInvalid } from "../request/shape-faults.ts";
import { readWritten } from "./written-document.ts";

const { id, description, when, effect, severity } = Rule.shape;

const WrittenRule = z
  .strictObject({
    id,
    description: description.default(""),
    when: when.default("true"),
    require: when.exactOptional(),
    forbid: when.exactOptional(),
    effect: effect.exactOptional(),
    severity: severity.default("refuse"),
  })
  .refine((rule) => [rule.require, rule.forbid, rule.effect].filter((one) => one !== undefined).length === 1, {
    message: "expected `require` or `forbid`, and not both",
  });

/** In any order; the digest is that of the sorted set. */
const WrittenRules = z.strictObject({
  schema: RuleSet.shape.schema.default("canonic/rule-set/v1"),
  rules: z.array(WrittenRule).max(10_000),
});

/**
 * Reads a rule file and compiles it once, so that every fault is told at its place in the file.
 *
 * @throws {OrchestratorError} `orchestrator.document-invalid` for the shape, an id that is there twice, and what no expression may be.
 */
export function readRuleFile(bytes: Uint8Array, name: string): RuleSet {
  const { value, document } = readWritten(WrittenRules, bytes, name, "rule set");
  const places = new Map<string, number>();
  const twice = value.rules.flatMap((rule, index) => {
    const first = places.get(rule.id);
    places.set(rule.id, first ?? index);
    return first === undefined ? [] : [document.faultAt(`/rules/${index}/id`, `rule \`${rule.id}\` is there twice`)];
  });
  if (twice.length > 0) throw documentInvalid(name, "rule set", twice);
  const rules = value.rules.map(toRule).sort((a, b) => (a.id < b.id ? -1 : 1));
  const ruleSet = { schema: value.schema, rules };
  try {
    compileRuleSet(ruleSet);
  } catch (error) {
    if (!isCaioError(error) || error.code !== "caio.rule-invalid") throw error;
    const faults = error.details.faults.map(({ rule, field, line, column, expected }) => {
      const place = `/rules/${places.get(rule) ?? 0}/${field}`;
      return document.faultAt(
        place,
        `rule \`${rule}\`: ${field} is not ${expected} (line ${line}, column ${column} of the expression)`,
      );
    });
    throw documentInvalid(name, "rule set", faults);
  }
  return ruleSet;
}

function toRule({ require, forbid, effect: whole, ...rule }: z.infer<typeof WrittenRule>): Rule {
  if (whole !== undefined) return { ...rule, effect: whole };
  return require !== undefined
    ? { ...rule, effect: { kind: "require", expression: require } }
    : { ...rule, effect: { kind: "forbid", expression: forbid as string } };
}
