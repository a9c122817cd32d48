import type { RouteIdentity, RouteRequest, ServiceEntry } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRuleSet } from "../src/rules/compile.ts";
import { ruleConflicts } from "../src/rules/conflicts.ts";
import { RULE_SATISFIED } from "../src/rules/matcher.ts";
import { CONTRACT, entryOf, IDENTITY, REQUEST, ruleOf, ruleSetOf, snapshotOf } from "./rules-support.ts";

/** Requests and services of every kind that the atoms below can tell apart. */
const requests: (readonly [RouteRequest, RouteIdentity | null])[] = [];
for (const dataClass of ["public", "internal", "confidential", "restricted"] as const) {
  for (const serviceTrustMin of [0, 1, 2, 3]) {
    for (const budgetPicos of [null, 0, 4, 5, 6]) {
      for (const trust of [null, 0, 1, 2, 3]) {
        requests.push([
          { ...REQUEST, dataClass, serviceTrustMin, budgetPicos },
          trust === null ? null : { ...IDENTITY, trust },
        ]);
      }
    }
  }
}
const services: ServiceEntry[] = [];
for (const locality of [null, "on_device", "local", "region", "cloud"] as const) {
  for (const trust of [null, 0, 1, 2, 3]) {
    for (const traits of [
      {},
      { quick: true },
      { quick: false },
      { quick: 0 },
      { quick: 1 },
      { quick: 9 },
      { quick: "a" },
    ]) {
      for (const capabilities of [["chat"], ["chat", "tool"], ["tool"]]) {
        services.push(
          entryOf({
            capabilities,
            traits: traits as never,
            privacy: { ...CONTRACT.privacy, locality },
            security: { ...CONTRACT.security, trust: trust ?? 0 },
            assumed: trust === null ? ["/security/trust"] : [],
          }),
        );
      }
    }
  }
}
const snapshot = snapshotOf(services);

const number = fc.constantFrom(0, 1, 2, 3);
const order = fc.constantFrom("==", "!=", "<", "<=", ">", ">=");
const askedAtom = fc.oneof(
  fc
    .tuple(fc.constantFrom("==", "!="), fc.constantFrom("public", "restricted"))
    .map(([by, word]) => `request.dataClass ${by} "${word}"`),
  fc.constantFrom('request.dataClass in ["public", "internal"]', 'request.dataClass in ["internal", "restricted"]'),
  fc.tuple(order, number).map(([by, n]) => `request.serviceTrustMin ${by} ${n}`),
  fc.tuple(order, number).map(([by, n]) => `${n} ${by} identity.trust`),
  order.map((by) => `request.budgetPicos ${by} 5`),
  fc.constantFrom(
    "identity == null",
    "null != identity",
    "has(identity.trust)",
    "has(request.budgetPicos)",
    "true",
    "false",
  ),
);
const serviceAtom = fc.oneof(
  { weight: 1, arbitrary: askedAtom },
  {
    weight: 4,
    arbitrary: fc.oneof(
      fc
        .tuple(fc.constantFrom("==", "!="), fc.constantFrom("local", "cloud"))
        .map(([by, word]) => `service.privacy.locality ${by} "${word}"`),
      fc.constantFrom('service.privacy.locality in ["local", "region"]', "has(service.privacy.locality)"),
      fc.tuple(order, number).map(([by, n]) => `service.security.trust ${by} ${n}`),
      fc.constantFrom('"chat" in service.capabilities', "has(service.traits.quick)", '"quick" in service.traits'),
      fc.constantFrom(
        "service.traits.quick == true",
        "service.traits.quick == 1",
        "service.traits.quick < 5",
        'service.traits.quick == "a"',
      ),
    ),
  },
);
function formulaOver(atom: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const literal = fc.tuple(atom, fc.boolean()).map(([text, isNegated]) => (isNegated ? `!(${text})` : text));
  const clause = fc.array(literal, { minLength: 1, maxLength: 3 }).map((all) => `(${all.join(" && ")})`);
  return fc.array(clause, { minLength: 1, maxLength: 2 }).map((all) => all.join(" || "));
}
const anyRule = fc.tuple(
  formulaOver(askedAtom),
  fc.constantFrom("require" as const, "forbid" as const),
  formulaOver(serviceAtom),
);

