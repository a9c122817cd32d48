import { compileSchema, type JsonObject, type JsonValue, type ServiceContract } from "@canonic/contracts";
import { expect, test } from "vitest";
import { importOpenApi, isCaioError } from "../../src/index.ts";
import { OPENAPI } from "./documents.ts";

const DOCUMENT = OPENAPI as unknown as JsonObject;

/** A document of one operation. */
function document(operation: JsonValue, components: JsonValue = {}, path = "/x"): JsonObject {
  return {
    openapi: "3.1.0",
    info: { title: "One", version: "1.0.0" },
    servers: [{ url: "https://a.example" }],
    paths: { [path]: { post: operation } },
    components,
  };
}

function codesOf(value: JsonObject): string[] {
  const { contracts, quarantined } = importOpenApi(value, "openapi.json");
  expect(contracts).toEqual([]);
  return quarantined.flatMap(({ reasons }) => reasons.map(({ code }) => code));
}

function found(service: string): ServiceContract {
  const contract = importOpenApi(DOCUMENT, "openapi.json").contracts.find((one) => one.service === service);
  if (contract === undefined) throw new Error(`no ${service}`);
  return contract;
}

test("makes each operation a service with its address, permission, effect and version", () => {
  const { contracts, quarantined } = importOpenApi(DOCUMENT, "openapi.json");

  expect(quarantined).toEqual([]);
  expect(contracts.map(({ service, version, effect }) => [service, version, effect])).toEqual([
    ["openapi/pets/addPet", "2.1.0", "write"],
    ["openapi/pets/delete/pets/-petId-", "2.1.0", "write"],
    ["openapi/pets/getPet", "2.1.0", "read"],
  ]);
  const pet = found("openapi/pets/getPet");
  expect(pet.api).toEqual({
    kind: "http",
    url: "https://api.acme.example/v2/pets/{petId}",
    method: "GET",
    operationId: "getPet",
  });
  expect(pet.security.permission).toEqual({ any: [{ has: "pet-auth:read:pets" }, { has: "api-key" }] });
  expect(pet.capabilities).toEqual(["category.pets", "operation.getPet"]);
  expect(pet.privacy.encryptedInTransit).toBe(true);
  expect(found("openapi/pets/delete/pets/-petId-").security.permission).toBeNull();
});

test("states what goes in and comes out in schemas that stand alone, recursive ones too", () => {
  const { input, output, traits } = found("openapi/pets/getPet");
  const takes = compileSchema(input as JsonObject);
  const gives = compileSchema(output as JsonObject);

  expect(traits["schemas-stated"]).toBe(true);
  expect(takes({ path: { petId: 1 }, query: { fields: ["name"] } })).toEqual([]);
  expect(takes({ path: { petId: "1" } })).toHaveLength(1);
  expect(takes({})).toHaveLength(1);
  expect(gives({ name: "Rex", parent: { name: "Max" } })).toEqual([]);
  expect(gives({ name: "Rex", parent: { name: 7 } })).toHaveLength(1);
  expect(found("openapi/pets/delete/pets/-petId-").output).toEqual({ type: "null" });
  expect(found("openapi/pets/addPet").input).toMatchObject({ required: ["body"] });
});

test("keeps a property that is named as a keyword of OpenAPI", () => {
  const { output } = found("openapi/pets/getPet");

  expect(compileSchema(output as JsonObject)({ name: "Rex", discriminator: 7 })).toHaveLength(1);
});

test("tells methods that are no service, and parts that nothing refers to, as unmapped", () => {
  const whole = importOpenApi(DOCUMENT, "openapi.json").entries.find(({ place }) => place === "");

  expect(whole?.unmapped).toEqual(["/components/securitySchemes", "/info/contact", "/paths/~1pets~1{petId}/head"]);
});

const BODY = (schema: JsonValue) => ({
  requestBody: { required: true, content: { "application/json": { schema } } },
  responses: { "204": { description: "done" } },
});

