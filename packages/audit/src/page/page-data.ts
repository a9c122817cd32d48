/**
 * What the page of a bundle shows: read from the files and events that the bundle is made of.
 *
 * @module
 */
import {
  byCodeUnit,
  type ContractVerdict,
  type Digest,
  digestBytes,
  type JsonValue,
  type Plan,
  type RunEvent,
  type RunId,
  type RunStatus,
} from "@canonic/contracts";
import { CERTIFICATES } from "../bundle-layout.ts";
import type { ExportContext } from "../export-context.ts";
import { canonicalOrUndefined } from "../lineage/record.ts";

/** How many events are shown from each end, and how many refusals and failures. */
const ENDS = 5;
const TROUBLES_MAX = 20;

export interface PageFile {
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface PageData {
  readonly run: RunId;
  readonly origin: string;
  readonly number: number;
  /** Null while the run is not sealed. */
  readonly status: RunStatus | null;
  readonly startedAt: string;
  readonly sealedAt: string | null;
  readonly plan: Pick<Plan, "mode" | "user" | "gates" | "kind"> & { readonly digest: Digest; readonly tasks: number };
  readonly outputs: { readonly count: number; readonly digest: Digest | null };
  readonly checkpoint: { readonly size: number; readonly root: string };
  readonly verdicts: readonly ContractVerdict[];
  readonly certificates: readonly PageCertificate[];
  readonly tokens: readonly EventOf<"TOKEN_VALIDATION">[];
  readonly requests: readonly EventOf<"APPROVAL_REQUESTED">[];
  readonly approvals: readonly EventOf<"APPROVAL_RECORDED">[];
  readonly troubles: readonly RunEvent[];
  readonly counts: readonly (readonly [string, number])[];
  readonly events: number;
  readonly first: readonly RunEvent[];
  readonly last: readonly RunEvent[];
  readonly redacted: readonly Digest[];
  /** The files at the top of the bundle, and what lies in its folders. */
  readonly files: readonly PageFile[];
  readonly folders: readonly { readonly name: string; readonly files: number; readonly sizeBytes: number }[];
}

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

export interface PageCertificate {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly missing: readonly string[];
}

/** @throws never: what of it is not there is not shown. */
export function pageDataOf(context: ExportContext): PageData {
  const { record, plan, checkpoint, files, options, redacted } = context;
  const { events, run } = record;
  const ofType = <Type extends RunEvent["type"]>(type: Type) =>
    events.filter((event): event is EventOf<Type> => event.type === type);
  const [frozen] = ofType("PLAN_FROZEN");
  const seal = ofType("RUN_SEALED").at(-1);
  return {
    run,
    origin: options.identity.origin,
    number: frozen?.data.number ?? 0,
    status: seal?.data.status ?? null,
    startedAt: frozen?.at ?? "",
    sealedAt: seal?.at ?? null,
    plan: {
      mode: plan.mode,
      user: plan.user,
      gates: plan.gates,
      kind: plan.kind,
      digest: record.chain.plan as Digest,
      tasks: plan.tasks.length,
    },
    outputs: { count: seal?.data.outputsCount ?? 0, digest: seal?.data.outputs ?? null },
    checkpoint: { size: checkpoint.size, root: Buffer.from(checkpoint.root).toString("base64") },
    verdicts: ofType("CONTRACT_VERDICT").map(({ data }) => data),
    certificates: certificatesOf(files.get(CERTIFICATES)),
    tokens: ofType("TOKEN_VALIDATION"),
    requests: ofType("APPROVAL_REQUESTED"),
    approvals: ofType("APPROVAL_RECORDED"),
    troubles: events.filter(isTrouble).slice(0, TROUBLES_MAX),
    counts: countsOf(events),
    events: events.length,
    first: events.slice(0, ENDS),
    last: events.slice(Math.max(ENDS, events.length - ENDS)),
    redacted: [...redacted].sort(byCodeUnit),
    ...filesOf(files),
  };
}

const TROUBLE: readonly RunEvent["type"][] = [
  "BOUNDARY_VIOLATION",
  "EXECUTION_DENIED",
  "OPERATION_ABORTED",
  "RUN_STOPPED",
  "RUN_VOIDED",
];

function isTrouble({ type }: RunEvent): boolean {
  return TROUBLE.includes(type);
}

function countsOf(events: readonly RunEvent[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => byCodeUnit(a, b));
}

function certificatesOf(file: Uint8Array | undefined): PageCertificate[] {
  if (file === undefined) return [];
  const lines = Buffer.from(file).toString("utf8").split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const value = (canonicalOrUndefined(Buffer.from(line, "utf8")) ?? {}) as Readonly<Record<string, JsonValue>>;
    const { id, name, status, missing } = value;
    if (typeof id !== "string" || typeof name !== "string" || typeof status !== "string") return [];
    const reasons = (Array.isArray(missing) ? missing : []) as readonly { readonly message?: JsonValue }[];
    return [{ id, name, status, missing: reasons.map(({ message }) => String(message ?? "")) }];
  });
}

function filesOf(files: ReadonlyMap<string, Uint8Array>): Pick<PageData, "files" | "folders"> {
  const top: PageFile[] = [];
  const folders = new Map<string, { files: number; sizeBytes: number }>();
  for (const [path, bytes] of files) {
    const slash = path.indexOf("/");
    if (slash < 0) {
      top.push({ path, digest: digestBytes(bytes), sizeBytes: bytes.length });
      continue;
    }
    const name = path.slice(0, slash + 1);
    const folder = folders.get(name) ?? { files: 0, sizeBytes: 0 };
    folders.set(name, { files: folder.files + 1, sizeBytes: folder.sizeBytes + bytes.length });
  }
  return {
    files: top.sort((a, b) => byCodeUnit(a.path, b.path)),
    folders: [...folders].map(([name, folder]) => ({ name, ...folder })).sort((a, b) => byCodeUnit(a.name, b.name)),
  };
}
