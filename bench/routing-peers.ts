/**
 * Others that route: a bare loop over typed arrays, and two libraries of npm doing their simpler jobs.
 *
 *     bare loop           filter and minimum over the columns of one question kind: no verdict, no reason, no order of equals
 *     json-rules-engine   one rule for each service, in order of price; the first that matches is taken, or all that match
 *     @tokenlens/helpers  `pickModelFor`: the smallest context window that holds the request
 *
 * @module
 */
import type { ServiceEntry } from "@canonic/contracts";
import { pickModelFor } from "@tokenlens/helpers";
import { Engine } from "json-rules-engine";
import { type Asked, type Candidate, candidateOf, isOpen } from "./routing-candidates.ts";

/** The place of the cheapest of all services for a question; -1 when none can. */
export function bareLoop(services: readonly ServiceEntry[]): (asked: Asked) => number {
  const candidates = services.map(candidateOf);
  const columnOf = (field: Exclude<keyof Candidate, "name">) =>
    Float64Array.from(candidates, (candidate) => candidate[field]);
  const open = Uint8Array.from(services, (entry) => Number(isOpen(entry)));
  const [inputMax, outputMax, totalMax] = [columnOf("inputMax"), columnOf("outputMax"), columnOf("totalMax")];
  const [inputPicos, outputPicos] = [columnOf("inputPicos"), columnOf("outputPicos")];
  const requestPicos = columnOf("requestPicos");
  return ({ input, output, budgetPicos }) => {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let index = 0; index < open.length; index += 1) {
      if (open[index] === 0 || !((inputMax[index] as number) >= input) || !((outputMax[index] as number) >= output)) {
        continue;
      }
      const cost =
        (inputPicos[index] as number) * input +
        (outputPicos[index] as number) * output +
        (requestPicos[index] as number);
      if ((totalMax[index] as number) >= input + output && cost <= budgetPicos && cost < least) {
        best = index;
        least = cost;
      }
    }
    return best;
  };
}

/** Finds candidates by name, first the one that is taken; no names when there is none. */
export type Peer = (asked: Asked) => Promise<readonly string[]>;

export const PEERS = {
  "json-rules-engine 7.3.1, first match": (candidates: readonly Candidate[]) => rulesEngine(candidates, "first"),
  "json-rules-engine 7.3.1, all matches": (candidates: readonly Candidate[]) => rulesEngine(candidates, "all"),
  "@tokenlens/helpers 1.3.1, pickModelFor": smallestWindow,
} as const;

/** Routes stand in order of what a token in and a token out cost together; all that match are for the caller to choose from. */
function rulesEngine(candidates: readonly Candidate[], take: "all" | "first"): Peer {
  const engine = new Engine();
  const priceOf = ({ inputPicos, outputPicos }: Candidate) => inputPicos + outputPicos;
  const ordered = [...candidates].sort((a, b) => priceOf(a) - priceOf(b));
  ordered.forEach(({ name, inputMax, outputMax, totalMax }, place) => {
    const atMost = (fact: string, value: number) => ({ fact, operator: "lessThanInclusive", value });
    engine.addRule({
      name,
      priority: take === "first" ? ordered.length - place : 1,
      conditions: {
        all: [atMost("input", inputMax), atMost("output", outputMax), atMost("total", totalMax)],
      },
      event: { type: "route", params: { name } },
    });
  });
  if (take === "first") engine.on("success", () => void engine.stop());
  return async ({ input, output }) => {
    const { events } = await engine.run({ input, output, total: input + output });
    return events.map(({ params }) => params?.["name"] as string);
  };
}

function smallestWindow(candidates: readonly Candidate[]): Peer {
  const models = Object.fromEntries(
    candidates.map(({ name, inputMax, outputMax, totalMax }) => {
      const context = Number.isFinite(totalMax) ? totalMax : inputMax;
      return [name, { id: name, name, limit: { context, input: inputMax, output: outputMax } }];
    }),
  );
  const catalog = { all: { id: "all", name: "all", models } };
  return async ({ input, output }) => {
    const picked = pickModelFor(input + output, { catalog });
    return picked === undefined ? [] : [picked.id.slice("all:".length)];
  };
}