test.each<[code: string, what: string, value: JsonObject]>([
  ["caio.reference-remote", "a schema elsewhere", document(BODY({ $ref: "https://evil.example/schema.json" }))],
  ["caio.reference-remote", "a file beside it", document(BODY({ $ref: "other.yaml#/X" }))],
  ["caio.reference-missing", "a schema that is not there", document(BODY({ $ref: "#/components/schemas/X" }))],
  ["caio.reference-missing", "a name of every object", document(BODY({ $ref: "#/components/constructor" }))],
  [
    "caio.schema-unbounded",
    "references in a circle",
    document(
      { ...BODY({}), parameters: [{ $ref: "#/components/parameters/A" }] },
      {
        parameters: { A: { $ref: "#/components/parameters/B" }, B: { $ref: "#/components/parameters/A" } },
      },
    ),
  ],
  [
    "caio.body-unsupported",
    "a body of a form",
    document({ ...BODY({}), requestBody: { required: true, content: { "multipart/form-data": {} } } }),
  ],
  [
    "caio.answer-unsupported",
    "an answer that is no JSON",
    document({ responses: { "200": { description: "", content: { "text/csv": {} } } } }),
  ],
  ["caio.path-invalid", "a name in the path that is no parameter", document(BODY({}), {}, "/x/{id}")],
  [
    "caio.parameter-unsupported",
    "a required cookie",
    document({ ...BODY({}), parameters: [{ name: "a", in: "cookie", required: true, schema: {} }] }),
  ],
  ["caio.address-missing", "a relative server", { ...document(BODY({})), servers: [{ url: "/v1" }] }],
  [
    "caio.address-missing",
    "an address with credentials",
    { ...document(BODY({})), servers: [{ url: "https://me:secret@a.example" }] },
  ],
  ["caio.security-unreadable", "security that is no list of alternatives", document({ ...BODY({}), security: [7] })],
])("keeps out with %s %s", (code, _, value) => {
  expect(codesOf(value)).toEqual([code]);
});

test("passes over what is optional and cannot be sent, and promises nothing by a schema that cannot be checked (O1, O2)", () => {
  const operation = {
    ...BODY({ unheardOf: true }),
    parameters: [{ name: "a", in: "cookie", schema: {} }],
  };
  const [contract] = importOpenApi(document(operation), "openapi.json").contracts;

  expect(contract?.input).toBeNull();
  expect(contract?.traits["schemas-stated"]).toBe(false);
});

test("does not grow with references that double", () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [
      `S${index}`,
      {
        type: "object",
        properties:
          index === 59
            ? {}
            : { a: { $ref: `#/components/schemas/S${index + 1}` }, b: { $ref: `#/components/schemas/S${index + 1}` } },
      },
    ]),
  );
  const { contracts, entries } = importOpenApi(
    document(BODY({ $ref: "#/components/schemas/S0" }), { schemas }),
    "openapi.json",
  );

  expect(entries).toHaveLength(2);
  expect(JSON.stringify(contracts).length).toBeLessThan(50_000);
});

test("stops to compile schemas of a document that would take minutes, and states no more of them", () => {
  const long = { type: "string", enum: Array.from({ length: 4_000 }, (_, index) => `value-${index}`) };
  const operation = BODY(long);
  const one = document(operation);
  const paths = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`/x${index}`, { post: operation }]));

  const stated = importOpenApi({ ...one, paths }, "openapi.json").contracts.filter(({ input }) => input !== null);

  expect(stated.length).toBeGreaterThan(3);
  expect(stated.length).toBeLessThan(12);
});

test.each(["3.0.3", "2.0", "3.2.0", 3])("refuses OpenAPI %s by name", (openapi) => {
  let code = "";
  try {
    importOpenApi({ ...document(BODY({})), openapi }, "openapi.json");
  } catch (error) {
    if (isCaioError(error)) code = error.code;
  }

  expect(code).toBe("caio.catalogue-invalid");
});
