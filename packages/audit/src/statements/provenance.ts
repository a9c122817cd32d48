/**
 * SLSA provenance v1 of a run: what it was made from, by whom, when.
 *
 * The builder is the log: whoever holds its key vouches for what it says. External parameters are what the person who
 * planned has chosen; the plan's digest stands for all of it. Dependencies are the files of the bundle that went in.
 *
 * Invariants:
 *   P1. Times are those of the first and the last event.
 *   P2. A plan with more than {@link ARTIFACTS_LISTED_MAX} artifacts is named alone: its digest covers theirs.
 *
 * @see https://slsa.dev/spec/v1.0/provenance
 * @module
 */
import { byCodeUnit, type Plan } from "@canonic/contracts";
import { artifactPath, PLAN, REGISTRY } from "../bundle-layout.ts";
import { type ResourceDescriptor, resourceOf, writeStatement } from "./in-toto.ts";
import type { StatementRecord } from "./record.ts";
import { logUri, subjectsOf } from "./subjects.ts";

const PREDICATE = "https://slsa.dev/provenance/v1";
/** How the parameters below are to be read; docs/statements.md says it for people. */
const BUILD_TYPE = "https://canonic.dev/run/v1";
export const ARTIFACTS_LISTED_MAX = 10_000;

export function provenanceOf(record: StatementRecord): Uint8Array {
  const { begun, sealed, plan, run } = record;
  const { engine, mode, number, semantics } = begun.data;
  return writeStatement(subjectsOf(record), PREDICATE, {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { mode, plan: begun.data.plan, request: plan.request, seed: plan.seed },
      internalParameters: { engine, number, semantics },
      resolvedDependencies: dependenciesOf(record),
    },
    runDetails: {
      builder: { id: logUri(record) },
      metadata: { invocationId: run, startedOn: begun.at, finishedOn: sealed.at },
      byproducts: [{ ...resourceOf("seal", sealed.digest), annotations: sealAnnotationsOf(record) }],
    },
  });
}

/** In the order plan, registry, contracts by name, artifacts by digest. */
function dependenciesOf({ begun, plan }: StatementRecord): readonly ResourceDescriptor[] {
  const artifacts = plan.artifacts.length > ARTIFACTS_LISTED_MAX ? [] : plan.artifacts;
  return [
    resourceOf(PLAN, begun.data.plan),
    resourceOf(REGISTRY, begun.data.registry),
    ...contractsOf(plan),
    ...artifacts.map((digest) => resourceOf(artifactPath(digest), digest)),
  ];
}

/** Each contract that a task is held to, once. */
function contractsOf({ tasks }: Plan): ResourceDescriptor[] {
  const contracts = new Map(
    tasks.map(({ operation, version, contract }) => [
      `${operation}@${version}`,
      resourceOf(`${operation}@${version}`, contract),
    ]),
  );
  return [...contracts].sort(([a], [b]) => byCodeUnit(a, b)).map(([, resource]) => resource);
}

/** How the run ended: provenance of a run that was denied or violated is provenance too, and must not look like success. */
function sealAnnotationsOf({ sealed }: StatementRecord) {
  const { events, outputsCount, status } = sealed.data;
  return { events, outputs: outputsCount, status };
}
