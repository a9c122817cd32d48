import type { JsonObject, PermissionExpression, ServiceContract } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { requirementsOf } from "../../src/export/openapi-security.ts";
import { permissionOf } from "../../src/import/permissions.ts";
import { exportOpenApi, importOpenApi, meets } from "../../src/index.ts";
import { anyService, httpService, NAMES, permission } from "./generated.ts";

const INFO = { title: "Services", version: "1.0.0", server: "https://gateway.example" };
const distinct = (services: fc.Arbitrary<ServiceContract>) =>
  fc.uniqueArray(services, { selector: ({ service, version }) => `${service}@${version}`, maxLength: 6 });

/** What a document of OpenAPI carries of a contract. */
function carried({
  service,
  version,
  name,
  description,
  capabilities,
  api,
  security,
  input,
  output,
  effect,
}: ServiceContract) {
  return { service, version, name, description, capabilities, api, security, input, output, effect };
}

test("reads every HTTP service back as it was exported (E2)", () => {
  let read = 0;

  fc.assert(
    fc.property(distinct(httpService), (contracts) => {
      const { document, left } = exportOpenApi(contracts, INFO);
      const { contracts: again, quarantined } = importOpenApi(document, "openapi.json");
      const gone = new Set(left.map(({ service, version }) => `${service}@${version}`));
      const kept = contracts.filter(({ service, version }) => !gone.has(`${service}@${version}`));

      expect(quarantined).toEqual([]);
      expect(again.map(carried)).toEqual(expect.arrayContaining(kept.map(carried)));
      expect(again).toHaveLength(kept.length);
      read += again.length;
    }),
    { numRuns: 300 },
  );
  expect(read).toBeGreaterThan(300);
});

test("makes each contract one operation or tells it as left, whatever their order (E1)", () => {
  fc.assert(
    fc.property(distinct(fc.oneof(anyService, httpService)), fc.nat(), (contracts, seed) => {
      const { document, left } = exportOpenApi(contracts, INFO);
      const operations = Object.values(document["paths"] as JsonObject).flatMap((item) =>
        Object.keys(item as JsonObject),
      );

      expect(operations.length + left.length).toBe(contracts.length);
      const at = contracts.length === 0 ? 0 : seed % contracts.length;
      expect(exportOpenApi([...contracts.slice(at), ...contracts.slice(0, at)], INFO)).toEqual({ document, left });
    }),
    { numRuns: 200 },
  );
});

test("leaves no reference that leads nowhere", () => {
  let references = 0;

  fc.assert(
    fc.property(distinct(fc.oneof(anyService, httpService)), (contracts) => {
      const { document } = exportOpenApi(contracts, INFO);
      const text = JSON.stringify(document, (key, value) => (key === "const" ? undefined : value));
      for (const [, pointer = ""] of text.matchAll(/"\$ref":"#([^"]*)"/g)) {
        references += 1;
        const target = pointer
          .split("/")
          .slice(1)
          .reduce<unknown>((value, step) => (value as JsonObject | undefined)?.[step], document);
        expect(target, pointer).toBeDefined();
      }
    }),
    { numRuns: 200 },
  );
  expect(references).toBeGreaterThan(100);
});

test("asks for alternatives that mean the same when they are read back, or for more, never less", () => {
  let same = 0;

  fc.assert(
    fc.property(permission, fc.subarray(NAMES), (expression, held) => {
      const asked = permissionOf(requirementsOf(expression));
      if (asked === undefined) throw new Error("unreadable");
      const isMet = asked === null || meets(asked, new Set(held));
      const isReally = meets(expression, new Set(held));
      if (isMet) expect(isReally).toBe(true);
      if (isMet === isReally) same += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(same).toBeGreaterThan(1_900);
});

test("asks for everything together where the alternatives are too many to list", () => {
  const pair = (index: number): PermissionExpression => ({ any: [{ has: `a${index}` }, { has: `b${index}` }] });
  const many = { all: Array.from({ length: 8 }, (_, index) => pair(index)) };

  expect(requirementsOf(many)).toHaveLength(1);
  expect(Object.keys(requirementsOf(many)[0] ?? {})).toHaveLength(16);
  expect(requirementsOf({ all: [many, { any: [] }] })).toEqual([{ "never-granted": [] }]);
});

test("keeps definitions apart that have one name and mean different things", () => {
  const [first] = fc.sample(anyService, { numRuns: 1, seed: 3 }) as [ServiceContract];
  const service = (id: string, type: string): ServiceContract => ({
    ...first,
    service: id as ServiceContract["service"],
    input: null,
    output: { $ref: "#/$defs/Node", $defs: { Node: { type, title: "a/b" }, "x/y": { $ref: "#/$defs/Node" } } },
  });

  const { document } = exportOpenApi([service("a", "string"), service("b", "string"), service("c", "integer")], INFO);

  const components = document["components"] as { schemas: JsonObject };
  expect(Object.keys(components.schemas)).toEqual(["Node", "Node-1", "x-y", "x-y-1"]);
  expect(components.schemas["x-y-1"]).toEqual({ $ref: "#/components/schemas/Node-1" });
});

test("gives a schema that refers to its own root a place of its own", () => {
  const [first] = fc.sample(anyService, { numRuns: 1, seed: 3 }) as [ServiceContract];
  const list = { type: "object", properties: { next: { $ref: "#" }, head: { $ref: "#/properties/next" } } };

  const { document } = exportOpenApi([{ ...first, input: null, output: list }], INFO);

  expect((document["components"] as { schemas: JsonObject }).schemas).toEqual({
    whole: {
      type: "object",
      properties: {
        next: { $ref: "#/components/schemas/whole" },
        head: { $ref: "#/components/schemas/whole/properties/next" },
      },
    },
  });
});
