/**
 * Writes the committed vectors: `node --conditions=@canonic/source tests/vectors/bundles/generate.ts`.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { canonicalJson } from "@canonic/contracts";
import { makeVectors, trustFile } from "./make.ts";

const vectors = await makeVectors();
const lines = vectors.map((vector) => `${canonicalJson(vector as never)}\n`).join("");
writeFileSync(new URL("bundles.jsonl", import.meta.url), lines);
writeFileSync(new URL("trust.json", import.meta.url), `${canonicalJson(trustFile)}\n`);
process.stdout.write(`${vectors.length} vectors\n`);
