/** Services, requests and rules for tests of rules: small worlds in which everything that can be absent sometimes is. */
import type {
  RouteIdentity,
  RouteRequest,
  Rule,
  RuleSet,
  ServiceContract,
  ServiceEntry,
  ServiceSnapshot,
} from "@canonic/contracts";
import fc from "fast-check";

export const CONTRACT: ServiceContract = {
  schema: "canonic/service-contract/v1",
  service: "acme/one" as ServiceContract["service"],
  version: "1.0.0",
  name: "One",
  description: "the first",
  capabilities: ["chat"],
  guarantees: [],
  constraints: { inputTokensMax: null, outputTokensMax: null, totalTokensMax: null },
  cost: null,
  privacy: {
    locality: null,
    regions: [],
    retentionDays: null,
    encryptedInTransit: null,
    encryptedAtRest: null,
    trainsOnData: null,
  },
  security: { permission: null, trustRequired: 0, trust: 1 },
  traits: {},
  api: { kind: "none" },
  input: null,
  output: null,
  determinism: "recorded",
  effect: "read",
  invariants: [],
  owner: null,
  source: null,
  assumed: [],
  signature: null,
};

export const REQUEST: RouteRequest = {
  schema: "canonic/route-request/v1",
  intent: "summarise a report",
  capabilities: ["chat"],
  guarantees: [],
  quantities: { "input-token": 1000 },
  traits: [],
  preferences: [],
  dataClass: "internal",
  localityMax: null,
  regions: [],
  retentionDaysMax: null,
  serviceTrustMin: 0,
  budgetPicos: null,
  latency: null,
  health: "any",
  probation: "allow",
};

export const IDENTITY: RouteIdentity = {
  subject: "ana",
  permissions: ["models.read"],
  trust: 2,
  token: `sha256:${"0".repeat(64)}` as RouteIdentity["token"],
};

export function entryOf(contract: Partial<ServiceContract>, state: ServiceEntry["state"] = "active"): ServiceEntry {
  return { contract: { ...CONTRACT, ...contract }, state, health: null };
}

export function snapshotOf(services: readonly ServiceEntry[]): ServiceSnapshot {
  return { schema: "canonic/service-snapshot/v1", revision: 0, services: [...services] };
}

export function ruleOf(id: string, when: string, kind: "require" | "forbid", expression: string): Rule {
  return { id, description: "", when, effect: { kind, expression }, severity: "refuse" };
}

/** In order of id. */
export function ruleSetOf(...rules: readonly Rule[]): RuleSet {
  return { schema: "canonic/rule-set/v1", rules: [...rules] };
}

const maybe = <Value>(values: readonly Value[]) => fc.constantFrom(null, ...values);

export const anyEntry: fc.Arbitrary<ServiceEntry> = fc
  .record({
    id: fc.constantFrom("a/one", "a/two", "b/three"),
    description: fc.constantFrom("", "a chat model", "tool.search ünï"),
    capabilities: fc.subarray(["chat", "input.image", "tool.search"], { minLength: 1 }),
    locality: maybe(["on_device", "local", "region", "cloud"] as const),
    regions: fc.subarray(["eu", "us"]),
    retentionDays: maybe([0, 30]),
    encryptedAtRest: maybe([true, false]),
    trust: fc.integer({ min: 0, max: 3 }),
    inputTokensMax: maybe([100, 8000]),
    prices: maybe([[], [{ unit: "input-token", picos: 5 }], [{ unit: "input-token", picos: 3_000_000 }]]),
    traits: fc.dictionary(
      fc.constantFrom("size", "quick", "constructor"),
      fc.oneof(fc.boolean(), fc.integer({ min: -2, max: 5 }), fc.constantFrom("", "s", "5")),
    ),
    basis: fc.constantFrom("declared" as const, "assumed" as const),
    accuracy: maybe([900_000, "high", true]),
    assumed: fc.subarray(
      ["", "/privacy", "/privacy/regions/0", "/cost/prices/0/picos", "/traits/size", "/guarantees/0"],
      {
        maxLength: 1,
      },
    ),
    state: fc.constantFrom("active" as const, "probation" as const),
  })
  .map((of) =>
    entryOf(
      {
        service: of.id as ServiceContract["service"],
        description: of.description,
        capabilities: of.capabilities,
        guarantees:
          of.accuracy === null
            ? []
            : [{ property: "accuracy", bound: "min", value: of.accuracy, unit: "ppm", of: null, basis: of.basis }],
        constraints: { ...CONTRACT.constraints, inputTokensMax: of.inputTokensMax },
        cost: of.prices === null ? null : { currency: "USD", prices: of.prices },
        privacy: {
          ...CONTRACT.privacy,
          locality: of.locality,
          regions: of.regions,
          retentionDays: of.retentionDays,
          encryptedAtRest: of.encryptedAtRest,
        },
        security: { ...CONTRACT.security, trust: of.trust },
        traits: of.traits,
        assumed: of.assumed,
      },
      of.state,
    ),
  );

