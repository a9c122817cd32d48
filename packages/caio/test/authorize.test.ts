import { readFileSync } from "node:fs";
import type { AuthorizationTable, DataClass, RouteIdentity, ServiceSnapshot } from "@canonic/contracts";
import { AuthorizationTable as AuthorizationTableSchema, digestJson, policyTextFault } from "@canonic/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openRoutePolicies, type RoutePolicies } from "../src/authorize/policies.ts";
import { authorizationTableOf, securityProfileOf } from "../src/authorize/table.ts";
import { isCaioError } from "../src/errors.ts";
import { anyEntry, anyIdentity, CONTRACT, entryOf, IDENTITY, snapshotOf } from "./rules-support.ts";

const source = {
  name: "own.cedar",
  text: `
@id("readers") permit (principal is User, action, resource) when { context.permissions.contains("models.read") };
@id("public") permit (principal, action, resource) when { context.dataClass == "public" };
@id("close") forbid (principal, action, resource)
when { context.dataClass == "restricted" }
unless { resource has locality && (resource.locality == "local" || resource.locality == "on_device") };
@id("trusted") forbid (principal, action, resource) when { context.trust < 2 && resource has trust && resource.trust < 2 };
@id("overflowing") forbid (principal, action, resource)
when { resource has retentionDays && resource.retentionDays * 9223372036854775807 < 0 };
`,
};
const policies = await openRoutePolicies([source]);

/** Counts what is asked. */
function counted(of: RoutePolicies) {
  const asked: string[] = [];
  const counting: RoutePolicies = {
    ...of,
    decide(question) {
      asked.push(JSON.stringify(question.profile));
      return of.decide(question);
    },
  };
  return { asked, counting };
}

/** One question for each service, written from the attributes of the contract. */
function naive(identity: RouteIdentity | null, dataClass: DataClass, { services }: ServiceSnapshot) {
  return services.flatMap(({ contract, state }): AuthorizationTable["refused"] => {
    const isAssumed = (...pointers: string[]) => contract.assumed.some((one) => one === "" || pointers.includes(one));
    const { locality, retentionDays } = contract.privacy;
    const trust = isAssumed("/security") ? null : contract.security.trust;
    const close = !isAssumed("/privacy") && (locality === "local" || locality === "on_device");
    if (!isAssumed("/privacy") && (retentionDays ?? 0) > 1)
      return [{ service: contract.service, version: contract.version, policies: ["overflowing"] }];
    const forbidding = [
      ...(dataClass === "restricted" && !close ? ["close"] : []),
      ...((identity?.trust ?? 0) < 2 && trust !== null && trust < 2 ? ["trusted"] : []),
    ];
    const isPermitted = identity?.permissions.includes("models.read") || dataClass === "public";
    if (isPermitted && forbidding.length === 0) return [];
    expect(state).toMatch(/active|probation/);
    return [{ service: contract.service, version: contract.version, policies: forbidding }];
  });
}

describe("an authorization table", () => {
  test("is that of asking for every service, and asks once for each distinct profile (Z1)", () => {
    let cases = 0;
    fc.assert(
      fc.property(
        fc.array(anyEntry, { minLength: 3, maxLength: 12 }),
        anyIdentity,
        fc.constantFrom("public" as const, "internal" as const, "restricted" as const),
        (entries, identity, dataClass) => {
          const snapshot = snapshotOf(entries);
          const { asked, counting } = counted(policies);

          const table = authorizationTableOf(counting, identity, dataClass, snapshot);

          const distinct = new Set(entries.map((entry) => JSON.stringify(securityProfileOf(entry))));
          expect(asked.length).toBe(distinct.size);
          expect(table.profiles).toBe(distinct.size);
          expect(table.refused).toEqual(naive(identity, dataClass, snapshot));
          expect(table.identity).toBe(identity === null ? null : digestJson(identity));
          expect(AuthorizationTableSchema.safeParse(table).success).toBe(true);
          cases += entries.length;
        },
      ),
      { numRuns: 160 },
    );
    expect(cases).toBeGreaterThan(1000);
  });

  test("asks twenty times for 3,000 services of twenty profiles", () => {
    const entries = Array.from({ length: 3000 }, (_, index) =>
      entryOf({
        service: `acme/s${index}` as never,
        name: `Service ${index}`,
        security: { ...CONTRACT.security, trust: index % 4 },
        privacy: { ...CONTRACT.privacy, retentionDays: index % 5 === 0 ? null : index % 5 },
      }),
    );
    const { asked, counting } = counted(policies);

    const table = authorizationTableOf(counting, IDENTITY, "internal", snapshotOf(entries));

    expect(asked.length).toBe(20);
    expect(table.profiles).toBe(20);
  });

  test("does not hang on the order of fields or of regions", () => {
    const { locality, ...others } = CONTRACT.privacy;
    const one = entryOf({ privacy: { ...others, regions: ["eu", "us"], locality } });
    const two = entryOf({ version: "1.0.1", privacy: { locality, ...others, regions: ["us", "eu"] } });

    expect(authorizationTableOf(policies, IDENTITY, "public", snapshotOf([one, two])).profiles).toBe(1);
  });

  test("refuses whom an erring policy concerns, by its name (Y1)", () => {
    const entries = [entryOf({ privacy: { ...CONTRACT.privacy, retentionDays: 30 } }), entryOf({ version: "1.0.1" })];

    expect(authorizationTableOf(policies, IDENTITY, "public", snapshotOf(entries)).refused).toEqual([
      { service: "acme/one", version: "1.0.0", policies: ["overflowing"] },
    ]);
  });
});