describe("conflicts of rules", () => {
  test("are exactly those that trying every request with every service finds (F1)", () => {
    const seen = { "never-applies": 0, "never-passes": 0, contradiction: 0, none: 0 };
    fc.assert(
      fc.property(anyRule, anyRule, (first, second) => {
        const rules = ruleSetOf(ruleOf("a", ...first), ruleOf("b", ...second));
        const { conflicts, undecided, isComplete } = ruleConflicts(rules);
        const matcher = compileRuleSet(rules).bind(snapshot);
        const whens = compileRuleSet(
          ruleSetOf(ruleOf("a", first[0], "forbid", "true"), ruleOf("b", second[0], "forbid", "true")),
        ).bind(snapshotOf([services[0] as ServiceEntry]));
        const applied = [0, 0];
        const passed = [0, 0];
        let together = 0;
        for (const [request, identity] of requests) {
          const applies = whens.match(request, identity).map(({ answers }) => answers?.[0] === 1);
          const passes = matcher
            .match(request, identity)
            .map(({ answers }) => services.map((_, at) => (answers?.[at] ?? 0) === RULE_SATISFIED));
          for (const rule of [0, 1]) {
            if (!applies[rule]) continue;
            applied[rule] = (applied[rule] ?? 0) + 1;
            passed[rule] = (passed[rule] ?? 0) + Number(passes[rule]?.includes(true));
          }
          if (applies[0] && applies[1] && services.every((_, at) => !(passes[0]?.[at] && passes[1]?.[at])))
            together += 1;
        }

        expect(undecided).toEqual([]);
        expect(isComplete).toBe(true);
        const told = (kind: string) => conflicts.filter((one) => one.kind === kind).map((one) => one.rules.join());
        const idle = ["a", "b"].filter((_, rule) => applied[rule] === 0);
        const never = ["a", "b"].filter((_, rule) => applied[rule] !== 0 && passed[rule] === 0);
        expect(told("never-applies"), JSON.stringify(first)).toEqual(idle);
        expect(told("never-passes"), JSON.stringify([first, second])).toEqual(never);
        // A contradiction is looked for between rules that are sound alone, and found for whole alternatives of their `when`.
        const isSound = idle.length + never.length === 0;
        if (told("contradiction").length > 0)
          expect(isSound && together > 0, JSON.stringify([first, second])).toBe(true);
        seen["never-applies"] += idle.length;
        seen["never-passes"] += never.length;
        seen.contradiction += told("contradiction").length;
        seen.none += Number(conflicts.length === 0);
      }),
      { numRuns: 40 },
    );
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0);
  });

  test("name rules, fields and reason, and duplicates by shape and not by spelling", () => {
    const conflicts = ruleConflicts(
      ruleSetOf(
        ruleOf("close", 'request.dataClass == "restricted"', "require", 'service.privacy.locality == "local"'),
        ruleOf(
          "far",
          'request.dataClass in ["internal", "restricted"]',
          "forbid",
          'service.privacy.locality != "cloud"',
        ),
        ruleOf("idle", "request.serviceTrustMin > 3", "forbid", "true"),
        ruleOf("narrow", "true", "require", "service.security.trust < 1 && service.security.trust > 1"),
        ruleOf("same", 'request.dataClass   == "restricted"', "require", '(service.privacy.locality == "local")'),
        ruleOf("walk", "true", "require", 'service.capabilities.all(c, c != "x")'),
        ruleOf("walk-not", "true", "forbid", 'service.capabilities.all(c, c != "x")'),
      ),
    );

    const locality = ["service.privacy.locality"];
    const both = "both apply to some request, and then no service passes both";
    expect(conflicts).toEqual({
      conflicts: [
        { kind: "contradiction", rules: ["close", "far"], fields: locality, why: both },
        { kind: "contradiction", rules: ["far", "same"], fields: locality, why: both },
        { kind: "contradiction", rules: ["walk", "walk-not"], fields: [], why: both },
        {
          kind: "duplicate",
          rules: ["close", "same"],
          fields: [],
          why: "they have the same `when` and the same effect",
        },
        { kind: "never-applies", rules: ["idle"], fields: [], why: "no request and identity make `when` true" },
        {
          kind: "never-passes",
          rules: ["narrow"],
          fields: ["service.security.trust"],
          why: "no service passes it where it applies",
        },
      ],
      undecided: [
        { rule: "walk", field: "require" },
        { rule: "walk-not", field: "forbid" },
      ],
      isComplete: true,
    });
  });

  test("are found where a value of another type would have to be less and not less", () => {
    const kindsOf = (expression: string) =>
      ruleConflicts(ruleSetOf(ruleOf("a", "true", "require", expression))).conflicts.map(({ kind }) => kind);

    expect(kindsOf('!(service.traits.quick < 5) && service.traits.quick == "a"')).toEqual(["never-passes"]);
    expect(kindsOf("service.traits.quick < 5 && service.traits.quick == true")).toEqual(["never-passes"]);
    expect(kindsOf("!(service.traits.quick < 5) && service.traits.quick == 5")).toEqual([]);
  });

  test("are not claimed where a warning, an undecided `when` or another request can explain them", () => {
    const local = 'service.privacy.locality == "local"';
    const of = (when: string, other: string) =>
      ruleConflicts(ruleSetOf(ruleOf("a", when, "require", local), ruleOf("b", other, "forbid", local))).conflicts;

    expect(of('request.intent.matches("a+")', 'request.intent.matches("b+")')).toEqual([]);
    expect(of('request.dataClass == "public"', 'request.dataClass == "internal"')).toEqual([]);
    expect(of('!("x" in request.quantities)', 'request.quantities["x"] > 1')).toEqual([]);
    expect(of('request.intent.matches("a+")', 'request.intent.matches("a+")')).toMatchObject([
      { why: "no service passes both where their common `when` is true" },
    ]);
    const warning = { ...ruleOf("b", "true", "forbid", local), severity: "warn" as const };
    expect(ruleConflicts(ruleSetOf(ruleOf("a", "true", "require", local), warning)).conflicts).toEqual([]);
  });

  test("of 400 rules are found in bounded time", () => {
    const rules = Array.from({ length: 400 }, (_, at) =>
      ruleOf(
        `r${String(at).padStart(4, "0")}`,
        `request.serviceTrustMin == ${at % 4}`,
        at % 2 ? "require" : "forbid",
        `service.security.trust >= ${at % 3}`,
      ),
    );
    const from = performance.now();

    const { conflicts } = ruleConflicts(ruleSetOf(...rules));

    expect(conflicts.length).toBeGreaterThan(0);
    expect(performance.now() - from).toBeLessThan(20_000);
  });
});