export const anyRequest: fc.Arbitrary<RouteRequest> = fc
  .record({
    intent: fc.constantFrom("", "chat with me", "find ünï"),
    capabilities: fc.subarray(["chat", "tool.search"], { minLength: 1 }),
    quantities: fc.dictionary(fc.constantFrom("input-token", "output-token"), fc.constantFrom(0, 10, 9000)),
    dataClass: fc.constantFrom("public" as const, "internal" as const, "restricted" as const),
    localityMax: maybe(["local", "cloud"] as const),
    regions: fc.subarray(["eu", "us"]),
    serviceTrustMin: fc.integer({ min: 0, max: 3 }),
    budgetPicos: maybe([0, 1_000_000]),
    latency: maybe([{ percentile: "p95" as const, maxUs: 500 }]),
  })
  .map((of) => ({ ...REQUEST, ...of }));

export const anyIdentity: fc.Arbitrary<RouteIdentity | null> = fc.oneof(
  fc.constant(null),
  fc
    .record({ permissions: fc.subarray(["models.read", "models.write"]), trust: fc.integer({ min: 0, max: 3 }) })
    .map((of) => ({ ...IDENTITY, ...of })),
);

const numbers = fc.oneof(
  fc.constantFrom("request.serviceTrustMin", "request.budgetPicos", "request.latency.maxUs", "identity.trust"),
  fc.constantFrom('request.quantities["input-token"]', "size(request.intent)", "request.capabilities.size()"),
  fc.constantFrom("-1", "0", "2", "30", "8000", "9223372036854775807"),
);
const serviceNumbers = fc.oneof(
  numbers,
  fc.constantFrom("service.security.trust", "service.privacy.retentionDays", "service.constraints.inputTokensMax"),
  fc.constantFrom('service.cost.prices["input-token"]', "size(service.capabilities)", "service.traits.size"),
);
const texts = fc.constantFrom(
  "request.intent",
  "request.dataClass",
  "identity.subject",
  '"local"',
  '"internal"',
  '"chat"',
);
const serviceTexts = fc.oneof(
  texts,
  fc.constantFrom(
    "service.id",
    "service.description",
    "service.privacy.locality",
    "service.state",
    "service.traits.size",
  ),
);
const operators = fc.constantFrom("==", "!=", "<", "<=", ">", ">=");

function atomsOver(
  number: fc.Arbitrary<string>,
  text: fc.Arbitrary<string>,
  own: readonly string[],
): fc.Arbitrary<string> {
  return fc.oneof(
    fc.tuple(number, operators, number).map((parts) => parts.join(" ")),
    fc.tuple(number, fc.constantFrom("+", "-", "*", "/", "%"), number, operators, number).map((p) => p.join(" ")),
    fc.tuple(text, fc.constantFrom("==", "!=", "<"), text).map((parts) => parts.join(" ")),
    fc.tuple(text, fc.constantFrom("startsWith", "endsWith", "contains"), text).map(([a, f, b]) => `${a}.${f}(${b})`),
    fc.tuple(text, fc.constantFrom("c.*t", "^a/", "[0-9]+$")).map(([a, pattern]) => `${a}.matches(r"${pattern}")`),
    fc.tuple(text, text, text).map(([a, b, c]) => `${a} in [${b}, ${c}]`),
    fc.tuple(number, number).map(([a, b]) => `${a} in [${b}, 1, 30]`),
    fc.tuple(text, number).map(([a, b]) => `(${b} > 1 ? ${a} : "x") == "local"`),
    fc.constantFrom(...own),
  );
}

const askedAtoms = [
  "true",
  "false",
  "identity == null",
  "identity != null",
  "null != identity",
  "has(request.latency)",
  "has(request.localityMax)",
  "has(request.latency.maxUs)",
  "has(identity.trust)",
  'has(request.quantities.constructor) || "input-token" in request.quantities',
  '"models.read" in identity.permissions',
  'request.regions.all(r, r == "eu")',
  'request.capabilities.exists(c, c.startsWith("tool."))',
];
const serviceAtoms = [
  ...askedAtoms,
  "has(service.privacy)",
  "has(service.privacy.locality)",
  "service.privacy.encryptedAtRest",
  "service.traits.quick",
  'service.traits["constructor"] == 2',
  "has(service.traits.size)",
  '"quick" in service.traits',
  '"chat" in service.capabilities',
  "service.capabilities.exists_one(c, c in request.capabilities)",
  "request.capabilities.all(c, c in service.capabilities)",
  "service.privacy.regions.all(r, r in request.regions)",
  'service.guarantees.exists(g, g.property == "accuracy" && g.value >= 900000)',
  "size(service.guarantees.filter(g, has(g.of))) == 0",
  'service.capabilities.map(c, c + "x").exists(c, c == "chatx")',
  "size(service.assumed) == 0",
  'service.capabilities[0] == "chat"',
  'service.capabilities[request.serviceTrustMin] == "chat"',
  '{"internal": 1, "public": 0}[request.dataClass] <= service.security.trust',
];

function formulas(atom: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const { formula } = fc.letrec<{ formula: string }>((tie) => ({
    formula: fc.oneof(
      { maxDepth: 2 },
      atom,
      fc.tuple(tie("formula"), fc.constantFrom("&&", "||"), tie("formula")).map(([a, by, b]) => `(${a}) ${by} (${b})`),
      tie("formula").map((inner) => `!(${inner})`),
      fc.tuple(tie("formula"), tie("formula"), tie("formula")).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
    ),
  }));
  return formula;
}

export const anyWhen = formulas(atomsOver(numbers, texts, askedAtoms));
export const anyEffect = formulas(atomsOver(serviceNumbers, serviceTexts, serviceAtoms));
