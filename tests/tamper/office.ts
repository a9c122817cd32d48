/**
 * Where whole runs are made for the verifier: planner, registry, runner, authority and log over one store, people with keys,
 * and a clock that a test sets.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  createMemoryStorage,
  exportBundle,
  createKeyPair as logKeyPair,
  signerFromPem as logSigner,
  openJournal,
  trustFileOf,
  verifyBundle,
} from "@canonic/audit";
import {
  type AuthorityStorage,
  createAuthority,
  createKeyPair,
  createMemoryAuthorityStorage,
  createTrust,
  DEFAULT_POLICIES,
  drainOutbox,
  issueToken,
  openPolicies,
  type Signer,
  secondsOf,
  signApproval,
  signerFromPem,
  type TokenDraft,
  timestampOf,
} from "@canonic/authority";
import {
  type ApprovalClaims,
  AUTHORITY_CHAIN,
  checkCoreContracts,
  type Digest,
  type GateRequest,
  type Plan,
  type RegistrySnapshot,
  type RunId,
  type Salts,
  type SignedApproval,
  saltsOf,
  snapshotDigestOf,
} from "@canonic/contracts";
import { type PlannedTask, planTasks, type TasksRequest } from "@canonic/planner";
import { createRegistry, routerOf } from "@canonic/registry";
import {
  type Approvals,
  type Authority,
  createLocalOperations,
  type RunPorts,
  type RunResult,
  resumePlan,
  runPlan,
  voidRun,
} from "@canonic/runner";
import { openSqliteAuthority, openSqliteStore } from "@canonic/store-sqlite";
import { METHODS, operationsOf, PERSONAL_METHODS, type People, type Slips } from "./office-operations.ts";

const ORIGIN = "canonic.test/office";
const START = "2026-01-31T12:00:00.000Z";
export const STORES = ["memory", "sqlite"] as const;

/** Who signs in an office, each with a private key in PEM. */
export interface OfficeKeys {
  readonly log: string;
  readonly issuer: string;
  readonly ann: string;
}

/** The people of an office, and the file that makes a verifier trust them. */
export function peopleOf(pem: OfficeKeys) {
  const log = logSigner(ORIGIN, pem.log);
  const issuer = logSigner("issuer", pem.issuer);
  const ann = logSigner("ann", pem.ann);
  return { log, issuer, ann, trustFile: trustFileOf(ORIGIN, [log], { issuers: [issuer], approvers: [ann] }) };
}

const holderPair = createKeyPair();
const pem = () => createKeyPair().privateKeyPem;
const someone = peopleOf({ log: logKeyPair().privateKeyPem, issuer: pem(), ann: pem() });
/** Signs as Ann, with a key that is not hers. */
export const impostor = signerFromPem("ann", pem());
export const holder = signerFromPem("holder", holderPair.privateKeyPem);
export const holderKey = holderPair.publicKey;
export const trust = createTrust(someone.trustFile);

/** How one session of a run is presented; without a token, one that lets the whole plan run. */
export interface Session {
  readonly token?: string;
  readonly user?: string;
  readonly trigger?: string;
  readonly jobs?: number;
  readonly approvals?: Approvals;
  readonly slips?: Slips;
  /** With operations whose values are personal, and a token for them. */
  readonly people?: People;
  /** Others than the office's. */
  readonly salts?: Salts;
  /** Stands between the runner and authority. */
  readonly over?: (inner: Authority) => Authority;
}

