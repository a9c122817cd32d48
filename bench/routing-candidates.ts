/**
 * What a service can be for the requests of the trace, read straight from its contract: for what routing is compared with.
 *
 * None of it is the router's code: the bare loop, the exact loop and the peers see these and nothing else.
 *
 * @module
 */
import type { RouteQuestion } from "@canonic/caio";
import type { ServiceContract, ServiceEntry } from "@canonic/contracts";

/** Limits in tokens, prices in pico-units; NaN what is not stated, or only assumed. */
export interface Candidate {
  readonly name: string;
  readonly inputMax: number;
  readonly outputMax: number;
  /** Infinite where the other two bound the sum. */
  readonly totalMax: number;
  readonly inputPicos: number;
  readonly outputPicos: number;
  readonly requestPicos: number;
}

/** Of a question of the trace. */
export interface Asked {
  readonly input: number;
  readonly output: number;
  readonly budgetPicos: number;
}

export function askedOf({ request: { quantities, budgetPicos } }: RouteQuestion): Asked {
  const [input = 0, output = 0] = [quantities["input-token"], quantities["output-token"]];
  return { input, output, budgetPicos: budgetPicos ?? Number.NaN };
}

/** Whether it may serve anybody's public chat, whatever its limits and prices. */
export function isOpen({ contract, state }: ServiceEntry): boolean {
  const { permission, trustRequired } = contract.security;
  const isUp = state === "active" || state === "probation";
  return isUp && contract.capabilities.includes("chat") && permission === null && trustRequired === 0;
}

export function candidateOf({ contract }: ServiceEntry): Candidate {
  const inputMax = limitOf(contract, "inputTokensMax");
  const outputMax = limitOf(contract, "outputTokensMax");
  const isSilent = contract.constraints.totalTokensMax === null && !isAssumed(contract, "/constraints/totalTokensMax");
  const isBound = isSilent && !Number.isNaN(inputMax) && !Number.isNaN(outputMax);
  const priceOf = (unit: string) =>
    contract.cost === null || isAssumed(contract, "/cost")
      ? Number.NaN
      : (contract.cost.prices.find((price) => price.unit === unit)?.picos ?? 0);
  return {
    name: `${contract.service} ${contract.version}`,
    inputMax,
    outputMax,
    totalMax: isBound ? Number.POSITIVE_INFINITY : limitOf(contract, "totalTokensMax"),
    inputPicos: priceOf("input-token"),
    outputPicos: priceOf("output-token"),
    requestPicos: priceOf("request"),
  };
}

/** Whether it states all that the requests of the trace are held against. */
export function isStated(candidate: Candidate): boolean {
  return Object.values(candidate).every((value) => !Number.isNaN(value));
}

export function isAdmissible(candidate: Candidate, { input, output }: Asked): boolean {
  return input <= candidate.inputMax && output <= candidate.outputMax && input + output <= candidate.totalMax;
}

/** The cost of a request, exact. */
export function picosOf({ inputPicos, outputPicos, requestPicos }: Candidate, { input, output }: Asked): bigint {
  return BigInt(inputPicos) * BigInt(input) + BigInt(outputPicos) * BigInt(output) + BigInt(requestPicos);
}

/** The least that any admissible candidate costs within the budget, by looking at every one of them; null when there is none. */
export function leastPicos(candidates: readonly Candidate[], asked: Asked): bigint | null {
  let least: bigint | null = null;
  for (const candidate of candidates) {
    if (!isAdmissible(candidate, asked)) continue;
    const picos = picosOf(candidate, asked);
    if (picos <= BigInt(asked.budgetPicos) && (least === null || picos < least)) least = picos;
  }
  return least;
}

type Limit = keyof ServiceContract["constraints"];

function limitOf(contract: ServiceContract, field: Limit): number {
  const limit = contract.constraints[field];
  return limit === null || isAssumed(contract, `/constraints/${field}`) ? Number.NaN : limit;
}

function isAssumed({ assumed }: ServiceContract, pointer: string): boolean {
  return assumed.some((one) => pointer === one || pointer.startsWith(`${one}/`));
}
