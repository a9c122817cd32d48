/**
 * Decisions in planned worlds: the planner's, the run's and the verifier's are this one.
 *
 * Invariants:
 *   L1. A world is opened once and a question decided once, whoever asks it again; both are named by their digests.
 *   L2. Every decision is made at the moment of all planned decisions, and without the answers of policies.
 *
 * @module
 */
import {
  type Digest,
  digestJson,
  type JsonObject,
  type PlannedWorld,
  type RouteIdentity,
  type RouteRequest,
} from "@canonic/contracts";
import { type DecisionBudget, UNBOUNDED } from "../budget.ts";
import { isCaioError } from "../errors.ts";
import { decide } from "../kernel/decide.ts";
import type { Decided } from "../kernel/decided.ts";
import type { PreparedWorld } from "../kernel/prepared-world.ts";
import { rederive } from "../kernel/rederive.ts";
import { openRuledWorld } from "../router/ruled-world.ts";

/** Milliseconds since 1970 of the moment that contracts call `PLANNED_AT`. */
const PLANNED_MS = 0;

/** A recorded decision and all that it was made from; `worldDigest` is that of `world`. */
export interface PlannedQuestion {
  readonly decision: unknown;
  readonly request: RouteRequest;
  readonly identity: RouteIdentity | null;
  readonly world: PlannedWorld;
  readonly worldDigest: Digest;
}

export class PlannedWorlds {
  readonly #worlds = new Map<Digest, PreparedWorld>();
  readonly #decided = new Map<string, Decided>();
  readonly #budget: DecisionBudget;

  /** @param budget - Of all that is decided here; a verifier gives one, whoever decides in a world of his own need not. */
  constructor(budget: DecisionBudget = UNBOUNDED) {
    this.#budget = budget;
  }

  /**
   * Decides one question.
   *
   * @param worldDigest - Of `world`.
   * @throws {CaioError} `caio.world-invalid`, `caio.rule-invalid`, `caio.request-invalid`, `caio.budget-spent`.
   */
  decide(world: PlannedWorld, worldDigest: Digest, request: RouteRequest, identity: RouteIdentity | null): Decided {
    const key = `${worldDigest} ${digestJson(request as unknown as JsonObject)} ${digestJson(identity)}`;
    const known = this.#decided.get(key);
    if (known !== undefined) return known;
    const opened = this.#open(world, worldDigest);
    const decided = decide(opened, { request, identity, authorization: null, at: PLANNED_MS });
    this.#decided.set(key, decided);
    return decided;
  }

  /**
   * Decides a recorded question again; the places where the record differs, none when it holds, and null when the budget is spent:
   * nobody knows then. Throws for no content.
   */
  rederive(question: PlannedQuestion): readonly { readonly pointer: string; readonly expected: string }[] | null {
    const { decision, request, identity, world, worldDigest } = question;
    try {
      return rederive(decision, request, identity, null, this.#open(world, worldDigest));
    } catch (error) {
      if (!isCaioError(error)) throw error;
      if (error.code === "caio.budget-spent") return null;
      return [{ pointer: "/world", expected: `a world that can be decided in (${error.code})` }];
    }
  }

  #open({ schema: _schema, ...world }: PlannedWorld, digest: Digest): PreparedWorld {
    const known = this.#worlds.get(digest);
    if (known !== undefined) return known;
    const opened = openRuledWorld(world, this.#budget);
    this.#worlds.set(digest, opened);
    return opened;
  }
}
