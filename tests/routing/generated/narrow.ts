/**
 * Guarantees that meet their demands by one unit or miss them by one: where floor, ceil and the end of numbers show.
 *
 * @module
 */
import type { Guarantee, RequiredGuarantee, ServiceEntry } from "@canonic/contracts";
import type { OracleQuestion } from "../oracle/oracle.ts";
import { plainEntry, plainQuestion } from "../plain.ts";
import type { Draw } from "./draw.ts";
import { MAX_NUMBER } from "./vocabulary.ts";

/** What every request here uses of each unit. */
const QUANTITIES = { constructor: 1_000_000_000_000, image: 3, "input-token": 7_437, request: 4_001 } as const;
const UNITS = ["constructor", "image", "input-token", "request"] as const;
const SHARES = [500_000, 1_500_000, 333_333, -1_500_001, -500_000, 1, MAX_NUMBER, MAX_NUMBER] as const;
const BOUNDS = ["equality", "min", "max", "relative_max", "min_multiple"] as const;
const SUBJECT = { property: "answer-length", unit: "token" } as const;

/** A number at or beside what some share of some quantity is; within what JSON keeps exact. */
function narrowNumber(draw: Draw): number {
  if (draw.chance(10)) return MAX_NUMBER;
  const product = BigInt(draw.pick(SHARES)) * BigInt(QUANTITIES[draw.pick(UNITS)]);
  const beside = product / 1_000_000n + BigInt(draw.int(-2, 2));
  const most = BigInt(MAX_NUMBER);
  return Number(beside > most ? most : beside < -most ? -most : beside);
}

function drawShareOrNumber(draw: Draw, bound: Guarantee["bound"]): Guarantee["value"] {
  if (bound === "relative_max" || bound === "min_multiple") return draw.pick(SHARES);
  return bound === "equality" && draw.chance(30) ? String(narrowNumber(draw)) : narrowNumber(draw);
}

function relationOf(draw: Draw, bound: Guarantee["bound"]): string | null {
  return bound === "relative_max" || bound === "min_multiple" ? draw.pick([...UNITS, "output-token"]) : null;
}

/** States one or two things of the same property. */
export function drawNarrowEntry(draw: Draw, service: string): ServiceEntry {
  const guarantees = draw.some(BOUNDS, 30).map(
    (bound): Guarantee => ({
      ...SUBJECT,
      bound,
      value: drawShareOrNumber(draw, bound),
      of: relationOf(draw, bound),
      basis: "declared",
    }),
  );
  return plainEntry(service, { guarantees: guarantees.sort((a, b) => (a.bound < b.bound ? -1 : 1)) });
}

export function drawNarrowQuestion(draw: Draw): OracleQuestion {
  const guarantees = Array.from({ length: 6 }, (): RequiredGuarantee => {
    const bound = draw.pick(BOUNDS);
    return { ...SUBJECT, bound, value: drawShareOrNumber(draw, bound), of: relationOf(draw, bound), basis: "declared" };
  });
  return plainQuestion({ guarantees, quantities: { ...QUANTITIES } });
}

/** References whose products with costs no double holds. */
const REFERENCES = [9_007_199_254_740_991, 7_000_000_000_123, 333_333_333_333_333, 999_983] as const;

/** A price and a latency at or beside a whole number of millionths of a reference. */
export function drawPricedEntry(draw: Draw, service: string): ServiceEntry {
  const amount = () => {
    const reference = BigInt(draw.pick(REFERENCES));
    const number = (BigInt(draw.int(0, 1_000_000)) * reference) / 1_000_000n + BigInt(draw.int(-1, 1));
    return Math.max(0, Number(number > reference ? reference : number));
  };
  return plainEntry(service, {
    cost: { currency: "USD", prices: [{ unit: "request", picos: amount() }] },
    guarantees: [{ property: "latency-p95", bound: "max", value: amount(), unit: "us", of: null, basis: "declared" }],
  });
}

export function drawPricedQuestion(draw: Draw): OracleQuestion {
  return plainQuestion({
    quantities: { request: 1 },
    budgetPicos: draw.pick(REFERENCES),
    latency: draw.maybe(50, () => ({ percentile: "p95", maxUs: draw.pick(REFERENCES) })),
  });
}
