/**
 * The statements of a run into its bundle: all of them, or none.
 *
 * A log that is only read cannot enter what it does not have; then nothing is said, which is no fault of the run.
 *
 * @module
 */
import type { ExportContext } from "../export-context.ts";
import { statementsAbout } from "./about-run.ts";
import { findStatements } from "./logged-statement.ts";
import { writeSigstoreBundle } from "./sigstore-bundle.ts";

/** After certificates and checkpoint. */
export async function addStatements(context: ExportContext): Promise<void> {
  const { checkpoint, note, options, signer } = context;
  const statements = statementsAbout(context);
  const tree = { note, size: checkpoint.size, signer };
  const logged = await findStatements(options.storage, options.run, statements, tree);
  if (logged.length !== statements.length) return;
  for (const { path, statement } of logged) context.add(path, writeSigstoreBundle(statement));
}
