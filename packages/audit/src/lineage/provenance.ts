/**
 * The provenance of a run as PROV-JSON: document, chunks and signals, tasks as activities, outputs, seal, certificates; who
 * ran it, who approved, which log keeps it.
 *
 * Invariants:
 *   V1. A pure function of the record: whoever has the bundle computes the same bytes again.
 *   V2. Everything is named by its digest, or by its place in this run; no text of a document, an output or a question is in it.
 *   V3. A run of more than {@link PROV_TASKS_MAX} tasks has none: such a file would be larger than what it is about. Its
 *       graph is read from plan and events all the same.
 *
 * @see W3C PROV-DM for what the relations mean.
 * @module
 */
import {
  canonicalBytes,
  type Digest,
  type JsonObject,
  type JsonValue,
  planDigestOf,
  type Task,
} from "@canonic/contracts";
import { localName, nameValue, ProvDocument } from "./prov-document.ts";
import type { LineageRecord } from "./record.ts";

export const PROV_TASKS_MAX = 10_000;

const NAMESPACE = "https://canonic.dev/ns#";

/** Schemas of artifacts whose kind a reader should see. */
const TYPES: Readonly<Record<string, string>> = {
  "canonic/chunk/v1": "canonic:Chunk",
  "canonic/question/v1": "canonic:Question",
  "canonic/signal/v1": "canonic:Signal",
};

/** What the provenance of a run is made of; output values are not needed, their digests are. */
export type ProvenanceRecord = Omit<LineageRecord, "outputs">;

/** The bytes of `prov.json`; undefined for a run that is too large for one (V3). */
export function provenanceOf(record: ProvenanceRecord): Uint8Array | undefined {
  if (record.plan.tasks.length > PROV_TASKS_MAX) return undefined;
  return canonicalBytes(new Provenance(record).toJson());
}

class Provenance {
  readonly #record: ProvenanceRecord;
  readonly #document: ProvDocument;
  readonly #execution: string;

