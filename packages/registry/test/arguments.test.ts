import { isContractsError, type JsonObject, type OperationContract } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkArguments, createRegistry } from "../src/index.ts";
import { contractOf, operationOf, thrownBy } from "./support.ts";

const input = {
  type: "object",
  properties: {
    amount: { type: "integer", minimum: 1 },
    note: { type: ["string", "null"] },
    place: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
  },
  required: ["amount", "place"],
  additionalProperties: false,
};
const contract = contractOf("demo.pay", "1.0.0", { input: input as unknown as OperationContract["input"] });
const kindsOf = (value: JsonObject) => checkArguments(contract, value).map(({ kind, pointer }) => `${pointer} ${kind}`);

test("accepts arguments without a fault", () => {
  expect(checkArguments(contract, { amount: 1, note: null, place: { city: "Cali" } })).toEqual([]);
});

test("reports missing, unexpected, wrong type and invalid, all at once, with pointers (A1)", () => {
  expect(kindsOf({ amount: "1", note: 2, place: { town: "Cali" }, "a/b": 1 })).toEqual(
    [
      "/amount wrong-type",
      "/a~1b unexpected",
      "/note wrong-type",
      "/place/city missing",
      "/place/town unexpected",
    ].sort(),
  );
  expect(kindsOf({ amount: 0 })).toEqual(["/amount invalid", "/place missing"]);
});

test("never repeats a value (A2)", () => {
  const secret = "correct-horse-battery";

  expect(JSON.stringify(checkArguments(contract, { amount: secret, note: 1, place: { city: 1 } }))).not.toContain(
    secret,
  );
});

test("counts only own properties: a name of Object.prototype is missing until it is given", () => {
  const own = contractOf("demo.own", "1.0.0", {
    input: {
      type: "object",
      properties: { toString: {} },
      required: ["toString"],
    } as unknown as OperationContract["input"],
  });

  expect(checkArguments(own, {})).toMatchObject([{ kind: "missing", pointer: "/toString" }]);
});

test("names each missing and unexpected argument, whatever characters its name has", () => {
  const names = fc.uniqueArray(
    fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== "__proto__"),
    {
      minLength: 2,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(names, fc.nat(), (all, cut) => {
      const half = cut % all.length;
      const [declared, given] = [all.slice(0, half), all.slice(half)];
      const schema = {
        type: "object",
        properties: Object.fromEntries(declared.map((name) => [name, {}])),
        required: declared,
        additionalProperties: false,
      };
      const faults = checkArguments(
        { input: schema as unknown as OperationContract["input"] },
        Object.fromEntries(given.map((name) => [name, 1])),
      );
      const pointer = (name: string) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const expected = [
        ...declared.map((name) => `missing ${pointer(name)}`),
        ...given.map((name) => `unexpected ${pointer(name)}`),
      ];

      expect(faults.map((fault) => `${fault.kind} ${fault.pointer}`).sort()).toEqual(expected.sort());
    }),
    { numRuns: 60 },
  );
});

test("an argument name that the checker cuts short is reported at the object that holds it", () => {
  expect(kindsOf({ amount: 1, place: { city: "Cali" }, ["x".repeat(200)]: 1 })).toEqual([" unexpected"]);
});

test("refuses to compile what is no schema", () => {
  const error = thrownBy(() => checkArguments({ input: { type: "nonsense" } }, {}));

  expect(isContractsError(error) && error.code).toBe("contracts.bad-schema");
});

test("a registered operation carries its compiled check", () => {
  const registry = createRegistry();
  registry.register(operationOf("demo.pay", "1.0.0", { input: contract.input }));
  registry.route("demo/payment", "demo.pay", "1.0.0");

  const { checkArguments: check } = registry.freeze(["demo/payment"]).resolve("demo.pay", "1.0.0");

  expect(check({})).toEqual(checkArguments(contract, {}));
});
