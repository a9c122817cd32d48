/**
 * What the events of a run say of its authority, recomputed from the grant.
 *
 * Invariants:
 *   G1. A scope check allows exactly what the grant lists: this domain and this method, by equality.
 *   G2. A limit check's numbers are counted again: spent are the executions that ended, reserved those that were let
 *       begin and have not; what a resumed run had reserved is reserved no more.
 *   G3. What is allowed gives no reason, what is refused at least one.
 *   G4. Without the grant the decisions are left open.
 *
 * @module
 */
import {
  type Digest,
  domainOf,
  Grant,
  type JsonValue,
  methodOf,
  type Reason,
  type RunEvent,
  type Task,
} from "@canonic/contracts";
import { artifactPath } from "./bundle-layout.ts";
import type { Findings } from "./findings.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/** Feed the events of one run in order. */
export class AuthorityFacts {
  readonly #artifacts: ReadonlyMap<Digest, JsonValue>;
  readonly #findings: Findings;
  readonly #reserved = new Set<string>();
  #used = 0;
  #named: Digest | undefined;
  #grant: Grant | undefined;

  constructor(artifacts: ReadonlyMap<Digest, JsonValue>, findings: Findings) {
    this.#artifacts = artifacts;
    this.#findings = findings;
  }

  /** The digest of the grant that the run was begun under. */
  get named(): Digest | undefined {
    return this.#named;
  }

  /** @param task - The task that is the event's subject. */
  next(place: string, event: RunEvent, task: Task | undefined): void {
    if (event.type === "TOKEN_VALIDATION") this.#token(place, event);
    if (event.type === "RUN_RESUMED") this.#reserved.clear();
    if (task === undefined) return;
    switch (event.type) {
      case "ROUTING_DECISION":
        this.#reasons(place, event.data);
        return;
      case "AUTHORIZATION_SCOPE_CHECK":
        this.#scope(place, event, task);
        return;
      case "RESOURCE_LIMIT_CHECK":
        this.#limit(place, event, task);
        return;
      case "EXECUTION_COMPLETED":
      case "OPERATION_ABORTED":
        if (this.#reserved.delete(task.id)) this.#used += 1;
        return;
      default:
        return;
    }
  }

  #token(place: string, { data }: EventOf<"TOKEN_VALIDATION">): void {
    this.#reasons(place, data);
    this.#named = data.grant;
    const value = this.#artifacts.get(data.grant);
    const parsed = Grant.safeParse(value);
    if (parsed.success) this.#grant = parsed.data;
    else if (value !== undefined)
      this.#findings.invalid("grant-malformed", artifactPath(data.grant), "what the run was allowed by is no grant");
    else if (data.decision === "allow")
      this.#findings.open("grant-missing", artifactPath(data.grant), "the grant of the run is not in the bundle");
  }

  #scope(place: string, { data }: EventOf<"AUTHORIZATION_SCOPE_CHECK">, { operation }: Task): void {
    this.#reasons(place, data);
    this.#agree(place, "grant", data.grant, this.#named);
    if (this.#grant === undefined) return;
    const isGranted = this.#grant.scope.some(
      ({ domain, methods }) => domain === domainOf(operation) && methods.includes(methodOf(operation)),
    );
    this.#agree(place, "decision", data.decision, isGranted ? "allow" : "refuse");
  }

  #limit(place: string, { data }: EventOf<"RESOURCE_LIMIT_CHECK">, { id }: Task): void {
    this.#reasons(place, data);
    const max = this.#grant?.limits.invocations ?? data.max;
    this.#agree(place, "limit", data.limit, "invocations");
    this.#agree(place, "max", data.max, max);
    this.#agree(place, "used", data.used, this.#used);
    this.#agree(place, "reserved", data.reserved, this.#reserved.size);
    const isFree = this.#reserved.has(id) || this.#used + this.#reserved.size < max;
    this.#agree(place, "decision", data.decision, isFree ? "allow" : "refuse");
    if (data.decision === "allow") this.#reserved.add(id);
  }

  #reasons(
    place: string,
    { decision, reasons }: { readonly decision: "allow" | "refuse"; readonly reasons: readonly Reason[] },
  ): void {
    if ((decision === "allow") !== (reasons.length === 0))
      this.#findings.invalid("event-untrue", place, `the event says \`${decision}\` with ${reasons.length} reasons`);
  }

  #agree(place: string, what: string, said: unknown, is: unknown): void {
    if (said !== is)
      this.#findings.invalid("event-untrue", place, `the event says ${what} \`${said}\`, it is \`${is}\``);
  }
}
