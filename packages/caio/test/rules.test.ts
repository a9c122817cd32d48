import { type CelInput, type CelResult, celEnv, parse, plan } from "@bufbuild/cel";
import type { RouteIdentity, RouteRequest, Rule, ServiceEntry } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCaioError } from "../src/errors.ts";
import { compileRuleSet, compileRules } from "../src/rules/compile.ts";
import { RULE_SATISFIED, RULE_UNKNOWN, RULE_VIOLATED } from "../src/rules/matcher.ts";
import { identityView, requestView, serviceView } from "../src/rules/view.ts";
import {
  anyEffect,
  anyEntry,
  anyIdentity,
  anyRequest,
  anyWhen,
  CONTRACT,
  entryOf,
  IDENTITY,
  REQUEST,
  ruleOf,
  ruleSetOf,
  snapshotOf,
} from "./rules-support.ts";

/** The value of a view as CEL takes it: whole numbers are ints. */
function inCel(value: unknown): CelInput {
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return value.map(inCel);
  if (typeof value !== "object" || value === null) return value as CelInput;
  return new Map(Object.entries(value).map(([name, field]) => [name, inCel(field)]));
}

const env = celEnv();
const plans = new Map<string, (bindings: Record<string, CelInput>) => CelResult>();

function run(text: string, bindings: Record<string, CelInput>): CelResult {
  const planned = plans.get(text) ?? plan(env, parse(text));
  plans.set(text, planned);
  return planned(bindings);
}

/** The specification's section 3, one rule, one service, nothing remembered. */
function naive(rule: Rule, request: RouteRequest, identity: RouteIdentity | null, entry: ServiceEntry): number {
  const asked = { request: inCel(requestView(request)), identity: inCel(identityView(identity)) };
  const applies = run(rule.when, asked);
  if (applies === false) return RULE_SATISFIED;
  if (applies !== true) return RULE_UNKNOWN;
  const holds = run(rule.effect.expression, { ...asked, service: inCel(serviceView(entry)) });
  if (typeof holds !== "boolean") return RULE_UNKNOWN;
  return holds === (rule.effect.kind === "require") ? RULE_SATISFIED : RULE_VIOLATED;
}

function faultsOf(make: () => unknown) {
  try {
    make();
  } catch (error) {
    if (isCaioError(error) && error.code === "caio.rule-invalid") return error.details.faults;
    throw error;
  }
  return [];
}

function answersOf(
  rule: Rule,
  entries: readonly ServiceEntry[],
  request = REQUEST,
  identity: RouteIdentity | null = IDENTITY,
) {
  const [found] = compileRules(ruleSetOf(rule), snapshotOf(entries)).match(request, identity);
  return found?.answers === null ? entries.map(() => RULE_SATISFIED) : [...(found?.answers ?? [])];
}

