/**
 * What all statements about a run speak of: its seal, and its outputs where it has any.
 *
 * `outputs.jsonl` is the digest of that file of the bundle. `seal` is the digest of the last line of `events.jsonl`, without
 * its line feed: a run that gave nothing has a seal still, and the seal holds counts and head of everything before it.
 *
 * @module
 */
import { OUTPUTS } from "../bundle-layout.ts";
import { type ResourceDescriptor, resourceOf } from "./in-toto.ts";
import type { StatementRecord } from "./record.ts";

export function subjectsOf({ sealed }: StatementRecord): readonly ResourceDescriptor[] {
  const seal = resourceOf("seal", sealed.digest);
  const { outputs } = sealed.data;
  return outputs === null ? [seal] : [resourceOf(OUTPUTS, outputs), seal];
}

/** The log as a URI: origins are URIs without their scheme (C2SP tlog-checkpoint). Nothing has to answer there. */
export function logUri({ origin }: Pick<StatementRecord, "origin">): string {
  return `https://${origin}`;
}

export function runUri(record: StatementRecord): string {
  return `${logUri(record)}/runs/${record.run}`;
}