export type Asked = Pick<TasksRequest, "gates" | "rechecks" | "onFailure" | "mode" | "order">;

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** A store with its people; `directory` is for the files of this office alone, `saltKey` its secret of 32 bytes. */
export async function openOffice(
  store: (typeof STORES)[number],
  directory: string,
  people = someone,
  saltKey: Uint8Array = createHash("sha256").update("canonic test salt key").digest(),
) {
  const salts = saltsOf(saltKey);
  const { log, issuer, ann, trustFile } = people;
  const trusted = createTrust(trustFile);
  const clock = { at: START, now: (): string => clock.at, monotonicMs: () => 0 };
  const storage = store === "memory" ? createMemoryStorage() : openSqliteStore({ directory });
  const journal = await openJournal({ storage, clock, identity: { origin: ORIGIN, signer: log } });
  const authority: AuthorityStorage =
    store === "memory" ? createMemoryAuthorityStorage() : openSqliteAuthority({ directory });
  const policies = await openPolicies([DEFAULT_POLICIES]);
  let tokens = 0;
  let bundles = 0;
  let signer = log;

  const tokenOf = (change: Partial<TokenDraft> = {}): string => {
    tokens += 1;
    const iat = secondsOf(clock.at);
    return issueToken(
      {
        jti: `token-number-${String(tokens).padStart(4, "0")}`,
        sub: "ana",
        label: "all of the office",
        iat,
        exp: iat + 600,
        ...allOf(METHODS),
        triggers: ["direct_command"],
        modes: ["dryrun", "live"],
        capabilities: [],
        limits: {
          invocations: 20,
          tokensPerResponse: 100,
          tokensTotal: 1000,
          frequency: { count: 100, perSeconds: 60 },
        },
        cnf: null,
        ...change,
      },
      issuer,
    );
  };

  const portsOf = (mode: Plan["mode"], snapshot: RegistrySnapshot, session: Session): RunPorts => {
    const route = routerOf(snapshot);
    const {
      token = session.people === undefined ? tokenOf() : tokenOf(allOf(PERSONAL_METHODS)),
      user = "ana",
      trigger = "direct_command",
      approvals,
      jobs = 1,
    } = session;
    const inner = createAuthority({
      storage: authority,
      clock,
      origin: ORIGIN,
      token,
      user,
      trigger,
      trust: trusted,
      policies,
      snapshot,
    });
    const local = createLocalOperations(operationsOf(mode, session.slips, session.people), clock);
    return {
      clock,
      journal,
      authority: session.over?.(inner) ?? inner,
      operations: session.slips?.execute === undefined ? local : { ...local, execute: session.slips.execute(local) },
      jobs,
      salts: session.salts ?? salts,
      ...(approvals === undefined ? {} : { approvals }),
      router: {
        route: ({ payloadType }) => {
          const verdict = route(payloadType);
          const snapshotDigest = snapshotDigestOf(snapshot);
          if (verdict.kind === "refuse") return { kind: "refuse", snapshot: snapshotDigest, reasons: verdict.reasons };
          const { contract } = verdict;
          const { operation, version } = contract;
          return { kind: "allow", operation, version, contract, snapshot: snapshotDigest };
        },
      },
      conclude: ({ plan, outputs, replayed }) => [...checkCoreContracts({ plan, snapshot, outputs, replayed })],
    };
  };

  return {
    clock,
    authority,
    storage,
    journal,
    salts,
    tokenOf,
    /** The clock goes on, or back. */
    pass(seconds: number): void {
      clock.at = shifted(clock.at, seconds);
    },
    /** Plans and runs tasks, by payload type. */
    run(tasks: readonly PlannedTask[], asked: Asked = {}, session: Session = {}): Promise<RunResult> {
      const { mode = "dryrun" } = asked;
      const snapshot = snapshotOf(mode, session.people);
      const frozen = planTasks({ order: "sequential", user: "ana", ...asked, mode, registry: snapshot, tasks });
      return runPlan({ ...portsOf(mode, snapshot, session), ...frozen, snapshot });
    },
    /** Another session of a run. */
    async resume(run: RunId, session: Session = {}, mode: Plan["mode"] = "dryrun"): Promise<RunResult> {
      return resumePlan({ ...portsOf(mode, snapshotOf(mode, session.people), session), run });
    },
    /** The run that began last, also when its process died. */
    async lastRun(): Promise<RunId> {
      await journal.durable();
      const runs = await storage.runs();
      return runs.at(-1)?.run as RunId;
    },
    void: (run: RunId): Promise<RunResult> => voidRun({ journal, run, reason: "withdrawn", by: "ana" }),
    /** Ann's word on what a gate asks. */
    say(request: GateRequest, change: Partial<ApprovalClaims> = {}, signer: Signer = ann): SignedApproval {
      const iat = secondsOf(clock.at);
      const { run, gate, plan, pins } = request;
      const reviewDecision = request.reviewDecision ? "RD-1" : null;
      const asked = { origin: ORIGIN, run, gate, plan, pins, reviewDecision };
      const claims = { ...asked, decision: "approve", meaning: "read" } as const;
      return signApproval({ ...claims, iat, exp: iat + 3600, ...change }, signer);
    },
    /** Writes the run's bundle into a new folder. */
    async exportTo(run: RunId, to: string): Promise<void> {
      await journal.durable();
      await exportBundle({ storage, identity: { origin: ORIGIN, signer }, run, directory: to });
    },
    /** The log's key now. */
    logSigner: () => signer,
    /** Hands the log over to another key. */
    async rotate(privateKeyPem: string): Promise<void> {
      signer = logSigner(ORIGIN, privateKeyPem);
      await journal.rotateKey(signer);
    },
    /** Removes a payload of the log. */
    redact: (digest: Digest): Promise<void> =>
      journal.redact(digest, { by: "ana", reason: "asked for by whom it names" }),
    /** Removes what a task of a run gave. */
    async redactOutput(run: RunId, nth: number): Promise<void> {
      const completed = (await journal.events(run)).filter((event) => event.type === "EXECUTION_COMPLETED");
      const digest = completed[nth]?.data.output;
      if (digest === undefined) throw new Error(`no task ${nth} of the run completed`);
      await journal.redact(digest, { by: "ana", reason: "asked for by whom it names" });
    },
    /** Journals what happened to tokens since it was last asked. */
    async drain(): Promise<void> {
      await drainOutbox(authority, journal.authorityLength, (event) => {
        journal.append(AUTHORITY_CHAIN, event);
      });
      await journal.durable();
    },
    /** What a stranger finds who is handed the run's bundle. */
    async verdictOf(run: RunId) {
      bundles += 1;
      const to = join(directory, `bundle-${bundles}`);
      await this.exportTo(run, to);
      const { verdict, reasons, run: found } = await verifyBundle(to, { trust: trustFile });
      return {
        verdict,
        status: found?.status ?? null,
        reasons: reasons.map(({ code, message }) => [code, message]),
      };
    },
    async close(): Promise<void> {
      await journal.close();
      await authority.close();
    },
  };
}

function allOf(methods: Readonly<Record<string, readonly string[]>>): Pick<TokenDraft, "authorization_details"> {
  const details = Object.entries(methods).map(([identifier, actions]) => ({
    type: "canonic-domain" as const,
    identifier,
    actions: [...actions],
  }));
  return { authorization_details: details };
}

function snapshotOf(mode: Plan["mode"], people?: People): RegistrySnapshot {
  const registry = createRegistry();
  const operations = operationsOf(mode, {}, people);
  for (const operation of operations) registry.register(operation);
  const types = operations.map(({ contract: { operation, version } }) => {
    const payloadType = operation.replace(".", "/");
    registry.route(payloadType, operation, version);
    return payloadType;
  });
  return registry.freeze(types).snapshot;
}

function shifted(at: string, seconds: number): string {
  return timestampOf(secondsOf(at) + seconds);
}
