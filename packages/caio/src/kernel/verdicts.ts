/**
 * The verdicts of all services of one decision: as values, as leaves, and under one root.
 *
 * Invariants:
 *   V1. The bytes of a leaf are the canonical JSON of the verdict: its keys stand in order, and none of its texts has a
 *       character that JSON escapes.
 *
 * @see docs/routing.md, section 9.
 * @module
 */
import { type Digest, digestFromBytes, type ServiceVerdict } from "@canonic/contracts";
import type { AskedClause } from "./asked-clause.ts";
import type { PreparedWorld } from "./prepared-world.ts";
import { MerkleTree } from "./tree.ts";

const [S, V, U] = [..."svu"].map((letter) => letter.charCodeAt(0)) as [number, number, number];
/** Of one leaf without its states: a service id, a version, a digest, three numbers and the keys. */
const LEAF_BYTES_MAX = 512;
const HASH_ROOM = 64;

export interface VerdictParts {
  readonly world: PreparedWorld;
  readonly clauses: readonly AskedClause[];
  /** NaN where they are not known; scores are NaN where the service did not pass. */
  readonly costs: Float64Array;
  readonly latencies: Float64Array;
  readonly scores: Float64Array;
}

export class Verdicts {
  readonly #parts: VerdictParts;
  #letters: Buffer | undefined;
  #tree: MerkleTree | undefined;

  constructor(parts: VerdictParts) {
    this.#parts = parts;
  }

  get root(): Digest {
    return digestFromBytes(this.#whole().root);
  }

  path(index: number): Digest[] {
    return this.#whole().path(index).map(digestFromBytes);
  }

  at(index: number): ServiceVerdict {
    const { world, costs, latencies, scores } = this.#parts;
    const { service, version } = world.entry(index).contract;
    return {
      service,
      version,
      contract: world.contractDigests[index] as Digest,
      states: this.#states(index),
      costPicos: numberOrNull(costs[index] as number),
      latencyUs: numberOrNull(latencies[index] as number),
      score: numberOrNull(scores[index] as number),
    };
  }

  #whole(): MerkleTree {
    const { world, clauses } = this.#parts;
    if (this.#tree === undefined) {
      world.budget.takeSteps(world.size * (LEAF_BYTES_MAX + clauses.length));
      world.budget.takeRoom(world.size * (HASH_ROOM + clauses.length));
    }
    this.#tree ??= new MerkleTree(world.size, LEAF_BYTES_MAX + clauses.length, (index, into) => {
      into[0] = 0;
      return 1 + into.write(this.#leaf(index), 1, "latin1");
    });
    return this.#tree;
  }

  #leaf(index: number): string {
    const { world, costs, latencies, scores } = this.#parts;
    const { service, version } = world.entry(index).contract;
    const [cost, latency, score] = [costs, latencies, scores].map((column) => numberOrNull(column[index] as number));
    return `{"contract":"${world.contractDigests[index]}","costPicos":${cost},"latencyUs":${latency},"score":${score},"service":"${service}","states":"${this.#states(index)}","version":"${version}"}`;
  }

  #states(index: number): string {
    const { clauses, world } = this.#parts;
    this.#letters ??= lettersOf(clauses, world.size);
    return this.#letters.toString("latin1", index * clauses.length, (index + 1) * clauses.length);
  }
}

/** One row of letters for each service. */
function lettersOf(clauses: readonly AskedClause[], size: number): Buffer {
  const letters = Buffer.alloc(size * clauses.length, V);
  clauses.forEach(({ answers }, clause) => {
    for (const [set, letter] of [[answers.satisfied, S] as const, [answers.unknown, U] as const]) {
      for (let word = 0; word < set.length; word += 1) {
        let bits = set[word] as number;
        while (bits !== 0) {
          const low = bits & -bits;
          bits ^= low;
          letters[(word * 32 + 31 - Math.clz32(low)) * clauses.length + clause] = letter;
        }
      }
    }
  });
  return letters;
}

export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
