/**
 * `prov.json` of a bundle: written by the exporter, recomputed by the verifier.
 *
 * Invariants:
 *   E1. Both compute it from what else is in the bundle. An artifact that was removed is missing for both.
 *   E2. A bundle without the file is as good as one with it; one with another file is false.
 *
 * @module
 */
import type { Digest, JsonValue, RunEvent } from "@canonic/contracts";
import { artifactPath, CERTIFICATES, PROV } from "../bundle-layout.ts";
import type { ExportContext } from "../export-context.ts";
import { sameBytes } from "../tree-hash.ts";
import type { VerifyContext, VerifyOpening, VerifyReader } from "../verify-context.ts";
import type { Planned } from "../verify-plan.ts";
import { PROV_TASKS_MAX, provenanceOf } from "./provenance.ts";
import { canonicalOrUndefined, certificatesIn, LineageFacts } from "./record.ts";

/** An export part: behind everything that `prov.json` is computed from. */
export function addProvenance(context: ExportContext): void {
  const { record, plan, files, options } = context;
  if (plan.tasks.length > PROV_TASKS_MAX) return;
  const facts = new LineageFacts();
  for (const event of record.events) facts.next(event);
  const values = new Map<Digest, JsonValue | undefined>();
  const artifacts = {
    get(digest: Digest): JsonValue | undefined {
      if (!values.has(digest)) values.set(digest, canonicalOrUndefined(files.get(artifactPath(digest))));
      return values.get(digest);
    },
  };
  const certificates = certificatesIn(files.get(CERTIFICATES));
  const bytes = provenanceOf({
    run: record.run,
    origin: options.identity.origin,
    plan,
    facts,
    artifacts,
    certificates,
  });
  if (bytes !== undefined) context.add(PROV, bytes);
}

/** A reader part of a verification: keeps nothing of a run that has no `prov.json`. */
export function provenanceReader({ files }: VerifyOpening, { plan }: Planned): VerifyReader {
  const facts = files.has(PROV) && plan.tasks.length <= PROV_TASKS_MAX ? new LineageFacts() : undefined;
  return {
    next: (event: RunEvent) => facts?.next(event),
    end: async (context) => {
      if (files.has(PROV)) await compare(context, facts);
    },
  };
}

async function compare(context: VerifyContext, facts: LineageFacts | undefined): Promise<void> {
  const { files, findings, manifest, planned } = context;
  const found = await files.bytes(PROV);
  if (found === undefined) return;
  if (facts === undefined) {
    findings.invalid("lineage-wrong", PROV, `a run of more than ${PROV_TASKS_MAX} tasks has no provenance file`);
    return;
  }
  const { plan, artifacts } = planned;
  const certificates = certificatesIn(await files.peek(CERTIFICATES));
  const { run, origin } = manifest;
  const recomputed = provenanceOf({ run, origin, plan, facts, artifacts, certificates });
  if (recomputed === undefined || !sameBytes(found, recomputed))
    findings.invalid(
      "lineage-wrong",
      PROV,
      "the provenance is not the one that follows from plan, events and artifacts",
    );
}
