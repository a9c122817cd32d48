/**
 * Every way a run can end gives a bundle with the right verdict: real runs, composed of all packages, over memory and SQLite.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attenuateToken, halt, arm as order, revokeToken } from "@canonic/authority";
import type { Digest, GateRequest, RunId } from "@canonic/contracts";
import { digestBytes } from "@canonic/contracts";
import type { RunResult } from "@canonic/runner";
import { afterAll, describe, expect, test } from "vitest";
import {
  type Asked,
  holder,
  holderKey,
  impostor,
  type Office,
  openOffice,
  type Session,
  STORES,
  trust,
} from "./office.ts";
import type { Slips } from "./office-operations.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-endings-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const PIN = { name: "pin", payloadType: "source/pin" };
const COUNT = { name: "count", payloadType: "rows/count" };
const RECORD = { name: "record", payloadType: "ledger/record" };
const BOUND = { ...COUNT, bindings: { digest: { task: "pin", pointer: "/digest" } } };
/** One payload type may come more than once; a name may not. */
const unnamed = (...tasks: readonly { readonly payloadType: string }[]) =>
  tasks.map(({ payloadType }) => ({ payloadType }));
const THREE = [PIN, COUNT, RECORD];
const SG_1 = { name: "SG_1", before: "count" };
const SG_2 = { name: "SG_2", before: "record", reviewDecision: true };
const GATED: Asked = { gates: [SG_1, SG_2], rechecks: [{ before: "record", task: "pin" }] };
const STOPS: Asked = { onFailure: "stop" };

type Told = { readonly run: RunId; readonly why: string };
type Ending = readonly [
  title: string,
  play: (office: Office) => Promise<Told>,
  expected: { readonly status: RunResult["status"]; readonly why: string; readonly open?: string },
];

/** The code of what ended it. */
const told = ({ run, failure, stop, waiting }: RunResult): Told => {
  return { run, why: stop?.code ?? failure?.code ?? waiting?.gate ?? "" };
};
const digestOf = (token: string): Digest => digestBytes(token);
const by = (office: Office) => ({ by: "Ana", reason: "for the test", now: office.clock.at });
const yes = (office: Office) => (request: GateRequest) => office.say(request);
const once = (answer: (request: GateRequest) => unknown) => {
  let isSaid = false;
  return (request: GateRequest) => {
    if (isSaid) return null;
    isSaid = true;
    return answer(request);
  };
};
/** A port that breaks in the middle of an operation, as a process that dies does. */
const dying = (id: string): Slips => ({
  execute:
    (inner) =>
    (...given) =>
      given[0].operation === id ? Promise.reject(new Error("the process dies")) : inner.execute(...given),
});
const reaching: Slips["execute"] =
  (inner) =>
  async (...given) => {
    if (given[0].operation !== "rows.count") return inner.execute(...given);
    const violation = { category: "processes", attempted: "node:child_process" } as const;
    return { kind: "aborted", code: "runner.boundary-violation", failure: null, violation, operationMs: 0 };
  };
/** The run of a process that died, from its journal: the first that the office has. */
async function died(office: Office, playing: Promise<RunResult>): Promise<RunId> {
  await expect(playing).rejects.toThrow("the process dies");
  return office.lastRun();
}

