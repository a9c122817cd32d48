import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ApprovalClaims,
  contractDigestOf,
  digestBytes,
  type JsonValue,
  type Payload,
  type Plan,
  type RunId,
  type RunStatus,
  type TokenClaims,
  type TrustFile,
} from "@canonic/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { checkBoundShape } from "../src/bound-shape.ts";
import { Findings } from "../src/findings.ts";
import { createMemoryStorage, exportBundle, openJournal, trustFileOf, verifyBundle } from "../src/index.ts";
import { boundPlan } from "./bound-plan.ts";
import {
  approver,
  claimsOf,
  goodStory,
  type Loose,
  momentOf,
  refuse,
  type Step,
  type Story,
  signed,
  stranger,
} from "./bound-run.ts";
import { newIdentity, ORIGIN } from "./support.ts";
import { NOW, payloadOfJson } from "./whole-run.ts";

const scratch = mkdtempSync(join(tmpdir(), "canonic-bound-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const identity = newIdentity();
const trust = trustFileOf(ORIGIN, [identity.signer], { approvers: [approver] });
let counter = 0;

async function verified(story: Story, status: RunStatus | null, by: TrustFile = trust, at?: string) {
  counter += 1;
  const directory = join(scratch, `bundle-${counter}`);
  const storage = createMemoryStorage();
  const clock = { seconds: 0, now: () => momentOf(clock.seconds) };
  const journal = await openJournal({ storage, clock, identity });
  const run = story.write(journal, clock, status);
  await journal.durable();
  await exportBundle({ storage, identity, run, directory });
  const { verdict, reasons } = await verifyBundle(directory, { trust: by, ...(at === undefined ? {} : { at }) });
  const codes = [...new Set(reasons.map(({ code }) => code))];
  return { verdict, codes, messages: reasons.map(({ message }) => message) };
}

const where = (story: Story, type: string, nth = 0): number => {
  const found = story.steps.flatMap(({ draft }, index) => (draft.type === type ? [index] : []))[nth];
  if (found === undefined) throw new Error(`the story has no ${type} ${nth}`);
  return found;
};
const data = (story: Story, type: string, nth = 0): Loose => (story.steps[where(story, type, nth)] as Step).draft.data;
const drop = (story: Story, type: string, nth = 0) => story.steps.splice(where(story, type, nth), 1);
const again = (story: Story, type: string, nth = 0) => {
  const at = where(story, type, nth);
  story.steps.splice(at, 0, structuredClone(story.steps[at] as Step));
};
/** Puts a signed approval of other claims in the place of the gate's, the event saying what the gate says, or as bent. */
const approved = (story: Story, nth: number, change: Partial<ApprovalClaims>, signer = approver, bent: Loose = {}) => {
  const event = data(story, "APPROVAL_RECORDED", nth);
  const claims = story.claims(event.gate, nth === 0 ? [0] : [0, 1, 2], change);
  Object.assign(event, { approval: story.keep(signed(claims, signer)), ...bent });
};
/** Puts other claims in the place of those of all validations. */
const reclaimed = (story: Story, change: Partial<TokenClaims>) => {
  for (const { draft } of story.steps) {
    if (draft.type !== "TOKEN_VALIDATION") continue;
    const value = claimsOf(draft.data.token === data(story, "TOKEN_VALIDATION").token ? 0 : 1, change);
    draft.data.claims = story.keep(payloadOfJson(value as JsonValue));
  }
};
const rerecorded = (story: Story, nth: number, change: Loose) => {
  const event = data(story, "RUN_STOPPED", nth);
  const record = story.payloads.get(event.record) as Payload;
  const value = { ...JSON.parse(Buffer.from(record.bytes).toString()), ...change };
  event.record = story.keep(payloadOfJson(value));
};
/** The same story, had its first session presented the token of the later ones. */
const underOneToken = (story: Story): void => {
  const { token, claims } = data(story, "TOKEN_VALIDATION", 2);
  for (const { draft } of story.steps) {
    const said = draft.data as Loose;
    if ("token" in said) said.token = token;
    if ("claims" in said) said.claims = claims;
  }
};
const rows = (story: Story, nth: number): Loose[] => data(story, "RESOURCE_LIMIT_CHECK", nth).limits;

describe("a bound run", () => {
  test("is VALID through a wait, a refused approval, a violated boundary, a crash and two gates", async () => {
    expect(await verified(goodStory(boundPlan()), "completed")).toEqual({ verdict: "VALID", codes: [], messages: [] });
  });

  test.each<[string, RunStatus, (story: Story) => void]>([
    [
      "that a person rejected",
      "rejected",
      (story) => {
        story.steps.splice(where(story, "APPROVAL_REQUESTED") + 1);
        story.recorded(story.claims("SG_1", [0], { decision: "reject" }));
        for (const position of [1, 2, 3]) story.tell("EXECUTION_SKIPPED", story.id(position), { because: "SG_1" });
      },
    ],
    [
      "that was voided after a stop",
      "voided",
      (story) => {
        story.steps.splice(where(story, "RUN_STOPPED", 1) + 1);
        story.tell("RUN_VOIDED", story.run, { reason: "no longer wanted", by: "ann" });
      },
    ],
    [
      "that was voided in the middle of a write",
      "voided",
      (story) => {
        story.steps.splice(where(story, "RUN_RESUMED", 3));
        story.tell("RUN_VOIDED", story.run, { reason: "no longer wanted", by: "ann" });
      },
    ],
    ["that crashed between a failure and its stop", "completed", (story) => void drop(story, "RUN_STOPPED", 1)],
    ["whose sessions all bring one token", "completed", underOneToken],
    ["whose token a child of another was", "completed", (story) => reclaimed(story, { parent: digestBytes("parent") })],
  ])("is VALID %s", async (_title, status, bend) => {
    const story = goodStory(boundPlan());
    bend(story);

    expect(await verified(story, status)).toEqual({ verdict: "VALID", codes: [], messages: [] });
  });

  test("that drifted is stopped, and VALID when it went on with what it was", async () => {
    const story = goodStory(boundPlan());
    const at = where(story, "DRIFT_CHECK");
    const rest = story.steps.splice(at);
    const refused = structuredClone(rest[0] as Step);
    Object.assign(refused.draft.data, { found: digestBytes("other"), ...refuse("runner.drift") });
    story.steps.push(refused);
    story.tell("EXECUTION_DENIED", story.id(1), { stage: "drift", reasons: refused.draft.data.reasons });
    story.stopped({ task: 1 }, "runner.drift", 1);

    expect(await verified(story, null)).toEqual({
      verdict: "INDETERMINATE",
      codes: ["run-stopped"],
      messages: [`the run is not sealed: it stopped at \`${story.id(1)}\` with \`runner.drift\``],
    });
  });

  test("that waits is INDETERMINATE, and says at which gate", async () => {
    const story = goodStory(boundPlan());
    story.steps.splice(where(story, "APPROVAL_REQUESTED", 1) + 1);

    expect(await verified(story, null)).toEqual({
      verdict: "INDETERMINATE",
      codes: ["run-waiting"],
      messages: ["the run is not sealed: it waits at gate `SG_2`"],
    });
  });

  test("that was voided while it waited, and has no seal yet, is INDETERMINATE and waits for nobody", async () => {
    const story = goodStory(boundPlan());
    story.steps.splice(where(story, "APPROVAL_REQUESTED", 1) + 1);
    story.tell("RUN_VOIDED", story.run, { reason: "no longer wanted", by: "ann" });

    expect(await verified(story, null)).toMatchObject({ verdict: "INDETERMINATE", codes: ["run-unsealed"] });
  });

  test("whose approvers the trust file does not name is INDETERMINATE", async () => {
    const { verdict, codes } = await verified(
      goodStory(boundPlan()),
      "completed",
      trustFileOf(ORIGIN, [identity.signer]),
    );

    expect([verdict, codes]).toEqual(["INDETERMINATE", ["approver-unknown"]]);
  });

  test("is VALID at a moment after it, however long its approvals have expired by then", async () => {
    const found = await verified(goodStory(boundPlan()), "completed", trust, "2036-01-31");

    expect(found).toMatchObject({ verdict: "VALID", codes: [] });
  });

  test("has an approval that had not been given at a moment before it was, also where the events are dated before", async () => {
    const story = goodStory(boundPlan());
    approved(story, 0, { iat: NOW + 1800 });
    const events = Math.max(...story.steps.map(({ seconds }) => seconds));
    expect(events).toBeLessThan(1800);

    const [before, after] = [momentOf(1799), momentOf(1800)];
    expect((await verified(goodStory(boundPlan()), "completed", trust, before)).codes).toEqual([]);
    expect((await verified(story, "completed", trust, before)).codes).toEqual(["event-untrue", "approval-future"]);
    expect((await verified(story, "completed", trust, after)).codes).toEqual(["event-untrue"]);
  });

  test("whose claims, approvals or STOP records are not in the bundle is INDETERMINATE", async () => {
    for (const [type, name, code] of [
      ["TOKEN_VALIDATION", "claims", "claims-missing"],
      ["APPROVAL_RECORDED", "approval", "approval-missing"],
      ["RUN_STOPPED", "record", "stop-missing"],
    ] as const) {
      const story = goodStory(boundPlan());
      story.payloads.delete(data(story, type)[name]);

      const { verdict, codes } = await verified(story, "completed");

      expect([verdict, codes]).toEqual(["INDETERMINATE", [code]]);
    }
  });
});

type Forgery = readonly [title: string, code: string, forge: (story: Story) => void, status?: RunStatus];

const tokens: readonly Forgery[] = [
  ["no validation after a resume", "event-missing", (story) => void drop(story, "TOKEN_VALIDATION", 2)],
  ["no validation at all", "event-missing", (story) => void drop(story, "TOKEN_VALIDATION", 0)],
  ["a second validation in one session", "event-duplicated", (story) => again(story, "TOKEN_VALIDATION", 1)],
  [
    "a refused token, and work all the same",
    "event-extra",
    (story) => Object.assign(data(story, "TOKEN_VALIDATION", 2), refuse("authority.token-revoked")),
  ],
  [
    "a token that had expired when it was validated",
    "event-untrue",
    (story) => reclaimed(story, { iat: NOW - 900, exp: NOW + 1 }),
  ],
  [
    "a token that expired before a later task",
    "event-untrue",
    (story) => {
      for (const step of story.steps.slice(where(story, "RUN_RESUMED", 3) + 2)) step.seconds += 1800;
    },
  ],
  [
    "a token that was allowed before it was issued",
    "event-untrue",
    (story) => reclaimed(story, { iat: NOW + 100, exp: NOW + 900 }),
  ],
  ["a token that lives for a day", "event-untrue", (story) => reclaimed(story, { exp: NOW + 86_400 })],
  ["a token of another user", "event-untrue", (story) => reclaimed(story, { sub: "eve" })],
  ["a user who is not the plan's", "event-untrue", (story) => (data(story, "TOKEN_VALIDATION").user = "eve")],
  [
    "a trigger that the token does not list",
    "event-untrue",
    (story) => (data(story, "TOKEN_VALIDATION").trigger = "scheduled"),
  ],
  ["a trigger that starts nothing", "event-untrue", (story) => (data(story, "TOKEN_VALIDATION").trigger = "webhook")],
  ["a token for dry runs", "event-untrue", (story) => reclaimed(story, { modes: ["dryrun"] })],
  [
    "a token for another domain",
    "event-untrue",
    (story) =>
      reclaimed(story, {
        authorization_details: [{ type: "canonic-domain", identifier: "text", actions: ["read", "write", "enact"] }],
      }),
  ],
  [
    "a token without one method",
    "event-untrue",
    (story) =>
      reclaimed(story, {
        authorization_details: [{ type: "canonic-domain", identifier: "doc", actions: ["read", "write"] }],
      }),
  ],
  ["a token without a capability", "event-untrue", (story) => reclaimed(story, { capabilities: [] })],
  ["claims that are none", "claims-malformed", (story) => reclaimed(story, { schema: "canonic/grant/v1" } as never)],
  [
    "an allowed token of which nobody could read the claims",
    "event-untrue",
    (story) => (data(story, "TOKEN_VALIDATION").claims = null),
  ],
  [
    "one token with two claims",
    "event-untrue",
    (story) => {
      const first = data(story, "TOKEN_VALIDATION", 0);
      first.claims = story.keep(payloadOfJson(claimsOf(0, { label: "another" }) as JsonValue));
    },
  ],
  [
    "a scope check under another token",
    "event-untrue",
    (story) => (data(story, "AUTHORIZATION_SCOPE_CHECK", 1).token = digestBytes("x")),
  ],
  [
    "a limit check under another token",
    "event-untrue",
    (story) => (data(story, "RESOURCE_LIMIT_CHECK", 1).token = digestBytes("x")),
  ],
  ["policies of no set", "event-untrue", (story) => (data(story, "AUTHORIZATION_SCOPE_CHECK").policySet = null)],
];

const limits: readonly Forgery[] = [
  ["a limit that the token does not set", "event-untrue", (story) => (rows(story, 1)[0].max = 1000)],
  ["fewer uses than the run itself made", "event-untrue", (story) => (rows(story, 3)[0].used = 0)],
  [
    "fewer model tokens than the run itself spent",
    "event-untrue",
    (story) => {
      underOneToken(story);
      rows(story, 3)[2].used = 31;
    },
  ],
  ["fewer uses than a task that was executed again made", "event-untrue", (story) => (rows(story, 3)[0].used = 1)],
  ["fewer uses than began, of which one was interrupted", "event-untrue", (story) => (rows(story, 4)[0].used = 2)],
  [
    "fewer model tokens than an interrupted task may have spent",
    "event-untrue",
    (story) => (rows(story, 5)[2].used = 63),
  ],
  ["a need that is not the contract's", "event-untrue", (story) => (rows(story, 1)[1].need = 0)],
  ["limits in another order", "event-untrue", (story) => void rows(story, 0).reverse()],
  ["a use over the limit that was allowed", "event-untrue", (story) => (rows(story, 1)[0].reserved = 100)],
  [
    "a response over its limit",
    "event-untrue",
    (story) =>
      reclaimed(story, {
        limits: {
          invocations: 100,
          tokensPerResponse: 19,
          tokensTotal: 500,
          frequency: { count: 100, perSeconds: 60 },
        },
      }),
  ],
  [
    "more model tokens than the contract allows",
    "event-untrue",
    (story) => (data(story, "EXECUTION_COMPLETED").tokens = 21),
  ],
];

const gates: readonly Forgery[] = [
  ["a gate that nobody asked for", "event-missing", (story) => void drop(story, "APPROVAL_REQUESTED", 1)],
  ["a gate without an approval", "event-reordered", (story) => void drop(story, "APPROVAL_RECORDED", 1)],
  [
    "a gate that was skipped",
    "event-reordered",
    (story) => {
      drop(story, "APPROVAL_REQUESTED", 1);
      drop(story, "APPROVAL_RECORDED", 1);
    },
  ],
  [
    "a task behind the gate before its approval",
    "event-reordered",
    (story) => {
      const [record] = drop(story, "APPROVAL_RECORDED", 1);
      story.steps.push(record as Step);
      const verdicts = story.steps.findIndex(({ draft }) => draft.type === "CONTRACT_VERDICT");
      story.steps.splice(verdicts, 0, story.steps.pop() as Step);
    },
  ],
  ["a gate that was asked twice", "event-duplicated", (story) => again(story, "APPROVAL_REQUESTED", 0)],
  [
    "a gate that was asked too early",
    "event-reordered",
    (story) => {
      const [asked] = drop(story, "APPROVAL_REQUESTED", 1);
      story.steps.splice(where(story, "APPROVAL_RECORDED", 0) + 1, 0, asked as Step);
    },
  ],
  ["an approval given in another log", "event-untrue", (story) => approved(story, 0, { origin: "canonic.test/other" })],
  [
    "an approval of another run",
    "event-untrue",
    (story) => approved(story, 0, { run: "run_ffffffffffffffffffff" as RunId }),
  ],
  ["an approval of another gate", "event-untrue", (story) => approved(story, 0, { gate: "SG_2" })],
  ["an approval of another plan", "event-untrue", (story) => approved(story, 0, { plan: digestBytes("x") })],
  ["an approval of other results", "event-untrue", (story) => approved(story, 1, { pins: story.pins([0, 1]) })],
  [
    "an approval of other results, the event saying so",
    "event-untrue",
    (story) => approved(story, 1, { pins: story.pins([0, 1]) }, approver, { pins: story.pins([0, 1]) }),
  ],
  [
    "a request with other results",
    "event-untrue",
    (story) => (data(story, "APPROVAL_REQUESTED", 1).pins = story.pins([0])),
  ],
  [
    "a request for another plan",
    "event-untrue",
    (story) => (data(story, "APPROVAL_REQUESTED", 1).plan = digestBytes("x")),
  ],
  ["a rejection told as an approval", "event-untrue", (story) => approved(story, 0, { decision: "reject" })],
  ["an approval by a key that is not trusted", "approval-signature", (story) => approved(story, 0, {}, stranger)],
  ["an approval told under another name", "event-untrue", (story) => (data(story, "APPROVAL_RECORDED").signer = "bob")],
  [
    "an approval that had expired",
    "event-untrue",
    (story) => approved(story, 0, { exp: NOW + 1 }, approver, { expiresAt: momentOf(1) }),
  ],
  ["an approval that was not given yet", "event-untrue", (story) => approved(story, 0, { iat: NOW + 1800 })],
  ["an approval that lives for a week", "event-untrue", (story) => approved(story, 0, { exp: NOW + 604_800 })],
  [
    "an approval told with a later expiry",
    "event-untrue",
    (story) => (data(story, "APPROVAL_RECORDED").expiresAt = momentOf(7200)),
  ],
  [
    "an approval without the review decision",
    "event-untrue",
    (story) => approved(story, 1, { reviewDecision: null }, approver, { reviewDecision: null }),
  ],
  [
    "a review decision that the approval does not name",
    "event-untrue",
    (story) => (data(story, "APPROVAL_RECORDED", 1).reviewDecision = "decision 13"),
  ],
  [
    "one approval used twice",
    "event-untrue",
    (story) => (data(story, "APPROVAL_RECORDED", 1).approval = data(story, "APPROVAL_RECORDED", 0).approval),
  ],
  [
    "an approval that is a note",
    "approval-malformed",
    (story) => (data(story, "APPROVAL_RECORDED").approval = story.keep(payloadOfJson({ approved: true }))),
  ],
  [
    "an approval with a further header",
    "approval-malformed",
    (story) =>
      (data(story, "APPROVAL_RECORDED").approval = story.keep(
        signed(story.claims("SG_1", [0]), approver, { crit: "x" }),
      )),
  ],
  [
    "an approval of another type",
    "approval-malformed",
    (story) =>
      (data(story, "APPROVAL_RECORDED").approval = story.keep(
        signed(story.claims("SG_1", [0]), approver, { typ: "JWT" }),
      )),
  ],
  [
    "an approval in a second spelling",
    "approval-malformed",
    (story) => {
      const event = data(story, "APPROVAL_RECORDED");
      const value = JSON.parse(Buffer.from((story.payloads.get(event.approval) as Payload).bytes).toString());
      // The last of 86 characters holds four bits that no byte takes: 64 bytes have sixteen such spellings.
      value.signature = `${value.signature.slice(0, -1)}${value.signature.endsWith("B") ? "C" : "B"}`;
      event.approval = story.keep(payloadOfJson(value));
    },
  ],
  [
    "a run that went on after a rejection",
    "event-extra",
    (story) => approved(story, 1, { decision: "reject" }, approver, { decision: "reject" }),
  ],
];

const stops: readonly Forgery[] = [
  [
    "a stop that is not told, and its task begun again in the same session",
    "event-extra",
    (story) => {
      const at = where(story, "RUN_STOPPED", 1);
      story.steps.splice(at, 3);
    },
  ],
  [
    "work after a stop without a resume",
    "event-extra",
    (story) => {
      const at = where(story, "RUN_STOPPED", 1);
      story.steps.splice(at + 1, 2);
    },
  ],
  [
    "a stop where nothing failed",
    "event-extra",
    (story) => {
      const [stop] = drop(story, "RUN_STOPPED", 1);
      story.steps.splice(where(story, "ROUTING_DECISION", 1), 0, stop as Step);
    },
  ],
  [
    "a stop at another task",
    "stop-wrong",
    (story) => {
      data(story, "RUN_STOPPED", 1).task = story.id(2);
      rerecorded(story, 1, { task: story.id(2) });
    },
  ],
  [
    "a stop with another code",
    "stop-wrong",
    (story) => {
      data(story, "RUN_STOPPED", 1).code = "runner.timeout";
      rerecorded(story, 1, { code: "runner.timeout" });
    },
  ],
  [
    "a STOP record of another run",
    "event-untrue",
    (story) => rerecorded(story, 1, { run: "run_ffffffffffffffffffff" }),
  ],
  ["a STOP record of another plan", "event-untrue", (story) => rerecorded(story, 1, { plan: digestBytes("x") })],
  ["a STOP record of another place", "event-untrue", (story) => rerecorded(story, 0, { gate: "SG_2" })],
  ["a STOP record that counts more", "event-untrue", (story) => rerecorded(story, 1, { completed: 3 })],
  ["a STOP record that is none", "stop-malformed", (story) => rerecorded(story, 1, { schema: "x" })],
  [
    "a stop at a gate for no reason that its record gives",
    "event-untrue",
    (story) => rerecorded(story, 0, { reasons: [] }),
  ],
  [
    "a voided run that went on",
    "event-extra",
    (story) => {
      story.tell("RUN_VOIDED", story.run, { reason: "x", by: "ann" });
      story.steps.splice(where(story, "RUN_RESUMED", 2), 0, story.steps.pop() as Step);
    },
  ],
  [
    "a run sealed as failed where it can only stop",
    "seal-status",
    (story) => {
      story.steps.splice(where(story, "RUN_STOPPED", 1));
    },
    "failed",
  ],
  [
    "a run sealed behind a stop",
    "event-extra",
    (story) => {
      story.steps.splice(where(story, "RUN_STOPPED", 1) + 1);
    },
    "failed",
  ],
  [
    "a run that was voided and sealed as completed",
    "seal-status",
    (story) => story.tell("RUN_VOIDED", story.run, { reason: "x", by: "ann" }),
  ],
  ["a holder with the number of the last", "fence-wrong", (story) => (data(story, "RUN_RESUMED", 1).fence = 2)],
  ["a holder with an earlier number", "fence-wrong", (story) => (data(story, "RUN_RESUMED", 3).fence = 1)],
  [
    "a resume that forgets a write in doubt",
    "resume-wrong",
    (story) => (data(story, "RUN_RESUMED", 3).indeterminate = []),
  ],
  [
    "a resume that is left out",
    "event-duplicated",
    (story) => {
      story.steps.splice(where(story, "RUN_RESUMED", 3), 1);
    },
  ],
];

const works: readonly Forgery[] = [
  ["a recheck left out", "event-missing", (story) => void drop(story, "DRIFT_CHECK", 1)],
  ["a recheck made twice", "event-duplicated", (story) => again(story, "DRIFT_CHECK", 0)],
  ["a recheck of another task", "event-extra", (story) => (data(story, "DRIFT_CHECK", 2).of = story.id(1))],
  [
    "a recheck behind the limits",
    "event-reordered",
    (story) => {
      const at = where(story, "DRIFT_CHECK", 2);
      const [check] = story.steps.splice(at, 1);
      story.steps.splice(at + 1, 0, check as Step);
    },
  ],
  ["drift that was ignored", "event-untrue", (story) => (data(story, "DRIFT_CHECK", 2).found = digestBytes("other"))],
  [
    "drift measured against another output",
    "event-untrue",
    (story) =>
      Object.assign(data(story, "DRIFT_CHECK", 2), { expected: digestBytes("other"), found: digestBytes("other") }),
  ],
  ["a violated boundary that is not told", "event-missing", (story) => void drop(story, "BOUNDARY_VIOLATION")],
  [
    "a violated boundary, and a task that completed",
    "event-extra",
    (story) => {
      story.tell("BOUNDARY_VIOLATION", story.id(3), { category: "forks", attempted: "fork" });
      story.steps.splice(where(story, "EXECUTION_COMPLETED", 3), 0, story.steps.pop() as Step);
    },
  ],
  [
    "an abort for another reason after a violated boundary",
    "event-extra",
    (story) => {
      data(story, "OPERATION_ABORTED").code = "runner.timeout";
      data(story, "RUN_STOPPED", 1).code = "runner.timeout";
      rerecorded(story, 1, { code: "runner.timeout" });
    },
  ],
  [
    "a violated boundary of a task that was not executed",
    "event-reordered",
    (story) => {
      const at = where(story, "BOUNDARY_VIOLATION");
      const [violation] = story.steps.splice(at, 1);
      story.steps.splice(at - 2, 0, violation as Step);
    },
  ],
  [
    "an input of another pin",
    "event-untrue",
    (story) => (data(story, "EXECUTION_STARTED", 2).input = data(story, "EXECUTION_STARTED", 3).input),
  ],
  [
    "a pin that is said to be missing",
    "event-untrue",
    (story) => {
      story.steps.splice(where(story, "ROUTING_DECISION", 5) + 1);
      Object.assign(data(story, "ROUTING_DECISION", 5), refuse("runner.pin-missing", "count"));
    },
    "denied",
  ],
  ["a second attempt told as the first", "attempt-wrong", (story) => (data(story, "EXECUTION_STARTED", 2).attempt = 1)],
  ["a write under another key", "event-untrue", (story) => (data(story, "EXECUTION_STARTED", 1).idempotencyKey = "x")],
  [
    "a failure mode that the contract does not state",
    "event-untrue",
    (story) =>
      (data(story, "OPERATION_ABORTED").reasons = [{ code: "runner.failure-mode", place: "doc.other", message: "x" }]),
  ],
];

const forgeries = [...tokens, ...limits, ...gates, ...stops, ...works];

describe("a bound run that its keeper tells false, and signs, is never VALID", () => {
  test("at least 80 ways are named, each once", () => {
    expect(forgeries.length).toBeGreaterThanOrEqual(80);
    expect(new Set(forgeries.map(([title]) => title)).size).toBe(forgeries.length);
  });

  test.each(forgeries.map(([title, code, forge, status = "completed"]) => [title, { code, forge, status }] as const))(
    "%s",
    async (_title, { code, forge, status }) => {
      const story = goodStory(boundPlan());
      forge(story);

      const { verdict, codes } = await verified(story, status);

      expect([verdict, codes]).toEqual(["INVALID", expect.arrayContaining([code])]);
    },
  );
});

describe("a bound plan that no planner makes", () => {
  test.each<[string, Partial<Plan>]>([
    ["is isolated, with gates", { kind: "isolated" }],
    ["has a gate before no group", { gates: [{ name: "SG_1", before: 3, reviewDecision: false }] }],
    [
      "has two gates at one place",
      {
        gates: [
          { name: "SG_1", before: 1, reviewDecision: false },
          { name: "SG_2", before: 1, reviewDecision: false },
        ],
      },
    ],
    [
      "has a gate twice",
      {
        gates: [
          { name: "SG_1", before: 1, reviewDecision: false },
          { name: "SG_1", before: 2, reviewDecision: false },
        ],
      },
    ],
    ["rechecks a later task", { rechecks: [{ before: 1, task: 3 }] }],
    ["rechecks a task of the same group", { rechecks: [{ before: 2, task: 1 }] }],
    ["rechecks a write", { rechecks: [{ before: 3, task: 1 }] }],
    ["binds to a task of the same group", { groups: [[0, 1], [2], [3]] }],
  ])("%s", async (_title, change) => {
    const story = goodStory(boundPlan(change));

    const { verdict, codes } = await verified(story, "completed");

    expect([verdict, codes]).toEqual(["INVALID", expect.arrayContaining(["plan-malformed"])]);
  });
});

test.each([
  [0, []],
  [1, ["plan-malformed"]],
])("a recheck of a task that may cost %d model tokens", (tokensMax, codes) => {
  const { plan, snapshot } = boundPlan();
  const contracts = new Map(
    snapshot.operations.map((contract) => [contractDigestOf(contract) as string, { ...contract, tokensMax }]),
  );
  const findings = new Findings();

  checkBoundShape({ ...plan, rechecks: [{ before: 3, task: 0 }] }, contracts, findings);

  expect(findings.reasons.map(({ code }) => code)).toEqual(codes);
});
