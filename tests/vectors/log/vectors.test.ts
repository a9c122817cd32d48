/** The published vectors: as the generator writes them, judged by ours, and by Go where it is. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cosignaturesOf,
  isSatisfied,
  leafHash,
  openCheckpoint,
  openLogProof,
  parseLogPolicy,
  parseLogProof,
  parseVerifierKey,
  SIGNATURE_TYPE,
} from "@canonic/audit";
import { afterAll, describe, expect, test } from "vitest";
import { buildGoJudge } from "../../interop/go/go-judge.ts";
import type { CheckpointVector } from "./checkpoint-vectors.ts";
import { vectorFiles } from "./generate.ts";
import type { PolicyVector } from "./policy-vectors.ts";
import type { ProofVector } from "./proof-vectors.ts";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const checkpoints = JSON.parse(read("checkpoints.json")) as CheckpointVector[];
const proofs = JSON.parse(read("tlog-proofs.json")) as ProofVector[];
const policies = JSON.parse(read("log-policies.json")) as PolicyVector[];
const scratch = mkdtempSync(join(tmpdir(), "canonic-vectors-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const judge = await buildGoJudge(scratch);
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the vectors", () => {
  test("are those of the generator, byte for byte", async () => {
    for (const [name, text] of await vectorFiles()) expect(read(name)).toBe(text);
  });

  test("are as many as the README says, good and bad", () => {
    const counts = (all: readonly unknown[], isGood: (vector: never) => boolean) => {
      const good = all.filter((vector) => isGood(vector as never)).length;
      return [good, all.length - good];
    };
    const notes = policies.flatMap(({ notes }) => notes);
    const figures = [
      counts(checkpoints, ({ opens }: CheckpointVector) => opens !== null),
      counts(proofs, ({ proves }: ProofVector) => proves !== null),
      counts(policies, ({ refusedAt }: PolicyVector) => refusedAt === null),
      counts(notes, ({ satisfied }: { satisfied: boolean }) => satisfied),
    ];

    expect(figures).toEqual(
      [...read("README.md").matchAll(/^\|.*\| (\d+) \| (\d+) \|$/gm)].map(([, good, bad]) => [
        Number(good),
        Number(bad),
      ]),
    );
    expect(figures.length).toBe(4);
    expect(figures.flat().every((count) => count > 0)).toBe(true);
  });

  test.each(checkpoints)("checkpoint $name", ({ keys, note, opens }) => {
    const parsed = keys.map(parseVerifierKey);
    const [logs, witnesses] = [SIGNATURE_TYPE.ed25519, SIGNATURE_TYPE.cosignature].map((type) =>
      parsed.filter((key) => key.type === type),
    ) as [typeof parsed, typeof parsed];
    const bytes = Buffer.from(note);
    const open = () => {
      const { origin, size, root } = openCheckpoint(bytes, logs);
      const times = cosignaturesOf(bytes, witnesses).map(({ time }) => time);
      return { origin, size, root: Buffer.from(root).toString("base64"), times };
    };

    if (opens === null) expect(open).toThrow(expect.objectContaining({ name: "AuditError" }));
    else expect(open()).toEqual(opens);
  });

  test.each(proofs)("tlog-proof $name", ({ key, leaf, proof, proves }) => {
    const bytes = Buffer.from(proof);
    const open = () => {
      const { size } = openLogProof(bytes, leafHash(Buffer.from(leaf)), [parseVerifierKey(key)]);
      return { index: parseLogProof(bytes).index, size };
    };

    if (proves === null) expect(open).toThrow(expect.objectContaining({ name: "AuditError" }));
    else expect(open()).toEqual(proves);
  });

  test.each(policies)("log policy with $name", ({ policy, refusedAt, notes }) => {
    if (refusedAt !== null) {
      const details = expect.objectContaining({ line: refusedAt });
      expect(() => parseLogPolicy(policy)).toThrow(expect.objectContaining({ code: "audit.policy-invalid", details }));
      return;
    }
    const parsed = parseLogPolicy(policy);

    expect(notes.map(({ note }) => isSatisfied(parsed, Buffer.from(note)))).toEqual(
      notes.map(({ satisfied }) => satisfied),
    );
  });
});

describe.skipIf(judge === undefined)("Go's note and tlog", () => {
  test("say the same of every checkpoint", async () => {
    const cases = checkpoints.map(({ keys, note }) => ({ kind: "checkpoint", keys, note: base64(note) }) as const);
    const answers = (await judge?.(cases)) as (string | null)[];

    const other = checkpoints.filter(({ opens }, at) => (opens === null) !== (answers[at] !== null));
    expect(other.map(({ name }) => name)).toEqual([]);
  });

  test("say the same of every tlog-proof", async () => {
    const cases = proofs.map(
      ({ key, leaf, proof }) => ({ kind: "tlog-proof", keys: [key], note: base64(proof), leaf: base64(leaf) }) as const,
    );
    const answers = (await judge?.(cases)) as (string | null)[];

    const other = proofs.filter(({ proves }, at) => (proves === null) !== (answers[at] !== null));
    expect(other.map(({ name }) => name)).toEqual([]);
  });
});
