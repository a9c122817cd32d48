/**
 * Who answers at gates: in a restless world often badly, in a calm one well.
 *
 * @module
 */
import type { GateRequest } from "@canonic/contracts";
import { APPROVAL_KINDS, type ApprovalKind, presentApproval } from "./people.ts";
import type { Choices } from "./seeded-choices.ts";
import type { World } from "./world.ts";

export class Approver {
  readonly #world: World;
  readonly #choices: Choices;
  /** True for one who says no about every other time. */
  readonly #rejects: boolean;
  readonly #presented: unknown[] = [];

  constructor(world: World, choices: Choices) {
    this.#world = world;
    this.#choices = choices;
    this.#rejects = choices.chance(1, 10);
  }

  /** What is presented to a gate; null is nothing. */
  approve(request: GateRequest, isCalm: boolean): unknown {
    const kind = this.#kind(isCalm);
    this.#world.coverage.count(`approval ${kind}`);
    this.#world.story?.(`  at ${request.gate} somebody presents: ${kind}`);
    const approval = presentApproval(this.#world, request, kind, this.#presented.length, this.#presented.at(-1));
    if (approval !== null) this.#presented.push(approval);
    return approval;
  }

  #kind(isCalm: boolean): ApprovalKind {
    const choices = this.#choices;
    const meant: ApprovalKind = this.#rejects && choices.chance(1, 2) ? "rejection" : "good";
    if (isCalm) return meant;
    const drawn = choices.weighted<ApprovalKind>([
      [8, meant],
      [3, "nothing"],
      [6, "again"],
      [8, choices.pick(APPROVAL_KINDS)],
    ]);
    return drawn === "again" && this.#presented.length === 0 ? meant : drawn;
  }
}
