/**
 * The requests that routing is measured with: a real trace by the rule of docs/routing-trace.md, or, where it is absent, one from a
 * seed; and rules as users write them.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import type { RouteQuestion } from "@canonic/caio";
import type { RouteRequest, Rule, RuleSet } from "@canonic/contracts";
import { parse } from "csv-parse/sync";
import { drawFrom } from "./routing-draw.ts";

const TRACE = new URL("../../shared/data/azure-llm-trace/code.csv", import.meta.url).pathname;
const GENERATED_ROWS = 8_819;
/** 2023-11-16T18:00:00.000Z, the hour of the trace. */
const NOW = 1_700_157_600_000;

export interface Trace {
  readonly isReal: boolean;
  readonly questions: readonly RouteQuestion[];
}

export function readTrace(): Trace {
  const isReal = existsSync(TRACE);
  const rows = isReal ? realRows() : generatedRows();
  return { isReal, questions: rows.map(({ at, input, output }) => questionOf(at, { input, output })) };
}

type Row = { readonly at: number; readonly input: number; readonly output: number };

function realRows(): Row[] {
  const rows = parse(readFileSync(TRACE, "utf8"), { columns: true }) as Record<string, string>[];
  return rows.map((row) => ({
    at: Date.parse(`${row["TIMESTAMP"]?.slice(0, 23).replace(" ", "T")}Z`),
    input: Number(row["ContextTokens"]),
    output: Number(row["GeneratedTokens"]),
  }));
}

/** Of the size that the real ones have. */
function generatedRows(): Row[] {
  const draw = drawFrom(5);
  return Array.from({ length: GENERATED_ROWS }, (_, place) => ({
    at: NOW + place * 400,
    input: draw.int(3, draw.pick([500, 2_000, 4_000, 7_437])),
    output: draw.int(1, draw.pick([20, 50, 200, 1_899])),
  }));
}

function questionOf(at: number, { input, output }: { input: number; output: number }): RouteQuestion {
  const request: RouteRequest = {
    schema: "canonic/route-request/v1",
    intent: "write code",
    capabilities: ["chat"],
    guarantees: [],
    quantities: { "input-token": input, "output-token": output, request: 1 },
    traits: [],
    preferences: [],
    dataClass: "public",
    localityMax: null,
    regions: [],
    retentionDaysMax: null,
    serviceTrustMin: 0,
    budgetPicos: 1_000_000_000_000,
    latency: null,
    health: "any",
    probation: "allow",
  };
  return { request, identity: null, authorization: null, at };
}

/** The same sizes, but hardly two requests alike otherwise: intents, budgets, bounds, wishes. What was remembered of others helps little. */
export function variedQuestions(questions: readonly RouteQuestion[]): RouteQuestion[] {
  const draw = drawFrom(7);
  const words = ["code", "fast", "large", "math", "mini", "speech", "summary", "vision", "write"];
  return questions.map((question, place) => ({
    ...question,
    request: {
      ...question.request,
      intent: `${draw.pick(words)} ${draw.pick(words)} number ${place}`,
      capabilities: draw.pick([["chat"], ["chat", "tool.call"], ["chat", "reasoning"]]),
      budgetPicos: draw.int(1, 1_000) * 1_000_000_000,
      latency: draw.chance(20) ? { percentile: "p95", maxUs: draw.int(1, 1_000) * 20_000 } : null,
      preferences: draw.chance(50) ? [{ trait: "tier", bound: "equality", value: draw.pick(["gold", "silver"]) }] : [],
      serviceTrustMin: draw.pick([0, 0, 0, 1]),
    },
  }));
}

const NO_COST = 'has(service.cost) && "output-token" in service.cost.prices';

/** Ten kinds in turn; one rule of a hundred compares the service with numbers of the request. */
export function rulesOf(count: number): RuleSet {
  const rules = Array.from({ length: count }, (_, index): Rule => {
    const id = `rule-${String(index).padStart(5, "0")}`;
    const [when, kind, expression, severity] = index % 100 === 50 ? comparing : ruleAt(index);
    const effect = { kind, expression } as Rule["effect"];
    return { id, description: "", when, effect, severity: severity ?? "refuse" };
  });
  return { schema: "canonic/rule-set/v1", rules };
}

type Written = readonly [when: string, kind: "forbid" | "require", expression: string, severity?: "warn"];

const comparing: Written = [
  "true",
  "require",
  '!has(service.constraints.inputTokensMax) || service.constraints.inputTokensMax >= 2 * request.quantities["input-token"]',
];

function ruleAt(index: number): Written {
  const written: readonly Written[] = [
    ["true", "forbid", `service.id.startsWith("generated-${index % 60}/") && service.id.endsWith("-${index}")`],
    ["true", "forbid", `service.id == "generated-${index % 60}/mini-${index}"`],
    ['"chat" in request.capabilities', "forbid", `service.id.contains("preview-${index}")`],
    [
      `request.quantities["input-token"] > ${(index * 37) % 8_000}`,
      "require",
      `!has(service.constraints.inputTokensMax) || service.constraints.inputTokensMax > ${4_000 + (index % 90)}`,
    ],
    [`request.quantities["output-token"] > ${index % 500}`, "forbid", `service.id.endsWith("speech-${index}")`],
    ['request.dataClass == "restricted"', "require", 'service.privacy.locality in ["local", "on_device"]'],
    [`request.intent.contains("number ${index}")`, "forbid", 'service.state == "probation"'],
    ["identity != null && identity.trust < 2", "require", "service.security.trust >= 2"],
    [
      "true",
      "require",
      `!has(service.privacy.retentionDays) || service.privacy.retentionDays <= ${365 + (index % 200)}`,
    ],
    ["true", "forbid", `${NO_COST} && service.cost.prices["output-token"] > ${(50_000 + index) * 1000}`, "warn"],
  ];
  return written[index % 10] as Written;
}