describe("policies", () => {
  test.each([
    ["no Cedar", "permit (", "Cedar", 1],
    ["no id", "permit (principal, action, resource);", 'named by an annotation `@id("…")`', 1],
    [
      "one service in the scope",
      '@id("a") permit (principal, action, resource == Service::"x");',
      "one that speaks of attributes, and of no single service",
      1,
    ],
    [
      "one service in a condition",
      '@id("a") permit (principal, action, resource);\n@id("b") forbid (principal, action, resource) when { resource == Service::"x" };',
      "one that speaks of attributes, and of no single service",
      2,
    ],
    [
      "an attribute that nobody declared",
      '@id("a") permit (principal, action, resource) when { resource.nope };',
      "one that the schema lets apply",
      1,
    ],
    [
      "an optional attribute without asking for it",
      '@id("a") forbid (principal, action, resource) when { resource.locality == "cloud" };',
      "one that the schema lets apply",
      1,
    ],
    ["no policy", "", "there: nothing would be permitted", null],
  ] as const)("with %s are refused, with their place", async (_, text, fault, line) => {
    const error = await openRoutePolicies([{ name: "own.cedar", text }]).catch((thrown: unknown) => thrown);

    expect(isCaioError(error) && error.code === "caio.policy-invalid" ? error.details : error).toMatchObject({
      fault,
      line,
    });
  });

  test("load the engine when they are opened, and not before (Y2)", () => {
    for (const file of ["policies", "policy-source", "table"]) {
      const text = readFileSync(new URL(`../src/authorize/${file}.ts`, import.meta.url), "utf8");
      expect(text.match(/^import (?!type).*cedar/gm)).toBeNull();
    }
  });
});

describe("a policy that would exhaust the engine", () => {
  const policyOf = (condition: string) => `@id("a") permit (principal, action, resource) when { ${condition} };`;
  const many = (text: string) => text.repeat(5000);
  const exhausting = {
    brackets: `${many("(")}true${many(")")}`,
    sets: `${many("[")}1${many("]")}.isEmpty()`,
    records: `${many('{"a":')}1${many("}")}.a == 1`,
    conjunctions: `true${many(" && true")}`,
    disjunctions: `false${many(" || false")}`,
    sums: `1${many(" + 0")} > 0`,
    products: `1${many(" * 1")} > 0`,
    accesses: `context${many(".a")} == 1`,
    indices: `context${many('["a"]')} == 1`,
    negations: `${many("!")}true`,
    conditions: `${many("if true then true else ")}true`,
    "brackets behind a text and a comment": `"\\"" == "(" // "\n && ${many("(")}true${many(")")}`,
    "brackets behind brackets that close nothing": `true${many(")")} || ${many("(")}true${many(")")}`,
  };

  test.each(Object.entries(exhausting))("of %s is refused, and the engine still answers", async (_, condition) => {
    const error = await openRoutePolicies([{ name: "x", text: policyOf(condition) }]).catch(
      (thrown: unknown) => thrown,
    );

    expect(isCaioError(error) && error.code === "caio.policy-invalid" && error.details.fault).toBe(
      "nested at most 32 deep, with at most 256 operators in a policy",
    );
    expect((await openRoutePolicies([source])).ids).toEqual(policies.ids);
  });

  test("is told from many policies, and from texts and comments that hold as much", async () => {
    const quoted = many("(&&.!").slice(0, 20_000);
    const texts = [
      Array.from({ length: 300 }, (_, at) => policyOf("!(context.trust < 2)").replace('"a"', `"a${at}"`)).join("\n"),
      `// ${quoted}\n${policyOf(`context.dataClass == "${quoted}"`)}`,
      policyOf(`true${" && true".repeat(250)}`),
      policyOf(`${"(".repeat(30)}true${")".repeat(30)}`),
    ];

    for (const text of texts) {
      expect(policyTextFault(text)).toBeNull();
      expect((await openRoutePolicies([{ name: "x", text }])).ids.length).toBeGreaterThan(0);
    }
  });
});
