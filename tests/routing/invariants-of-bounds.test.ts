/**
 * The invariants of routing that speak of numbers: guarantees, latency, budget and the control signal, each over 1,200 decisions and by what the
 * raw contract and the observation say.
 *
 * @module
 */
import { decide } from "@canonic/caio";
import type { Guarantee, RequiredGuarantee, RouteRequest } from "@canonic/contracts";
import { expect, test } from "vitest";
import { type Candidate, chosenIn, pose } from "./generated/pool.ts";
import { drawValue } from "./generated/services.ts";
import { MAX_NUMBER, PROPERTIES } from "./generated/vocabulary.ts";
import { plainRequest } from "./plain.ts";

const CASES = 1_200;

/** What is known of a property of a service: an inclusive interval that its value surely lies in, in the unit asked for. */
function interval(candidate: Candidate, property: string, unit: string, request: RouteRequest, basis: string) {
  const known: { least: bigint; most: bigint } = { least: -(10n ** 40n), most: 10n ** 40n };
  const { entry, observation } = candidate;
  const stated = basis === "measured" ? [] : entry.contract.guarantees;
  for (const statement of stated) {
    if (statement.property !== property || statement.unit !== unit || statement.basis === "assumed") continue;
    const number = amountOf(statement, request);
    if (number === null) continue;
    if (["max", "relative_max", "equality"].includes(statement.bound) && number < known.most) known.most = number;
    if (["min", "min_multiple", "equality"].includes(statement.bound) && number > known.least) known.least = number;
  }
  if (observation === undefined || observation.receipts < 5) return known;
  const seen: Record<string, number> = {
    "latency-p50": observation.latencyUs.p50,
    "latency-p95": observation.latencyUs.p95,
    "latency-p99": observation.latencyUs.p99,
    "latency-max": observation.latencyUs.max,
  };
  const slowest = seen[property];
  if (unit === "us" && slowest !== undefined) {
    // Where both speak, the worse of both is what can be relied on.
    const said = known.most === 10n ** 40n ? 0n : known.most;
    known.most = BigInt(slowest) > said ? BigInt(slowest) : said;
  }
  if (unit === "ppm" && property === "reliability") {
    const said = known.least === -(10n ** 40n) ? 10n ** 40n : known.least;
    known.least = BigInt(observation.reliabilityPpm) < said ? BigInt(observation.reliabilityPpm) : said;
  }
  return known;
}

/** The number of a bound, made absolute by cross-multiplication; null where it has none. */
function amountOf({ bound, value, of }: Guarantee | RequiredGuarantee, { quantities }: RouteRequest): bigint | null {
  if (typeof value !== "number") return null;
  if (bound !== "relative_max" && bound !== "min_multiple") return BigInt(value);
  if (of === null || !Object.hasOwn(quantities, of)) return null;
  let whole = (BigInt(value) * BigInt(quantities[of] ?? 0)) / 1_000_000n;
  const product = BigInt(value) * BigInt(quantities[of] ?? 0);
  while (whole * 1_000_000n > product) whole -= 1n;
  if (bound === "min_multiple") while (whole * 1_000_000n < product) whole += 1n;
  return whole > BigInt(MAX_NUMBER) ? BigInt(MAX_NUMBER) : whole;
}

function priceOf({ entry }: Candidate, { quantities }: RouteRequest): bigint | null {
  const { cost } = entry.contract;
  if (cost === null) return null;
  let sum = 0n;
  for (const { unit, picos } of cost.prices) {
    if (Object.hasOwn(quantities, unit)) sum += BigInt(picos) * BigInt(quantities[unit] ?? 0);
  }
  return sum;
}

