/**
 * What a rule can speak of: the fields of `request`, `identity` and `service`, their types and their bounds.
 *
 * Documented in docs/routing-rules.md; the values are made in view.ts. Bounds are those of the published schemas; lengths
 * count UTF-16 units, of which a character has at most two.
 *
 * @module
 */
import { ANY, BOOL, intOf, listOf, mapTo, type RuleType, recordOf, textOf, wordOf } from "./types.ts";

const LOCALITIES = wordOf(["on_device", "local", "region", "cloud"]);
const PROPERTY = textOf(64);
const UNIT = textOf(32);
const TRUST = intOf(0, 3);
const COUNT = intOf(0);

function guaranteeOf(name: string, bases: readonly string[]): RuleType {
  return recordOf(name, {
    property: PROPERTY,
    bound: wordOf(["equality", "min", "max", "relative_max", "min_multiple"]),
    value: ANY,
    unit: UNIT,
    "of?": UNIT,
    basis: wordOf(bases),
  });
}

const TRAIT_CLAUSE = recordOf("trait clause", {
  trait: PROPERTY,
  bound: wordOf(["equality", "min", "max", "one_of"]),
  value: ANY,
});

export const REQUEST = recordOf("request", {
  intent: textOf(8192),
  capabilities: listOf(textOf(128), 64),
  guarantees: listOf(guaranteeOf("demand", ["declared", "measured"]), 64),
  quantities: mapTo(intOf(0, 1_000_000_000_000)),
  traits: listOf(TRAIT_CLAUSE, 64),
  preferences: listOf(TRAIT_CLAUSE, 64),
  dataClass: wordOf(["public", "internal", "confidential", "restricted"]),
  "localityMax?": LOCALITIES,
  regions: listOf(textOf(128), 64),
  "retentionDaysMax?": COUNT,
  serviceTrustMin: TRUST,
  "budgetPicos?": COUNT,
  "latency?": recordOf("latency", { percentile: wordOf(["max", "p50", "p95", "p99"]), maxUs: intOf(1) }),
  health: wordOf(["any", "required"]),
  probation: wordOf(["allow", "exclude"]),
});

/** Null where nobody presented a token. */
export const IDENTITY = recordOf(
  "identity",
  { subject: textOf(256), permissions: listOf(textOf(128), 1024), trust: TRUST },
  true,
);

export const SERVICE = recordOf("service", {
  id: textOf(191),
  version: textOf(64),
  state: wordOf(["active", "probation", "draining", "retired"]),
  assumed: listOf(textOf(1024), 256),
  "name?": textOf(512),
  "description?": textOf(8192),
  "capabilities?": listOf(textOf(128), 1024),
  "guarantees?": listOf(guaranteeOf("statement", ["declared", "measured"]), 256),
  "constraints?": recordOf("constraints", {
    "inputTokensMax?": COUNT,
    "outputTokensMax?": COUNT,
    "totalTokensMax?": COUNT,
  }),
  "cost?": recordOf("cost", { "currency?": textOf(3), "prices?": mapTo(COUNT) }),
  "privacy?": recordOf("privacy", {
    "locality?": LOCALITIES,
    "regions?": listOf(textOf(128), 256),
    "retentionDays?": COUNT,
    "encryptedInTransit?": BOOL,
    "encryptedAtRest?": BOOL,
    "trainsOnData?": BOOL,
  }),
  "security?": recordOf("security", { "trustRequired?": TRUST, "trust?": TRUST }),
  "traits?": mapTo(ANY),
  "api?": recordOf("api", { "kind?": wordOf(["none", "operation", "http", "mcp", "openai", "a2a"]) }),
  "determinism?": wordOf(["deterministic", "seeded", "recorded"]),
  "effect?": wordOf(["pure", "read", "write"]),
  "owner?": textOf(256),
  "source?": textOf(4096),
});

/** The variables of `when`. */
export const WHEN_SCOPE: ReadonlyMap<string, RuleType> = new Map([
  ["request", REQUEST],
  ["identity", IDENTITY],
]);

/** The variables of `require` and `forbid`. */
export const EFFECT_SCOPE: ReadonlyMap<string, RuleType> = new Map([...WHEN_SCOPE, ["service", SERVICE]]);
