/**
 * Where published test vectors are looked for: `CANONIC_VECTORS`, else `shared/vectors` beside the repository.
 * They are not part of the project; tests that need them say so and skip when they are absent.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const beside = fileURLToPath(new URL("../../../../shared/vectors/", import.meta.url));

/** The folder of one set of vectors, or undefined where it is absent. */
export function vectorsFolder(name: string): string | undefined {
  const root = process.env["CANONIC_VECTORS"] ?? beside;
  const folder = `${root.replace(/\/$/, "")}/${name}`;
  return existsSync(folder) ? folder : undefined;
}
