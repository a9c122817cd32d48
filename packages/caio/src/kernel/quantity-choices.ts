/**
 * The quantities of tokens that a service's limits hold, nearest to what a request asks.
 *
 * @module
 */
import type { RouteRequest, ServiceContract } from "@canonic/contracts";
import { quantityOf } from "./guarantee-columns.ts";
import { heldLimit, LIMITS, statedLimit } from "./match-columns.ts";

/** New quantities of the units that change, null where one is taken away; `taken` is how many tokens that is less. */
export interface QuantityChoice {
  readonly taken: number;
  readonly quantities: Readonly<Record<string, number | null>>;
}

type Amount = number | null;

/**
 * The choices that every limit holds: what is asked for, each limit itself, what the limit of the sum leaves, and nothing said at all.
 * When the request is held as it is, that alone.
 */
export function quantityChoices(request: RouteRequest, contract: ServiceContract): QuantityChoice[] {
  const asked = [amount(request, "input-token"), amount(request, "output-token")] as const;
  const holds = holderOf(contract);
  if (holds(asked[0], asked[1])) return [{ taken: 0, quantities: {} }];
  const inputs = options(asked[0], statedLimit(contract, "inputTokensMax"));
  const outputs = options(asked[1], statedLimit(contract, "outputTokensMax"));
  const total = statedLimit(contract, "totalTokensMax") ?? Number.POSITIVE_INFINITY;
  const besides = (other: Amount) => Math.max(0, total - (other ?? 0));
  const pairs = inputs.flatMap((input) =>
    outputs.flatMap((output): (readonly [Amount, Amount])[] => {
      const [whole, answer] = [cut(input, total), cut(output, total)];
      return [
        [input, output],
        [cut(input, besides(output)), output],
        [input, cut(output, besides(input))],
        [whole, cut(output, besides(whole))],
        [cut(input, besides(answer)), answer],
      ];
    }),
  );
  return pairs.filter(([input, output]) => holds(input, output)).map((pair) => choiceOf(asked, pair));
}

function amount({ quantities }: RouteRequest, unit: string): Amount {
  return quantityOf(quantities, unit) ?? null;
}

function cut(asked: Amount, limit: number): Amount {
  return asked === null ? null : Math.min(asked, limit);
}

function options(asked: Amount, limit: number | undefined): Amount[] {
  if (asked === null) return [null];
  return limit === undefined || limit >= asked ? [asked, null] : [asked, limit, null];
}

/** Whether the clauses on tokens are all satisfied. */
function holderOf(contract: ServiceContract): (input: Amount, output: Amount) => boolean {
  const [inputMax, outputMax, totalMax] = LIMITS.map(({ field }) => heldLimit(contract, field)) as [
    number,
    number,
    number,
  ];
  return (input, output) => {
    const total = input === null && output === null ? null : (input ?? 0) + (output ?? 0);
    return (
      (input === null || input <= inputMax) &&
      (output === null || output <= outputMax) &&
      (total === null || total <= totalMax)
    );
  };
}

function choiceOf(asked: readonly [Amount, Amount], to: readonly [Amount, Amount]): QuantityChoice {
  const quantities: Record<string, number | null> = {};
  let taken = 0;
  for (const [place, unit] of (["input-token", "output-token"] as const).entries()) {
    const [from, now] = [asked[place] ?? null, to[place] ?? null];
    if (from === null || from === now) continue;
    quantities[unit] = now;
    taken += from - (now ?? 0);
  }
  return { taken, quantities };
}