const VALID: readonly Ending[] = [
  ["completes", async (office) => told(await office.run(THREE)), { status: "completed", why: "" }],
  [
    "completes with tasks in flight together",
    async (office) => told(await office.run(unnamed(PIN, COUNT, COUNT, PIN), { order: "independent" }, { jobs: 4 })),
    { status: "completed", why: "" },
  ],
  [
    "completes behind two gates and a recheck, in one session",
    async (office) => told(await office.run([PIN, BOUND, RECORD], GATED, { approvals: yes(office) })),
    { status: "completed", why: "" },
  ],
  [
    "completes behind two gates, in a session for each",
    async (office) => {
      const { run } = await office.run([PIN, BOUND, RECORD], GATED);
      office.pass(700);
      await office.resume(run, { approvals: once(yes(office)) });
      office.pass(700);
      return told(await office.resume(run, { approvals: yes(office) }));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes while the clock goes back at every step",
    async (office) =>
      told(
        await office.run([PIN, BOUND, RECORD], GATED, {
          approvals: (request) => office.say(request, { iat: 1_769_850_000, exp: 1_769_870_000 }),
          over: (inner) => ({
            ...inner,
            scope: (...given) => {
              office.pass(-3);
              return inner.scope(...given);
            },
          }),
          token: office.tokenOf({ iat: 1_769_860_000, exp: 1_769_861_700 }),
        }),
      ),
    { status: "completed", why: "" },
  ],
  [
    "completes in a live plan that a person has armed",
    async (office) => {
      await order(office.authority, by(office));
      return told(await office.run(THREE, { mode: "live" }));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes under a child token",
    async (office) => {
      const parent = office.tokenOf({ cnf: confirmed });
      return told(await office.run(THREE, {}, { token: child(parent) }));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes under a token that another run spends at the same time",
    async (office) => {
      const token = office.tokenOf();
      const [one] = await Promise.all([
        office.run(unnamed(PIN, COUNT, PIN, COUNT), {}, { token }),
        office.run(unnamed(COUNT, COUNT, COUNT), {}, { token }),
      ]);
      return told(one);
    },
    { status: "completed", why: "" },
  ],
  [
    "completes after a crash in the middle of a write, under the same token",
    async (office) => {
      const token = office.tokenOf();
      const run = await died(office, office.run(THREE, {}, { token, slips: dying("ledger.record") }));
      return told(await office.resume(run, { token }));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes after a crash with tasks in flight together, under another token",
    async (office) => {
      const slips = dying("rows.count");
      const asked: Asked = { order: "independent" };
      const run = await died(office, office.run(unnamed(PIN, COUNT, PIN, COUNT), asked, { jobs: 4, slips }));
      office.pass(1000);
      return told(await office.resume(run, { jobs: 2 }));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes after a task failed and stopped it, under the same token",
    async (office) => {
      const token = office.tokenOf();
      const { run } = await office.run(THREE, STOPS, { token, slips: failing("rows.count") });
      return told(await office.resume(run, { token }));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes after a token of too little scope stopped it, under another",
    async (office) => {
      const token = office.tokenOf({ authorization_details: scopeOf("source.pin") });
      const { run } = await office.run(THREE, STOPS, { token });
      return told(await office.resume(run));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes after a limit stopped it, under another token",
    async (office) => {
      const token = office.tokenOf({ limits: limited({ invocations: 1 }) });
      const { run } = await office.run(unnamed(COUNT, COUNT, COUNT), STOPS, { token });
      return told(await office.resume(run));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes after an approval expired while it waited, and a fresh one came",
    async (office) => {
      const { run, waiting } = await office.run([PIN, BOUND, RECORD], GATED);
      const late = office.say(waiting as GateRequest, { exp: NOW + 60 });
      office.pass(60);
      await office.resume(run, { approvals: () => late });
      await office.resume(run, { approvals: once(yes(office)) });
      return told(await office.resume(run, { approvals: yes(office) }));
    },
    { status: "completed", why: "" },
  ],
  [
    "completes after an approval of a stranger, one of another gate and one that was used",
    async (office) => {
      const { run, waiting } = await office.run([PIN, BOUND, RECORD], GATED);
      const good = office.say(waiting as GateRequest);
      const why: string[] = [];
      const saying = async (answer: (request: GateRequest) => unknown) => {
        why.push(told(await office.resume(run, { approvals: once(answer) })).why);
      };
      await saying((request) => office.say(request, {}, impostor));
      await saying(() => office.say(waiting as GateRequest, { gate: "SG_2" }));
      await saying(() => good);
      await saying(() => good);
      await saying((request) => office.say(request, { reviewDecision: null }));
      const { status } = await office.resume(run, { approvals: yes(office) });
      return { run, why: [...why, status].join(" ") };
    },
    {
      status: "completed",
      why: "authority.approval-signature-wrong authority.approval-other-gate SG_2 authority.approval-replayed authority.approval-decision-missing completed",
    },
  ],
  [
    "completes after it was halted at a gate, and armed again",
    async (office) => {
      await order(office.authority, by(office));
      const mode = "live";
      const asked: Asked = { ...GATED, ...STOPS, mode };
      const { run } = await office.run([PIN, BOUND, RECORD], asked);
      await halt(office.authority, by(office));
      await office.resume(run, { approvals: yes(office) }, mode);
      await order(office.authority, by(office));
      return told(await office.resume(run, { approvals: yes(office) }, mode));
    },
    { status: "completed", why: "" },
  ],
  [
    "is denied for a revoked token",
    async (office) => {
      const token = office.tokenOf();
      await revokeToken(office.authority, digestOf(token), by(office));
      return told(await office.run(THREE, {}, { token }));
    },
    { status: "denied", why: "authority.token-revoked" },
  ],
  [
    "is denied for a revoked token that nobody trusted signed",
    async (office) => {
      const token = "no token at all";
      await revokeToken(office.authority, digestOf(token), by(office));
      return told(await office.run(THREE, {}, { token }));
    },
    { status: "denied", why: "authority.token-revoked" },
  ],
  [
    "is denied for a token that is none",
    async (office) => told(await office.run(THREE, {}, { token: "no token at all" })),
    { status: "denied", why: "authority.token-unknown" },
  ],
  [
    "is denied for a token that is not valid yet",
    async (office) => told(await office.run(THREE, {}, { token: office.tokenOf({ iat: NOW + 5, exp: NOW + 9 }) })),
    { status: "denied", why: "authority.token-unknown" },
  ],
  [
    "is denied for an expired token",
    async (office) => {
      const token = office.tokenOf();
      office.pass(600);
      return told(await office.run(THREE, {}, { token }));
    },
    { status: "denied", why: "authority.token-expired" },
  ],
  [
    "is denied for a token that expires between two tasks",
    async (office) => {
      const pin = () => {
        office.pass(600);
        return {};
      };
      return told(await office.run(THREE, {}, { slips: { run: { "source.pin": pin } } }));
    },
    { status: "denied", why: "authority.token-expired" },
  ],
  [
    "is denied for a token that was seen to have expired, though the clock was set back",
    async (office) => {
      const token = office.tokenOf();
      office.pass(600);
      await office.run(THREE, {}, { token });
      office.pass(-600);
      return told(await office.run(THREE, {}, { token }));
    },
    { status: "denied", why: "authority.token-expired" },
  ],
  [
    "is denied for another user's token",
    async (office) => told(await office.run(THREE, {}, { user: "eve" })),
    { status: "denied", why: "authority.user-differs" },
  ],
  [
    "is denied for another trigger",
    async (office) => told(await office.run(THREE, {}, { trigger: "scheduled" })),
    { status: "denied", why: "authority.trigger-refused" },
  ],
  [
    "is denied for a trigger that is none",
    async (office) => told(await office.run(THREE, {}, { trigger: "*" })),
    { status: "denied", why: "authority.trigger-refused" },
  ],
  [
    "is denied for a token of another mode",
    async (office) => told(await office.run(THREE, {}, { token: office.tokenOf({ modes: ["live"] }) })),
    { status: "denied", why: "authority.mode-refused" },
  ],
  [
    "is denied for a live plan on a store that is not armed",
    async (office) => told(await office.run(THREE, { mode: "live" })),
    { status: "denied", why: "authority.not-armed" },
  ],
  [
    "is denied for a domain, in its second task",
    async (office) =>
      told(await office.run(THREE, {}, { token: office.tokenOf({ authorization_details: scopeOf("source.pin") }) })),
    { status: "denied", why: "authority.domain-refused" },
  ],
  [
    "is denied for the third of two invocations",
    async (office) =>
      told(await office.run(THREE, {}, { token: office.tokenOf({ limits: limited({ invocations: 2 }) }) })),
    { status: "denied", why: "authority.limit-invocations" },
  ],
  [
    "is denied for its model tokens",
    async (office) =>
      told(
        await office.run(
          unnamed(COUNT, COUNT),
          {},
          { token: office.tokenOf({ limits: limited({ tokensTotal: 16 }) }) },
        ),
      ),
    { status: "denied", why: "authority.limit-tokens-total" },
  ],
  [
    "is denied for a response that may cost too much",
    async (office) =>
      told(await office.run([COUNT], {}, { token: office.tokenOf({ limits: limited({ tokensPerResponse: 9 }) }) })),
    { status: "denied", why: "authority.limit-tokens-per-response" },
  ],
  [
    "is denied for its frequency",
    async (office) => {
      const limits = limited({ frequency: { count: 2, perSeconds: 60 } });
      return told(await office.run(THREE, {}, { token: office.tokenOf({ limits }) }));
    },
    { status: "denied", why: "authority.limit-frequency" },
  ],
  [
    "is denied for what another run has spent of the same token",
    async (office) => {
      const token = office.tokenOf({ limits: limited({ invocations: 4 }) });
      await office.run(unnamed(COUNT, COUNT), {}, { token });
      return told(await office.run(THREE, {}, { token }));
    },
    { status: "denied", why: "authority.limit-invocations" },
  ],
  [
    "is denied for what another child has spent of the parent",
    async (office) => {
      const parent = office.tokenOf({ cnf: confirmed, limits: limited({ invocations: 3 }) });
      await office.run(unnamed(COUNT, COUNT), {}, { token: child(parent) });
      return told(await office.run(THREE, {}, { token: child(parent, "a-child-of-another-name") }));
    },
    { status: "denied", why: "authority.limit-invocations" },
  ],
  [
    "is denied for a revoked parent",
    async (office) => {
      const parent = office.tokenOf({ cnf: confirmed });
      await revokeToken(office.authority, digestOf(parent), by(office));
      return told(await office.run(THREE, {}, { token: child(parent) }));
    },
    { status: "denied", why: "authority.token-revoked" },
  ],
  [
    "is denied when it is halted between two tasks",
    async (office) => {
      const pin = async () => {
        await halt(office.authority, by(office));
        return {};
      };
      return told(await office.run(THREE, {}, { slips: { run: { "source.pin": pin } } }));
    },
    { status: "denied", why: "authority.halted" },
  ],
  [
    "is denied when its token is revoked between scope and limits",
    async (office) => {
      const token = office.tokenOf();
      const over: Session["over"] = (inner) => ({
        ...inner,
        reserve: async (...given) => {
          await revokeToken(office.authority, digestOf(token), by(office));
          return inner.reserve(...given);
        },
      });
      return told(await office.run(THREE, {}, { token, over }));
    },
    { status: "denied", why: "authority.token-revoked" },
  ],
  [
    "is denied when another process has taken the run over",
    async (office) =>
      told(
        await office.run(
          THREE,
          {},
          {
            over: (inner) => ({
              ...inner,
              scope: async (task, contract) => {
                const { token, policySet, policies, ...decided } = await inner.scope(task, contract);
                if (contract.effect !== "write") return { token, policySet, policies, ...decided };
                const reason = { code: "orchestrator.run-held", place: task.id, message: "taken over" };
                return { token, policySet, policies, kind: "refuse", reasons: [reason] };
              },
            }),
          },
        ),
      ),
    { status: "denied", why: "orchestrator.run-held" },
  ],
  [
    "is denied at its resume, for the token of the first session has expired",
    async (office) => {
      const token = office.tokenOf();
      const run = await died(office, office.run(THREE, {}, { token, slips: dying("ledger.record") }));
      office.pass(600);
      return told(await office.resume(run, { token }));
    },
    { status: "denied", why: "authority.token-expired" },
  ],
  [
    "is denied at a gate, for the token has expired",
    async (office) => {
      const token = office.tokenOf();
      const { run } = await office.run([PIN, BOUND, RECORD], GATED, { token });
      office.pass(600);
      return told(await office.resume(run, { token, approvals: yes(office) }));
    },
    { status: "denied", why: "authority.token-expired" },
  ],
  [
    "is denied for the drift of what it relies on",
    async (office) => {
      let looks = 0;
      const pin = () => {
        looks += 1;
        return { digest: looks };
      };
      const slips = { run: { "source.pin": pin } };
      return told(await office.run([PIN, BOUND, RECORD], GATED, { approvals: yes(office), slips }));
    },
    { status: "denied", why: "runner.drift" },
  ],
  [
    "is denied for a pin that is not there",
    async (office) => {
      const slips = { run: { "source.pin": () => ({}) } };
      return told(await office.run([PIN, BOUND, RECORD], {}, { slips }));
    },
    { status: "denied", why: "runner.pin-missing" },
  ],
  [
    "fails for what an operation throws",
    async (office) => told(await office.run(THREE, {}, { slips: failing("rows.count") })),
    { status: "failed", why: "runner.operation-failed" },
  ],
  [
    "fails for a failure mode of the contract",
    async (office) => told(await office.run(THREE, {}, { slips: failing("ledger.record", "office.locked") })),
    { status: "failed", why: "runner.operation-failed" },
  ],
  [
    "fails for a boundary that an operation reaches over",
    async (office) => told(await office.run(THREE, {}, { slips: { execute: reaching } })),
    { status: "failed", why: "runner.boundary-violation" },
  ],
  [
    "completes after a write was withheld",
    async (office) => {
      const withheld: Slips["execute"] =
        (inner) =>
        async (...given) =>
          given[0].operation === "ledger.record"
            ? { kind: "aborted", code: "runner.withheld", failure: null, operationMs: 0 }
            : inner.execute(...given);
      const { run, stop } = await office.run(THREE, STOPS, { slips: { execute: withheld } });
      const { status } = await office.resume(run);
      return { run, why: `${stop?.code} ${status}` };
    },
    { status: "completed", why: "runner.withheld completed" },
  ],
  [
    "fails for a secret in an output of a bound plan",
    async (office) => {
      const slips = { run: { "source.pin": () => ({ digest: "x", apiKey: {} }) } };
      return told(await office.run([PIN, BOUND, RECORD], {}, { slips }));
    },
    { status: "failed", why: "runner.pin-secret" },
  ],
  [
    "fails for an output of other keys than its schema has, whatever they are made of",
    async (office) => {
      const long = Array.from({ length: 30 }, (_, nth) => [`${"\u0001".repeat(nth)}${"😀".repeat(300)}`, nth]);
      const count = () => Object.fromEntries([...long, ["count", "🙂"]]);
      return told(await office.run(THREE, {}, { slips: { run: { "rows.count": count } } }));
    },
    { status: "failed", why: "runner.output-invalid" },
  ],
  [
    "fails for an output with faults at more and longer places than an event has room for",
    async (office) => {
      const long = Array.from({ length: 30 }, (_, nth) => [
        `${"\u0001".repeat(500)}${nth}`,
        { ["\u0001".repeat(90)]: 1 },
      ]);
      const pin = () => Object.fromEntries(long);
      return told(await office.run(THREE, {}, { slips: { run: { "source.pin": pin } } }));
    },
    { status: "failed", why: "runner.output-invalid" },
  ],
  [
    "fails for secrets in keys of any length",
    async (office) => {
      const keys = Array.from({ length: 30 }, (_, nth) => [`${"\u0001".repeat(511 - nth)}😀token`, {}]);
      const slips = { run: { "source.pin": () => Object.fromEntries([...keys, ["digest", "x"]]) } };
      return told(await office.run([PIN, BOUND, RECORD], {}, { slips }));
    },
    { status: "failed", why: "runner.pin-secret" },
  ],
  [
    "is rejected at a gate",
    async (office) => {
      const { run } = await office.run([PIN, BOUND, RECORD], GATED);
      return told(await office.resume(run, { approvals: (request) => office.say(request, { decision: "reject" }) }));
    },
    { status: "rejected", why: "" },
  ],
  [
    "is voided while it waits",
    async (office) => told(await office.void((await office.run([PIN, BOUND, RECORD], GATED)).run)),
    { status: "voided", why: "" },
  ],
  [
    "is voided after a stop",
    async (office) => {
      const { run } = await office.run(THREE, STOPS, { slips: failing("rows.count") });
      return { ...told(await office.void(run)), why: "" };
    },
    { status: "voided", why: "" },
  ],
  [
    "is voided after a crash in the middle of a write",
    async (office) =>
      told(await office.void(await died(office, office.run(THREE, {}, { slips: dying("ledger.record") })))),
    { status: "voided", why: "" },
  ],
];

const OPEN: readonly Ending[] = [
  [
    "waits at a gate",
    async (office) => told(await office.run([PIN, BOUND, RECORD], GATED)),
    { status: "waiting", why: "SG_1", open: "run-waiting" },
  ],
  [
    "stands at a gate with a refused approval",
    async (office) => {
      const approvals = (request: GateRequest) => office.say(request, {}, impostor);
      return told(await office.run([PIN, BOUND, RECORD], GATED, { approvals }));
    },
    { status: "stopped", why: "authority.approval-signature-wrong", open: "run-stopped" },
  ],
  [
    "stands at a task that failed",
    async (office) => told(await office.run(THREE, STOPS, { slips: failing("ledger.record", "office.locked") })),
    { status: "stopped", why: "office.locked", open: "run-stopped" },
  ],
  [
    "stands at its first task, for its token was refused",
    async (office) => told(await office.run(THREE, STOPS, { trigger: "" })),
    { status: "stopped", why: "authority.trigger-refused", open: "run-stopped" },
  ],
  [
    "stands where it was halted",
    async (office) => {
      const pin = async () => {
        await halt(office.authority, by(office));
        return {};
      };
      return told(await office.run(THREE, STOPS, { slips: { run: { "source.pin": pin } } }));
    },
    { status: "stopped", why: "authority.halted", open: "run-stopped" },
  ],
  [
    "broke off in a crash",
    async (office) => ({ run: await died(office, office.run(THREE, {}, { slips: dying("ledger.record") })), why: "" }),
    { status: "stopped", why: "", open: "run-unsealed" },
  ],
];

const NOW = 1_769_860_800;
const confirmed = { jwk: { kty: "OKP", crv: "Ed25519", x: Buffer.from(holderKey).toString("base64url") } } as const;

function child(parent: string, jti = "a-child-of-its-parent"): string {
  return attenuateToken(parent, holder, { jti, label: "narrower" }, trust);
}

function limited(change: object) {
  const plenty = { invocations: 20, tokensPerResponse: 100, tokensTotal: 1000 };
  return { ...plenty, frequency: { count: 100, perSeconds: 60 }, ...change };
}

function scopeOf(operation: string) {
  const [identifier = "", action = ""] = operation.split(".");
  return [{ type: "canonic-domain" as const, identifier, actions: [action] }];
}

function failing(id: string, code = "") {
  return {
    run: {
      [id]: () => {
        throw Object.assign(new Error("what nobody may read"), { code });
      },
    },
  };
}

let counter = 0;

describe.each(STORES)("the bundle, over %s, of a run that", (store) => {
  async function played([, play]: Ending) {
    counter += 1;
    const directory = join(scratch, `${counter}`);
    mkdirSync(directory);
    const office = await openOffice(store, directory);
    try {
      const { run, why } = await play(office);
      return { why, ...(await office.verdictOf(run)) };
    } finally {
      await office.close();
    }
  }

  test.each(VALID)("%s is VALID", async (...ending) => {
    const { status, why } = ending[2];

    await expect(played(ending)).resolves.toEqual({ verdict: "VALID", reasons: [], status, why });
  });

  test.each(OPEN)("%s is INDETERMINATE, and says where it stands", async (...ending) => {
    const { why, open } = ending[2];

    await expect(played(ending)).resolves.toEqual({
      verdict: "INDETERMINATE",
      reasons: [[open, expect.stringContaining("the run is not sealed")]],
      status: null,
      why,
    });
  });
});
