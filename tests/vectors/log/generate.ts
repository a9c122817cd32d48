/**
 * Writes the vectors: `node --conditions=@canonic/source tests/vectors/log/generate.ts`. Equal sources, equal bytes.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { checkpointVectors } from "./checkpoint-vectors.ts";
import { policyVectors } from "./policy-vectors.ts";
import { proofVectors } from "./proof-vectors.ts";

/** Each file's name and text. */
export async function vectorFiles(): Promise<ReadonlyMap<string, string>> {
  const files: Record<string, unknown> = {
    "checkpoints.json": checkpointVectors,
    "tlog-proofs.json": await proofVectors(),
    "log-policies.json": policyVectors,
  };
  return new Map(Object.entries(files).map(([name, vectors]) => [name, `${JSON.stringify(vectors, null, 2)}\n`]));
}

if (import.meta.main)
  for (const [name, text] of await vectorFiles()) writeFileSync(new URL(name, import.meta.url), text);