describe("the answers of compiled rules", () => {
  test("are those of evaluating every rule for every service and request apart (R2)", () => {
    const seen = { pairs: 0, answers: [0, 0, 0], refused: 0 };
    const rules = fc.array(fc.tuple(anyWhen, fc.constantFrom("require" as const, "forbid" as const), anyEffect), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        rules,
        fc.array(anyEntry, { maxLength: 5 }),
        fc.array(fc.tuple(anyRequest, anyIdentity), { minLength: 1, maxLength: 4 }),
        (texts, entries, questions) => {
          const all = texts.map(([when, kind, effect], index) => ruleOf(`r${index}`, when, kind, effect));
          const sound = all.filter((rule) => faultsOf(() => compileRuleSet(ruleSetOf(rule))).length === 0);
          seen.refused += all.length - sound.length;
          const matcher = compileRules(ruleSetOf(...sound), snapshotOf(entries));

          for (const [request, identity] of [...questions, ...questions]) {
            const found = matcher.match(request, identity);
            expect(found.map(({ rule }) => rule.id)).toEqual(sound.map(({ id }) => id));
            for (const { rule, answers } of found) {
              const expected = entries.map((entry) => naive(rule, request, identity, entry));
              expect(
                [...(answers ?? entries.map(() => RULE_SATISFIED))],
                `${rule.when} -> ${rule.effect.expression}`,
              ).toEqual(expected);
              seen.pairs += expected.length;
              for (const answer of expected) seen.answers[answer] = (seen.answers[answer] ?? 0) + 1;
            }
          }
        },
      ),
      { numRuns: 120 },
    );
    expect(seen.pairs).toBeGreaterThan(1000);
    expect(Math.min(...seen.answers)).toBeGreaterThan(100);
  });

  test("are the same for a snapshot that follows another as for one that comes first (X3)", () => {
    const rules = fc.array(fc.tuple(fc.constantFrom("require" as const, "forbid" as const), anyEffect), {
      minLength: 1,
      maxLength: 3,
    });
    const steps = fc.array(fc.tuple(fc.nat(), fc.option(anyEntry), fc.boolean()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        rules,
        fc.array(anyEntry, { minLength: 5, maxLength: 9 }),
        steps,
        anyRequest,
        (texts, first, changes, request) => {
          const all = texts.map(([kind, effect], index) => ruleOf(`r${index}`, "true", kind, effect));
          const sound = ruleSetOf(
            ...all.filter((rule) => faultsOf(() => compileRuleSet(ruleSetOf(rule))).length === 0),
          );
          const following = compileRuleSet(sound);
          following.bind(snapshotOf(first)).match(request, IDENTITY);
          let entries = first;
          for (const [at, entry, isAsked] of changes) {
            const place = at % entries.length;
            entries =
              entry === null ? [...entries.slice(place), ...entries.slice(0, place)] : entries.with(place, entry);
            const bound = following.bind(snapshotOf(entries));
            if (isAsked)
              expect(bound.match(request, null)).toEqual(compileRules(sound, snapshotOf(entries)).match(request, null));
          }

          const last = following.bind(snapshotOf(entries)).match(request, IDENTITY);
          expect(last).toEqual(compileRules(sound, snapshotOf(entries)).match(request, IDENTITY));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("tell apart what is false, what is not stated and what was assumed", () => {
    const entries = [
      entryOf({ privacy: { ...CONTRACT.privacy, locality: "local", regions: ["eu"] } }),
      entryOf({ privacy: { ...CONTRACT.privacy, locality: "cloud" } }),
      entryOf({}),
      entryOf({ privacy: { ...CONTRACT.privacy, locality: "local", regions: ["eu"] }, assumed: ["/privacy"] }),
    ];

    expect(answersOf(ruleOf("a", "true", "require", 'service.privacy.locality == "local"'), entries)).toEqual([
      0, 1, 2, 2,
    ]);
    expect(answersOf(ruleOf("a", "true", "forbid", 'service.privacy.locality == "cloud"'), entries)).toEqual([
      0, 1, 2, 2,
    ]);
    expect(answersOf(ruleOf("a", "true", "require", "has(service.privacy.locality)"), entries)).toEqual([0, 0, 1, 2]);
    expect(answersOf(ruleOf("a", "true", "forbid", '!("eu" in service.privacy.regions)'), entries)).toEqual([
      0, 2, 2, 2,
    ]);
    expect(answersOf(ruleOf("a", "true", "require", "service.privacy.regions.all(r, false)"), entries)).toEqual([
      1, 2, 2, 2,
    ]);
  });

  test("are unknown for every service where `when` errs, and satisfied where it is false", () => {
    const entries = [entryOf({}), entryOf({ service: "b/two" as never })];

    expect(answersOf(ruleOf("a", "identity.trust > 1", "forbid", "true"), entries, REQUEST, null)).toEqual([2, 2]);
    expect(
      answersOf(ruleOf("a", "identity != null && identity.trust > 1", "forbid", "true"), entries, REQUEST, null),
    ).toEqual([0, 0]);
    expect(answersOf(ruleOf("a", "identity != null && identity.trust > 1", "forbid", "true"), entries)).toEqual([1, 1]);
    expect(answersOf(ruleOf("a", "1 / request.serviceTrustMin > 0", "forbid", "false"), entries)).toEqual([2, 2]);
  });

  test("do not hang on which token was shown", () => {
    expect(faultsOf(() => compileRuleSet(ruleSetOf(ruleOf("a", 'identity.token == "x"', "forbid", "true"))))).toEqual([
      { rule: "a", field: "when", line: 1, column: 9, expected: "a field of identity" },
    ]);
  });

  test("are one object for equal readings, and null where all are satisfied", () => {
    const entries = [entryOf({}), entryOf({ service: "b/two" as never })];
    const rules = ruleSetOf(
      ruleOf("a", "true", "require", 'service.id in ["acme/one", request.dataClass]'),
      ruleOf("b", "true", "require", "service.security.trust == 1"),
    );
    const matcher = compileRules(rules, snapshotOf(entries));

    const [first, second] = matcher.match(REQUEST, null);
    const [again] = matcher.match({ ...REQUEST, intent: "other words" }, IDENTITY);

    expect([...(first?.answers ?? [])]).toEqual([RULE_SATISFIED, RULE_VIOLATED]);
    expect(second?.answers).toBeNull();
    expect(again?.answers).toBe(first?.answers);
  });
});

describe("a rule set", () => {
  test("is refused with every fault of every rule at its place", () => {
    const rules = ruleSetOf(
      ruleOf("a", "request.dataclass == 'public'", "require", "service.security.trust > 'x' ||\n service.nope"),
      ruleOf("b", "service.id == 'x'", "forbid", "1 +"),
      ruleOf("c", "true", "require", "size(service.capabilities)"),
      ruleOf("c", "now() > 1", "require", "true"),
    );

    expect(faultsOf(() => compileRuleSet(rules))).toEqual([
      { rule: "a", field: "when", line: 1, column: 8, expected: "a field of request" },
      { rule: "a", field: "require", line: 1, column: 26, expected: "int, but string" },
      { rule: "a", field: "require", line: 2, column: 9, expected: "a field of service" },
      { rule: "b", field: "when", line: 1, column: 1, expected: "a variable of this expression" },
      { rule: "b", field: "forbid", line: 1, column: 3, expected: "an expression of CEL" },
      { rule: "c", field: "require", line: 1, column: 1, expected: "bool, but int" },
      { rule: "c", field: "when", line: 1, column: 1, expected: "behind the rule before it, by id" },
      { rule: "c", field: "when", line: 1, column: 1, expected: "a function that rules have" },
    ]);
  });

  const refused: readonly (readonly [string, string])[] = [
    ["timestamp('2026-01-01T00:00:00Z').getFullYear() > 1", "a function that rules have"],
    ["service.description.matches(service.name)", "a literal pattern of RE2"],
    ["service.description.matches('(?=a)b')", "a literal pattern of RE2"],
    ["service.description.matches('(a{1000}){1000}')", "a literal pattern of RE2"],
    ["service.description.matches('(a|b)*a(a|b){900}c')", "done in 1000000 steps"],
    ["1.5 < 2.0", "a text, a whole number, a truth value or null"],
    ["1u == 1u", "a text, a whole number, a truth value or null"],
    ["b'x' == b'x'", "a text, a whole number, a truth value or null"],
    ["9223372036854775808 > 0", "a number of 64 bits"],
    ["service == service", "a value that can be compared, but service"],
    ["service.privacy == null", "a value that can be compared, but privacy"],
    ["service.privacy.locality == null", "a value that can be compared, but null"],
    ["service.privacy.locality == 'orbit'", "one of on_device, local, region, cloud"],
    ["service.traits.all(t, true)", "a list, but map to any"],
    ["service.capabilities.all(service, true)", "a macro whose variable has a name of its own"],
    ["service.capabilities.all(c, c > 1)", "string, but int"],
    ["1 in service.capabilities", "string, but int"],
    ["[1, 'a'].exists(x, x == 1)", "int, as the elements before it"],
    ["{1: 'a'}[1] == 'a'", "a literal text as the key of a map"],
    ["{'a': 1, 'a': 2}['a'] == 1", "a map with each key once"],
    ["google.protobuf.Duration{seconds: 1} == null", "a map, for there are no messages"],
    ["type(1) == int", "a function that rules have"],
    ["dyn(1) == 1", "a function that rules have"],
    ["(true ? 1 : 'a') == 1", "int, as the branch before it"],
    ["service.capabilities.map(c, service.capabilities.map(d, c + d)).size() > 3", "done in 1000000 steps"],
    [`${"(".repeat(33)}true${")".repeat(33)}`, "nested at most 32 deep"],
    [`${"(".repeat(2000)}true${")".repeat(2000)}`, "nested at most 32 deep"],
    [`${"true ? true : ".repeat(250)}true`, "a tree of at most 64 levels"],
    [`[${"1,".repeat(1100)}1].exists(x, x == 2)`, "a tree of at most 1024 nodes"],
  ];
  test.each(refused.map(([expression, expected]) => [expression.slice(0, 80), expected, expression] as const))(
    "is refused for `%s`",
    (_, expected, expression) => {
      const faults = faultsOf(() => compileRuleSet(ruleSetOf(ruleOf("a", "true", "require", expression))));

      expect(
        faults.some((fault) => fault.expected.startsWith(expected)),
        JSON.stringify(faults),
      ).toBe(true);
    },
  );

  test("takes patterns that are long only when written out, where the text is short enough", () => {
    const uuid = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
    const expression = `service.description.matches("${uuid}") || service.id.matches("^acme/(v[0-9]{1,3}|x){1,4}$")`;

    expect(faultsOf(() => compileRuleSet(ruleSetOf(ruleOf("a", "true", "forbid", expression))))).toEqual([]);
  });

  test("refuses patterns that take long to compile without compiling them", () => {
    const rules = Array.from({ length: 100 }, (_, at) =>
      ruleOf(
        `a${String(at).padStart(2, "0")}`,
        "true",
        "forbid",
        `service.name.matches("${"x{1000}".repeat(575)}${at}")`,
      ),
    );
    const from = performance.now();

    const faults = faultsOf(() => compileRuleSet(ruleSetOf(...rules)));

    expect(faults.map(({ expected }) => expected.slice(0, 35))).toEqual(
      rules.map(() => "a pattern of 65536 parts, but of 57"),
    );
    // Compiled, each of them takes more than a second.
    expect(performance.now() - from).toBeLessThan(5000);
  });

  test("takes brackets within quoted text, in every kind of quotes, for text", () => {
    const brackets = "([{".repeat(20);
    for (const text of [
      `"${brackets}"`,
      `'${brackets}'`,
      `"""${brackets}"" """`,
      `r"${brackets}"`,
      `"\\"${brackets}"`,
    ]) {
      expect(
        faultsOf(() => compileRuleSet(ruleSetOf(ruleOf("a", "true", "forbid", `service.name == ${text}`)))),
      ).toEqual([]);
    }
  });

  test("never repeats words of the library or of the rule", () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 60 }),
      anyEffect.chain((text) => fc.nat(text.length).map((at) => `${text.slice(0, at)} secret ${text.slice(at)}`)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const faults = faultsOf(() => compileRuleSet(ruleSetOf(ruleOf("a", "true", "forbid", text))));
        expect(JSON.stringify(faults)).not.toMatch(/secret|overload|undeclared|syntax|<input>/);
      }),
      { numRuns: 200 },
    );
  });

  test("matches a pattern that others need exponential time for in linear time", () => {
    const entries = [entryOf({ description: `${"a".repeat(50_000)}b` }), entryOf({ description: "a".repeat(50_000) })];
    const from = performance.now();

    const found = answersOf(ruleOf("a", "true", "forbid", "service.description.matches('(a+)+$')"), entries);

    expect(found).toEqual([RULE_SATISFIED, RULE_VIOLATED]);
    expect(performance.now() - from).toBeLessThan(5000);
  });
});