test("guarantees: whoever passes is bound to every demand by a statement or an observation, and none contradicts it", () => {
  let demands = 0;
  const counts = pose(
    (_, draw) => {
      const [property, unit] = draw.pick(PROPERTIES);
      const bound = unit === "us" ? "max" : draw.pick(["min", "min", "relative_max", "min_multiple"] as const);
      const relative = bound === "relative_max" || bound === "min_multiple";
      return {
        guarantees: [
          {
            property,
            bound,
            value: relative ? draw.pick([500_000, 2_000_000, -3]) : drawValue(draw, unit),
            unit,
            of: relative ? "input-token" : null,
            basis: draw.pick(["declared", "measured"]),
          },
        ],
      };
    },
    (posed) => {
      const { request } = posed.question;
      for (const candidate of posed.passed) {
        for (const demand of request.guarantees) {
          const wanted = amountOf(demand, request);
          if (wanted === null) throw new Error("a demand without a number was passed");
          const known = interval(candidate, demand.property, demand.unit, request, demand.basis);
          if (["max", "relative_max"].includes(demand.bound)) expect(known.most <= wanted).toBe(true);
          else expect(known.least >= wanted).toBe(true);
          demands += 1;
        }
      }
      const chosen = chosenIn(posed);
      if (chosen === undefined) return false;
      const kept = posed.decided.record().guarantees;
      expect(kept).toEqual(chosen.entry.contract.guarantees.filter(({ basis }) => basis !== "assumed"));
      return true;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(100);
  expect(demands).toBeGreaterThan(150);
});

test("latency: whoever passes is known to be as fast as asked, at the percentile that was asked for", () => {
  const counts = pose(
    (_, draw) => ({
      latency: {
        percentile: draw.pick(["max", "p50", "p95", "p99"] as const),
        maxUs: draw.pick([100_000, 500_000, 1_000_000, 3_000_000]),
      },
    }),
    ({ passed, question: { request } }) => {
      for (const candidate of passed) {
        const bound = interval(candidate, `latency-${request.latency?.percentile}`, "us", request, "declared").most;
        expect(bound <= BigInt(request.latency?.maxUs ?? 0)).toBe(true);
      }
      return passed.length > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(100);
});

test("performance bounds: the deadline is what was asked, else twice what is known, and grows with neither cost nor score", () => {
  const counts = pose(
    (_, draw) => ({ latency: draw.maybe(30, () => ({ percentile: "p95", maxUs: draw.int(100_000, 9_000_000) })) }),
    (posed) => {
      const { decided, question, world } = posed;
      const chosen = chosenIn(posed);
      if (chosen === undefined) return false;
      const { latencyUs } = decided.verdict(chosen.place);
      const known = latencyUs === null ? world.scoreProfile.latencyReferenceUs : Math.max(1, latencyUs * 2);
      const deadline = question.request.latency?.maxUs ?? Math.min(known, MAX_NUMBER);
      expect(decided.control?.deadlineUs).toBe(deadline);
      if (question.request.latency !== null && latencyUs !== null) {
        expect(latencyUs).toBeLessThanOrEqual(question.request.latency.maxUs);
      }
      return true;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("budget: whoever passes has a price that nobody assumed, and the exact sum of it is within the budget", () => {
  const counts = pose(
    (request, draw) => ({
      ...request,
      budgetPicos: draw.pick([0, 40_000, 1_000_000, 4_000_000_000, 1_000_000_000_000]),
    }),
    ({ passed, question: { request } }) => {
      for (const candidate of passed) {
        const price = priceOf(candidate, request);
        expect(price).not.toBeNull();
        expect((price ?? 0n) <= BigInt(request.budgetPicos ?? 0)).toBe(true);
        expect(candidate.entry.contract.assumed.filter((pointer) => ["", "/cost"].includes(pointer))).toEqual([]);
      }
      return passed.length > 0;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(200);
});

test("control stability: within its bounds, as much as its energy allows, no hotter for more accuracy, and again the same when obeyed", () => {
  const counts = pose(
    (_, draw) => ({
      guarantees: Array.from({ length: draw.int(0, 2) }, () => ({
        property: "accuracy",
        bound: "min",
        value: draw.pick([-7, 0, 100_000, 500_000, 900_000]),
        unit: "ppm",
        of: null,
        basis: "declared",
      })),
    }),
    (posed) => {
      const { control } = posed.decided;
      const chosen = chosenIn(posed);
      if (control === null || chosen === undefined) {
        expect([control, chosen]).toEqual([null, undefined]);
        return false;
      }
      const energy = (concurrency: number) =>
        Math.floor((control.temperaturePpm + Math.floor((1_000_000 * (concurrency - 1)) / 63)) / 2);
      expect(control.energyPpm).toBe(energy(control.concurrencyMax));
      expect(control.energyPpm).toBeLessThanOrEqual(750_000);
      const accuracies = posed.question.request.guarantees.map(({ value }) => value as number);
      const hottest = chosen.entry.contract.determinism === "recorded" ? 1_000_000 : 0;
      expect(control.temperaturePpm).toBe(accuracies.length === 0 ? hottest : 1_000_000 - Math.max(0, ...accuracies));
      const learned = posed.decided.ranking[0]?.terms.learned ?? 0;
      const wanted = chosen.entry.state === "probation" ? 1 : 1 + Math.floor((63 * learned) / 1_000_000);
      if (control.concurrencyMax < wanted) expect(energy(control.concurrencyMax + 1)).toBeGreaterThan(750_000);
      else expect(control.concurrencyMax).toBe(wanted);

      const { request } = posed.question;
      const stricter = plainRequest({
        ...request,
        guarantees: request.guarantees.map((demand) => ({ ...demand, value: (demand.value as number) + 50_000 })),
      });
      const tightened = decide(posed.opened, { ...posed.question, request: stricter });
      if (tightened.chosen === posed.decided.chosen && request.guarantees.length > 0) {
        expect(tightened.control?.temperaturePpm).toBeLessThanOrEqual(control.temperaturePpm);
      }
      if (control.outputTokensMax === null || control.outputTokensMax > 1_000_000_000_000) return true;
      const quantities = { ...request.quantities, "output-token": control.outputTokensMax };
      const obeyed = decide(posed.opened, { ...posed.question, request: { ...request, quantities } });
      if (obeyed.chosen === posed.decided.chosen) {
        // A latency that is stated per token moves with the tokens, and the deadline with it.
        expect({ ...obeyed.control, deadlineUs: 0 }).toEqual({ ...control, deadlineUs: 0 });
      }
      return true;
    },
  );

  expect(counts.cases).toBe(CASES);
  expect(counts.relevant).toBeGreaterThan(300);
});
