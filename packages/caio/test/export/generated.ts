/**
 * Service contracts as exporters must take them: any kind of address, any permission, schemas with and without references.
 *
 * @module
 */
import { byCodeUnit, type PermissionExpression, ServiceContract } from "@canonic/contracts";
import fc from "fast-check";
import { importPriceCatalogue } from "../../src/index.ts";

const [BLANK] = importPriceCatalogue({
  blank: { litellm_provider: "acme", mode: "chat", input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
}).contracts;

export const NAMES = ["a", "b-c", "d.e", "f", "f:g", "h:i:j"];
const name = fc.constantFrom(...NAMES);

export const permission: fc.Arbitrary<PermissionExpression> = fc.letrec<{ tree: PermissionExpression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    name.map((has) => ({ has })),
    fc.array(tie("tree"), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("tree"), { maxLength: 3 }).map((any) => ({ any })),
  ),
})).tree;

const plain = fc.constantFrom(
  { type: "string" },
  { type: "integer", minimum: 0 },
  { type: "object", properties: { $ref: { type: "string" } }, additionalProperties: false },
  { const: { $ref: "#/no/reference" } },
);
const recursive = {
  $ref: "#/$defs/Node",
  $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" }, value: { type: "string" } } } },
};

/** What an HTTP service takes, as the importer of OpenAPI writes it. */
const httpInput = fc
  .record({ body: fc.option(plain), query: fc.option(plain), isRequired: fc.boolean() })
  .map(({ body, query, isRequired }) => {
    const properties = {
      path: { type: "object", additionalProperties: false, properties: { id: { type: "integer" } }, required: ["id"] },
      ...(query === null ? {} : { query: { type: "object", additionalProperties: false, properties: { q: query } } }),
      ...(body === null ? {} : { body }),
    };
    const required = [...(isRequired && body !== null ? ["body"] : []), "path"];
    return { type: "object", additionalProperties: false, properties, required };
  });

const method = fc.constantFrom("GET" as const, "POST" as const, "PUT" as const, "PATCH" as const, "DELETE" as const);

/** An HTTP service, with everything that a document of OpenAPI can carry. */
export const httpService: fc.Arbitrary<ServiceContract> = fc
  .record({
    id: fc.constantFrom("x/one", "x/two", "y/three", "z"),
    version: fc.constantFrom("1.0.0", "2.1.0"),
    method,
    host: fc.constantFrom("https://a.example", "https://b.example:8443"),
    path: fc.constantFrom("/things/{id}", "/v1/other/{id}"),
    operationId: fc.option(fc.constantFrom("doIt", "undo")),
    input: httpInput,
    output: fc.oneof(plain, fc.constant(recursive), fc.constant({ type: "null" })),
    capabilities: fc.uniqueArray(fc.constantFrom("chat", "tool.a", "operation.b"), { minLength: 1 }),
    permission: fc.option(name.map((has) => ({ has }))),
  })
  .map(({ id, version, method: verb, host, path, operationId, input, output, capabilities, permission: asked }) =>
    ServiceContract.parse({
      ...BLANK,
      service: id,
      version,
      name: `Service ${id}`,
      description: "Does it.",
      capabilities: capabilities.sort(byCodeUnit),
      security: { permission: asked, trustRequired: 0, trust: 0 },
      api: { kind: "http", url: `${host}${path}`, method: verb, operationId },
      effect: verb === "GET" ? "read" : "write",
      input,
      output,
    }),
  );

/** A service with any address and any schemas. */
export const anyService: fc.Arbitrary<ServiceContract> = fc
  .record({
    service: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,90}$/),
    version: fc.constantFrom("1.0.0", "2.0.0"),
    input: fc.oneof(fc.constant(null), plain, fc.constant(recursive)),
    output: fc.oneof(fc.constant(null), plain, fc.constant(recursive)),
    effect: fc.constantFrom("pure", "read", "write"),
    permission: fc.option(permission),
    api: fc.constantFrom(
      { kind: "none" },
      { kind: "openai", baseUrl: null, model: "m" },
      { kind: "http", url: "https://a.example/x", method: "POST", operationId: null },
      { kind: "operation", operation: "a.b", version: "1.0.0", contract: null },
    ),
  })
  .map(({ permission: asked, ...change }) =>
    ServiceContract.parse({ ...BLANK, ...change, security: { permission: asked, trustRequired: 0, trust: 0 } }),
  );
