/**
 * The statements about a run as its bundle gives them: from the events, the plan, and the certificates that were added.
 *
 * @module
 */
import { CERTIFICATES } from "../bundle-layout.ts";
import type { ExportContext } from "../export-context.ts";
import { StatedEvents } from "./record.ts";
import { statedCertificates } from "./stated-certificates.ts";
import { type RunStatement, statementsOf } from "./statements-of.ts";

/** None about a run that is not sealed. */
export function statementsAbout({ files, options, plan, record }: ExportContext): readonly RunStatement[] {
  const stated = new StatedEvents();
  for (const event of record.events) stated.next(event);
  const certificates = statedCertificates(files.get(CERTIFICATES));
  const about = stated.record({ origin: options.identity.origin, run: options.run, plan, certificates });
  return about === undefined ? [] : statementsOf(about);
}
