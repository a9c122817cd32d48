/**
 * What certificates need of a run's events: kept as the events pass, nothing else of them.
 *
 * @module
 */
import type {
  CertifiedRun,
  ContractVerdict,
  Digest,
  JsonValue,
  Plan,
  RegistrySnapshot,
  RunEvent,
  Timestamp,
} from "@canonic/contracts";
import { environmentOf } from "./named-payloads.ts";

type Values = {
  readonly plan: Plan;
  readonly snapshot: RegistrySnapshot;
  readonly artifacts: ReadonlyMap<Digest, JsonValue>;
  /** By position. */
  readonly outputs: readonly (JsonValue | undefined)[];
  /** Payloads that the log says are removed. */
  readonly redacted: ReadonlySet<Digest>;
};

/** Feed the events of one run in order; then ask for the run with its values. */
export class CertificateFacts {
  readonly #positions: ReadonlyMap<string, number>;
  readonly #started: (Digest | undefined)[];
  readonly #completed: (Digest | undefined)[];
  readonly #verdicts: ContractVerdict[] = [];
  readonly #environments: (Digest | null)[] = [];
  #start: { readonly run: CertifiedRun["run"]; readonly plan: Digest } | undefined;
  #seal: (Pick<CertifiedRun, "status" | "outputsDigest"> & { readonly at: Timestamp }) | undefined;

  constructor({ tasks }: Plan) {
    this.#positions = new Map(tasks.map(({ id, position }) => [id, position]));
    this.#started = new Array(tasks.length).fill(undefined);
    this.#completed = new Array(tasks.length).fill(undefined);
  }

  next(event: RunEvent): void {
    switch (event.type) {
      case "PLAN_FROZEN":
        this.#start ??= { run: event.run as CertifiedRun["run"], plan: event.data.plan };
        this.#environments.push(environmentOf(event)[0] ?? null);
        return;
      case "RUN_RESUMED":
        this.#environments.push(environmentOf(event)[0] ?? null);
        return;
      case "EXECUTION_STARTED":
        this.#keep(this.#started, event.subject, event.data.input);
        return;
      case "EXECUTION_COMPLETED":
        this.#keep(this.#completed, event.subject, event.data.output);
        return;
      case "CONTRACT_VERDICT":
        this.#verdicts.push(event.data);
        return;
      case "RUN_SEALED":
        this.#seal ??= { status: event.data.status, outputsDigest: event.data.outputs, at: event.at };
        return;
      default:
        return;
    }
  }

  /** Undefined for a run that has not begun or is not sealed: nothing certifies what may still change. */
  certified({ plan, snapshot, artifacts, outputs, redacted }: Values): CertifiedRun | undefined {
    if (this.#start === undefined || this.#seal === undefined) return undefined;
    const { run, plan: planDigest } = this.#start;
    const { status, outputsDigest, at: sealedAt } = this.#seal;
    const events = {
      started: this.#started,
      completed: this.#completed,
      verdicts: this.#verdicts,
      environments: this.#environments,
    };
    const values = { plan, snapshot, artifacts, outputs, redacted };
    return { run, planDigest, status, sealedAt, outputsDigest, ...values, ...events };
  }

  #keep(list: (Digest | undefined)[], task: string, digest: Digest): void {
    const position = this.#positions.get(task);
    if (position !== undefined) list[position] = digest;
  }
}