  constructor(record: ProvenanceRecord) {
    this.#record = record;
    this.#document = new ProvDocument({
      agent: "https://canonic.dev/agents/",
      canonic: NAMESPACE,
      log: "https://canonic.dev/logs/",
      run: `https://canonic.dev/runs/${record.run}/`,
      sha256: "https://canonic.dev/sha256/",
    });
    this.#execution = this.#stateExecution();
    for (const task of record.plan.tasks) this.#stateTask(task);
    this.#stateApprovals();
    this.#stateEnd();
  }

  toJson(): JsonObject {
    return this.#document.toJson();
  }

  #stateExecution(): string {
    const { run, plan, facts, origin } = this.#record;
    const document = this.#document;
    const frozen = this.#content(planDigestOf(plan), { "prov:type": nameValue("prov:Plan") });
    const request = this.#content(plan.request, typed("canonic:Request"));
    this.#derive(frozen, request);
    const execution = document.state("activity", "run:execution", {
      "prov:type": nameValue("canonic:Run"),
      "prov:label": run,
      ...timesOf(facts.startedAt, facts.seal?.at),
    });
    const log = document.state("agent", `log:${localName(origin)}`, {
      "prov:type": nameValue("prov:SoftwareAgent"),
      "prov:label": origin,
    });
    const user = this.#agent(plan.user);
    const associated = { "prov:activity": execution, "prov:plan": frozen };
    document.relate("wasAssociatedWith", { ...associated, "prov:agent": user });
    document.relate("wasAssociatedWith", { ...associated, "prov:agent": log });
    document.relate("actedOnBehalfOf", { "prov:activity": execution, "prov:delegate": log, "prov:responsible": user });
    for (const [token, holder] of facts.tokens) {
      const entity = this.#content(token, typed("canonic:Token"));
      document.relate("used", { "prov:activity": execution, "prov:entity": entity });
      if (holder !== plan.user)
        document.relate("wasAssociatedWith", { ...associated, "prov:agent": this.#agent(holder) });
    }
    return execution;
  }

  #stateTask(task: Task): void {
    const { facts } = this.#record;
    const document = this.#document;
    const of = facts.tasks.get(task.id);
    if (of === undefined) return;
    const activity = document.state("activity", `run:${localName(task.id)}`, {
      "prov:type": nameValue("canonic:Task"),
      "canonic:operation": `${task.operation}@${task.version}`,
      "canonic:position": task.position,
      ...(task.binding === null ? {} : { "canonic:question": task.binding.question }),
      ...timesOf(of.startedAt, of.endedAt),
    });
    document.relate("wasStartedBy", { "prov:activity": activity, "prov:starter": this.#execution });
    for (const [name, digest] of entriesOf(task.inputs))
      document.relate("used", { "prov:activity": activity, "prov:entity": this.#input(digest), "prov:role": name });
    const sources = this.#boundSources(task, activity);
    if (of.output === undefined) return;
    const output = document.state("entity", outputName(task), {
      ...typed("canonic:Output"),
      "canonic:digest": of.output,
    });
    const generated = { "prov:activity": activity, "prov:entity": output };
    document.relate("wasGeneratedBy", of.endedAt === undefined ? generated : { ...generated, "prov:time": of.endedAt });
    const chunk = task.binding === null ? [] : [this.#input(task.binding.chunkDigest)];
    for (const source of [...chunk, ...sources]) {
      const derived = { "prov:generatedEntity": output, "prov:usedEntity": source };
      document.relate("wasDerivedFrom", { "prov:activity": activity, ...derived });
    }
  }

  /** The outputs that a bound task took from, each once. */
  #boundSources(task: Task, activity: string): readonly string[] {
    const { plan, facts } = this.#record;
    const sources = new Set<string>();
    for (const [name, binding] of entriesOf(task.bindings)) {
      const source = plan.tasks[binding.task];
      if (source === undefined || facts.tasks.get(source.id)?.output === undefined) continue;
      const entity = outputName(source);
      sources.add(entity);
      this.#document.relate("used", { "prov:activity": activity, "prov:entity": entity, "prov:role": name });
    }
    return [...sources];
  }

  /** An artifact that a task used; what it was made of is stated with it. */
  #input(digest: Digest): string {
    const name = contentName(digest);
    if (this.#document.has(name)) return name;
    const value = fieldsOf(this.#record.artifacts.get(digest));
    const type = typeOf(value);
    this.#content(digest, typed(type ?? "canonic:Artifact"));
    if (type === "canonic:Chunk" && isDigest(value["document"]))
      this.#derive(name, this.#content(value["document"], typed("canonic:Document")));
    // Only a chunk is followed further: signals that name each other, or themselves, lead nowhere.
    if (type === "canonic:Signal" && isDigest(value["chunkDigest"]) && this.#isChunk(value["chunkDigest"]))
      this.#derive(name, this.#input(value["chunkDigest"]));
    return name;
  }

  #isChunk(digest: Digest): boolean {
    return typeOf(fieldsOf(this.#record.artifacts.get(digest))) === "canonic:Chunk";
  }

  #stateApprovals(): void {
    const document = this.#document;
    for (const { approval, gate, decision, signer } of this.#record.facts.approvals) {
      const entity = this.#content(approval, {
        ...typed("canonic:Approval"),
        "canonic:decision": decision,
        "canonic:gate": gate,
      });
      document.relate("wasAttributedTo", { "prov:entity": entity, "prov:agent": this.#agent(signer) });
      document.relate("used", { "prov:activity": this.#execution, "prov:entity": entity, "prov:role": gate });
    }
  }

  #stateEnd(): void {
    const { plan, facts, origin, certificates } = this.#record;
    const document = this.#document;
    if (facts.seal === undefined) return;
    const { status, outputs, at } = facts.seal;
    const seal = document.state("entity", "run:seal", { ...typed("canonic:Seal"), "canonic:status": status });
    document.relate("wasGeneratedBy", { "prov:activity": this.#execution, "prov:entity": seal, "prov:time": at });
    document.relate("wasAttributedTo", { "prov:entity": seal, "prov:agent": `log:${localName(origin)}` });
    if (outputs !== null) {
      const collection = document.state("entity", "run:outputs", {
        "prov:type": nameValue("prov:Collection"),
        "canonic:digest": outputs,
      });
      for (const task of plan.tasks)
        if (facts.tasks.get(task.id)?.output !== undefined)
          document.relate("hadMember", { "prov:collection": collection, "prov:entity": outputName(task) });
      this.#derive(seal, collection);
    }
    for (const { contract, verdict, evidence } of facts.verdicts) {
      const entity = document.state("entity", `run:${localName(`verdict-${contract}`)}`, {
        ...typed("canonic:ContractVerdict"),
        "canonic:evidence": evidence,
        "canonic:verdict": verdict,
      });
      document.relate("wasGeneratedBy", { "prov:activity": this.#execution, "prov:entity": entity });
      this.#derive(seal, entity);
    }
    for (const { id, status: stands, digest } of certificates) {
      const entity = document.state("entity", `run:${localName(id)}`, {
        ...typed("canonic:Certificate"),
        "canonic:digest": digest,
        "canonic:status": stands,
      });
      this.#derive(entity, seal);
    }
  }

  /** Who approves is a person; who runs may be a system of theirs. */
  #agent(name: string): string {
    const isPerson = this.#record.facts.approvals.some(({ signer }) => signer === name);
    return this.#document.state("agent", `agent:${localName(name)}`, {
      "prov:label": name,
      ...(isPerson ? { "prov:type": nameValue("prov:Person") } : {}),
    });
  }

  #derive(made: string, from: string): void {
    this.#document.relate("wasDerivedFrom", { "prov:generatedEntity": made, "prov:usedEntity": from });
  }

  #content(digest: Digest, attributes: JsonObject): string {
    return this.#document.state("entity", contentName(digest), attributes);
  }
}

function contentName(digest: Digest): string {
  return `sha256:${digest.slice(7)}`;
}

function outputName({ id }: Task): string {
  return `run:${localName(id)}_output`;
}

function typeOf({ schema }: JsonObject): string | undefined {
  return typeof schema === "string" && Object.hasOwn(TYPES, schema) ? TYPES[schema] : undefined;
}

function typed(type: string): JsonObject {
  return { "prov:type": nameValue(type) };
}

function timesOf(startedAt: string | undefined, endedAt: string | undefined): JsonObject {
  return {
    ...(startedAt === undefined ? {} : { "prov:startTime": startedAt }),
    ...(endedAt === undefined ? {} : { "prov:endTime": endedAt }),
  };
}

function entriesOf<Value>(map: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

function fieldsOf(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function isDigest(value: unknown): value is Digest {
  return typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
}
