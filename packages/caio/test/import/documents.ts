/**
 * One document of each foreign format, whole enough that each importer finds something to map, to leave and to assume.
 *
 * @module
 */

export const LITELLM = {
  "acme/large": {
    litellm_provider: "acme",
    mode: "chat",
    max_tokens: 4_096,
    max_input_tokens: 128_000,
    input_cost_per_token: 1e-6,
    output_cost_per_token: 2e-6,
    input_cost_per_token_above_64k_tokens: 2e-6,
    supports_vision: true,
    supports_adaptive_thinking: true,
    search_context_cost_per_query: { search_context_size_low: 0.03, other: 1 },
    supported_regions: ["eu-west-1"],
    metadata: { notes: "none" },
  },
  "acme/embed": {
    litellm_provider: "acme",
    mode: "embedding",
    max_input_tokens: 512,
    output_vector_size: 256,
    input_cost_per_token: 1e-8,
    output_cost_per_token: 0,
  },
};

export const MODELS_DEV = {
  acme: {
    id: "acme",
    npm: "@ai-sdk/openai-compatible",
    api: "https://api.acme.example/v1",
    env: ["ACME_KEY"],
    models: {
      "large/one": {
        id: "large/one",
        name: "Large One",
        modalities: { input: ["text", "image"], output: ["text"] },
        reasoning: true,
        tool_call: false,
        open_weights: false,
        knowledge: "2025-01",
        limit: { context: 200_000, output: 8_000 },
        cost: { input: 1, output: 2, cache_read: 0.1 },
      },
    },
  },
};

export const DOCKER = {
  name: "atlas",
  image: "mcp/atlas",
  type: "server",
  meta: { category: "devops", tags: ["docs"] },
  about: { title: "Atlas", description: "Documents.", icon: "https://acme.example/icon.png" },
  source: { project: "https://github.com/acme/atlas", branch: "main", commit: "abc" },
  run: { command: ["--transport=stdio"], disableNetwork: true },
  tools: [{ name: "search_docs" }],
};

export const SERVER = {
  $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
  name: "io.github.acme/atlas",
  title: "Atlas",
  description: "Documents.",
  version: "1.2.3",
  repository: { url: "https://github.com/acme/atlas", source: "github" },
  packages: [
    {
      registryType: "npm",
      identifier: "@acme/atlas",
      version: "1.2.3",
      transport: { type: "stdio" },
      environmentVariables: [{ name: "KEY", isRequired: true, isSecret: true }],
    },
  ],
  remotes: [{ type: "sse", url: "https://acme.example/sse" }],
};

export const CARD = {
  name: "Recipe Agent",
  description: "Helps with recipes.",
  version: "1.0.0",
  supportedInterfaces: [
    { url: "https://grpc.acme.example", protocolBinding: "GRPC", protocolVersion: "1.0" },
    { url: "https://acme.example/a2a", protocolBinding: "JSONRPC", protocolVersion: "1.0" },
  ],
  provider: { organization: "Acme", url: "https://acme.example" },
  capabilities: { streaming: true, pushNotifications: false },
  securitySchemes: { oauth: { oauth2SecurityScheme: { flows: {} } } },
  securityRequirements: [{ schemes: { oauth: { list: ["recipes:read"] } } }],
  defaultInputModes: ["text/plain", "image/png"],
  defaultOutputModes: ["text/plain"],
  skills: [
    {
      id: "find-recipe",
      name: "Find",
      description: "Finds a recipe.",
      tags: ["food"],
      outputModes: ["application/pdf"],
    },
  ],
};

export const OPENAPI = {
  openapi: "3.1.1",
  info: { title: "Pets", version: "2.1.0", contact: { name: "Acme" } },
  servers: [{ url: "https://{host}/v2", variables: { host: { default: "api.acme.example" } } }],
  security: [{ petAuth: ["read:pets"] }, { apiKey: [] }],
  paths: {
    "/pets/{petId}": {
      parameters: [{ $ref: "#/components/parameters/PetId" }],
      get: {
        operationId: "getPet",
        summary: "Get a pet",
        tags: ["Pets"],
        parameters: [{ name: "fields", in: "query", schema: { type: "array", items: { type: "string" } } }],
        responses: {
          "200": { $ref: "#/components/responses/Pet" },
          "404": { description: "no such pet" },
        },
      },
      delete: { security: [], responses: { "204": { description: "gone" } } },
      head: { responses: { "200": { description: "there" } } },
    },
    "/pets": {
      post: {
        operationId: "addPet",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } },
        },
        responses: { "201": { description: "added", content: { "application/json": { schema: { type: "string" } } } } },
      },
    },
  },
  components: {
    parameters: { PetId: { name: "petId", in: "path", required: true, schema: { type: "integer" } } },
    responses: {
      Pet: { description: "a pet", content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } },
    },
    schemas: {
      Pet: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", example: "Rex" },
          parent: { $ref: "#/components/schemas/Pet" },
          discriminator: { type: "string" },
        },
      },
    },
    securitySchemes: {
      petAuth: { type: "http", scheme: "bearer" },
      apiKey: { type: "apiKey", in: "header", name: "K" },
    },
  },
};
