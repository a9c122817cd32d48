import { digestBytes, digestJson, type EventDraft, type GateName, type Plan, RunEvent } from "@canonic/contracts";
import { describe, expect, test } from "vitest";
import {
  type AuthorityOptions,
  type AuthorityStorage,
  arm,
  attenuateToken,
  claimsForPlan,
  confirmationOf,
  createAuthority,
  createMemoryAuthorityStorage,
  drainOutbox,
  halt,
  issueToken,
  type LimitUse,
  type Reservation,
  readToken,
  registerToken,
  revokeToken,
  signApproval,
} from "../src/index.ts";
import {
  approver,
  contractOf,
  draft,
  holder,
  issuer,
  NOW,
  ORIGIN,
  OTHER_RUN,
  otherIssuer,
  person,
  planOf,
  RUN,
  secretsOf,
  snapshot,
  snapshotOf,
  taskOf,
  token,
  trust,
  world,
} from "./support.ts";

const digest = digestBytes(token);
const order = { by: "Ana", reason: "release 7", now: NOW };
const live = { ...draft, modes: ["dryrun" as const, "live" as const] };
const write = contractOf("ledger.post", { mode: "live", effect: "write" });
const count = contractOf("inventory.count");
const countTask = taskOf("inventory.count", 0);
const refused = (code: string) => ({
  kind: "refuse",
  reasons: [expect.objectContaining({ code: `authority.${code}` })],
});
const names = (limits: readonly LimitUse[]) =>
  limits.map(({ limit, used, reserved, need, max }) => [limit, used, reserved, need, max]);

describe("a valid token", () => {
  test("lets a plan of three domains run, each task held and spent", () => {
    const { authority, storage } = world();
    const plan = planOf();
    const reading = readToken(token, trust);
    if (reading.kind === "refuse") throw new Error(reading.reason.place);
    const { payload } = reading.token;

    const validation = authority.validate(plan, RUN);
    const checks = plan.tasks.map((task, position) => {
      const contract = contractOf(task.operation, { tokensMax: 10 });
      const scope = authority.scope(task, contract);
      const reservation = authority.reserve(task, contract, 1);
      authority.commit(task, 1, position);
      return [scope, reservation] as const;
    });

    expect(validation).toEqual({
      kind: "allow",
      token: digest,
      claims: payload,
      user: "ana",
      trigger: "direct_command",
    });
    expect(checks.map(([scope]) => scope)).toEqual(
      plan.tasks.map(() => ({ kind: "allow", token: digest, policySet: null, policies: [] })),
    );
    expect(checks.map(([, reservation]) => reservation)).toEqual(
      [0, 1, 2].map((before) => ({
        kind: "allow",
        token: digest,
        limits: [
          { limit: "invocations", used: before, reserved: 0, need: 1, max: 3 },
          { limit: "tokens-per-response", used: 0, reserved: 0, need: 10, max: 100 },
          { limit: "tokens-total", used: [0, 0, 1][before], reserved: 0, need: 10, max: 200 },
          { limit: "frequency", used: before, reserved: 0, need: 1, max: 100 },
        ],
      })),
    );
    expect(storage.outbox(0, 10).map(({ type }) => type)).toEqual(["TOKEN_FIRST_USED"]);
  });

  test("is first used once, by the first run that it lets in", () => {
    const { authority, storage, options } = world();
    authority.validate(planOf(), RUN);
    createAuthority(options).validate(planOf(), OTHER_RUN);

    expect(storage.outbox(0, 10)).toEqual([
      { type: "TOKEN_FIRST_USED", subject: digest, data: { token: digest, run: RUN, occurredAt: NOW } },
    ]);
  });
});

describe("a validation refuses", () => {
  type Case = readonly [
    name: string,
    code: string,
    options: Partial<AuthorityOptions>,
    prepare?: ((made: ReturnType<typeof world>) => unknown) | undefined,
    plan?: Partial<Plan>,
  ];
  const cases: readonly Case[] = [
    ["a revoked token", "token-revoked", {}, ({ storage }) => revokeToken(storage, digest, order)],
    ["a text that is no token", "token-unknown", { token: "nothing" }],
    [
      "a token of the day after",
      "token-unknown",
      { token: issueToken({ ...draft, iat: draft.iat + 1 }, issuer.signer) },
    ],
    ["a token of a stranger", "token-unknown", { token: issueToken(draft, person("stranger").signer) }],
    ["another presenter", "user-differs", { user: "eve" }],
    ["another user's plan", "user-differs", {}, undefined, { user: "eve" }],
    [
      "an expired token",
      "token-expired",
      {},
      ({ time }) => {
        time.now = "2026-01-31T12:10:00.000Z";
      },
    ],
    ["a trigger that the token does not list", "trigger-refused", { trigger: "scheduled" }],
    ...["", "*", "background", "polling", "timer", "webhook", "autonomous", "DIRECT_COMMAND", "direct_command "].map(
      (trigger): Case => [`the trigger \`${trigger}\``, "trigger-refused", { trigger }],
    ),
    ["a live plan under a dry-run token", "mode-refused", {}, ({ storage }) => arm(storage, order), { mode: "live" }],
    ["everything while halted", "halted", {}, ({ storage }) => halt(storage, order)],
    [
      "a live plan with a write while not armed",
      "not-armed",
      { token: issueToken(live, issuer.signer), snapshot: snapshotOf([write]) },
      undefined,
      { mode: "live" },
    ],
    [
      "a live plan that nobody shows not to write",
      "not-armed",
      { token: issueToken(live, issuer.signer), snapshot: snapshotOf([]) },
      undefined,
      { mode: "live" },
    ],
    [
      "a live plan when its armed time is over",
      "not-armed",
      { token: issueToken(live, issuer.signer), snapshot: snapshotOf([write]) },
      ({ storage, time }) => {
        arm(storage, { ...order, seconds: 60 });
        time.now = "2026-01-31T12:01:00.000Z";
      },
      { mode: "live" },
    ],
  ];

  for (const [name, code, options, prepare, plan] of cases)
    test(name, () => {
      const made = world(options);
      prepare?.(made);

      expect(made.authority.validate(planOf(plan), RUN)).toMatchObject(refused(code));
      expect(() => made.authority.reserve(countTask, count, 1)).toThrow("no token was validated");
      expect(made.storage.outbox(0, 9).filter(({ type }) => type === "TOKEN_FIRST_USED")).toEqual([]);
    });

  test("for the first fault in order: revoked, existing, user, expired, trigger, mode", () => {
    const past = issueToken({ ...draft, iat: draft.iat - 60, exp: draft.iat }, issuer.signer);
    const worst = { token: past, user: "eve", trigger: "webhook" };
    const at = (options: Partial<AuthorityOptions>, revoke?: string) => {
      const made = world(options);
      if (revoke !== undefined) revokeToken(made.storage, digestBytes(revoke), order);
      const decision = made.authority.validate(planOf({ mode: "live" }), RUN);
      return [decision].flatMap((each) => ("reasons" in each ? each.reasons.map(({ code }) => code.slice(10)) : []));
    };

    expect(at(worst, past)).toEqual(["token-revoked"]);
    expect(at({ ...worst, token: "nothing" }, "nothing")).toEqual(["token-revoked"]);
    expect(at({ ...worst, token: "nothing" })).toEqual(["token-unknown"]);
    expect(at(worst)).toEqual(["user-differs"]);
    expect(at({ ...worst, user: "ana" })).toEqual(["token-expired"]);
    expect(at({ trigger: "webhook" })).toEqual(["trigger-refused"]);
    expect(at({})).toEqual(["mode-refused"]);
  });

  test("and says what the token claims whenever a trusted issuer said it", () => {
    const revoked = world();
    revokeToken(revoked.storage, digest, order);

    expect(revoked.authority.validate(planOf(), RUN)).toHaveProperty("claims.digest");
    expect(world({ token: "nothing" }).authority.validate(planOf(), RUN)).toMatchObject({ claims: null });
    expect(
      world({ token: issueToken(draft, person("office").signer) }).authority.validate(planOf(), RUN),
    ).toMatchObject({ claims: null });
  });

  test("an expired token with one event, however often it is tried", () => {
    const { authority, storage, time } = world();
    time.now = "2026-01-31T12:10:00.001Z";
    authority.validate(planOf(), RUN);
    authority.validate(planOf(), RUN);

    expect(storage.outbox(0, 10)).toEqual([
      {
        type: "TOKEN_EXPIRED",
        subject: digest,
        data: { token: digest, expiresAt: "2026-01-31T12:10:00.000Z", occurredAt: time.now },
      },
    ]);
  });

  test("a live plan that only reads never, armed or not", () => {
    const read = snapshotOf(
      [...snapshot.operations].map((each) => ({ ...each, mode: "live" as const, effect: "read" as const })),
    );
    const { authority } = world({ token: issueToken(live, issuer.signer), snapshot: read });

    expect(authority.validate(planOf({ mode: "live" }), RUN)).toMatchObject({ kind: "allow" });
  });
});

describe("a scope check refuses", () => {
  test.each([
    ["a domain that is not listed", contractOf("warehouse.count"), "domain-refused"],
    ["a method that is not listed", contractOf("inventory.list"), "method-refused"],
    ["a method of another domain", contractOf("inventory.post"), "method-refused"],
    ["a longer method", contractOf("inventory.counts"), "method-refused"],
    [
      "a capability that is not granted",
      contractOf("inventory.count", { capabilities: ["access-secret"] }),
      "capability-refused",
    ],
    ["a live operation", contractOf("inventory.count", { mode: "live" }), "mode-refused"],
  ])("%s", (_, contract, code) => {
    const { authority } = world();
    authority.validate(planOf(), RUN);

    expect(authority.scope(taskOf(contract.operation), contract)).toMatchObject({
      policySet: null,
      policies: [],
      ...refused(code),
    });
  });

  test("a live write that was armed when the plan was validated, and is not any more", () => {
    const { authority, storage, time } = world({ token: issueToken(live, issuer.signer) });
    arm(storage, { ...order, seconds: 60 });
    authority.validate(planOf({ mode: "live" }), RUN);
    const task = taskOf("ledger.post");

    expect(authority.scope(task, write)).toMatchObject({ kind: "allow" });
    time.now = "2026-01-31T12:01:00.000Z";
    expect(authority.scope(task, write)).toMatchObject(refused("not-armed"));
    expect(authority.reserve(task, write, 1)).toMatchObject(refused("not-armed"));
    arm(storage, { ...order, now: time.now });
    expect(authority.scope(task, write)).toMatchObject({ kind: "allow" });
    expect(authority.reserve(task, write, 1)).toMatchObject({ kind: "allow" });
  });

  test("a task that was routed to another operation, by throwing", () => {
    const { authority } = world();
    authority.validate(planOf(), RUN);

    expect(() => authority.scope(countTask, write)).toThrow("another operation");
  });
});

describe("between two tasks", () => {
  test.each<readonly [string, string, (made: ReturnType<typeof world>) => unknown]>([
    ["revocation", "token-revoked", ({ storage }) => revokeToken(storage, digest, order)],
    [
      "expiry",
      "token-expired",
      ({ time }) => {
        time.now = "2026-01-31T12:10:00.000Z";
      },
    ],
    ["the kill switch", "halted", ({ storage }) => halt(storage, order)],
  ])("%s stops the next scope and the next reservation, and nothing is held", (_, code, change) => {
    const made = world();
    made.authority.validate(planOf(), RUN);
    made.authority.scope(countTask, count);
    change(made);

    expect(made.authority.scope(countTask, count)).toMatchObject(refused(code));
    const reservation = made.authority.reserve(countTask, count, 1);
    expect(reservation).toMatchObject(refused(code));
    expect(reservation).toMatchObject({ limits: [{ limit: "invocations", used: 0, reserved: 0 }, {}, {}, {}] });
    expect(
      made.storage.reserve({ id: "other", at: NOW, need: 0, tokens: [{ token: digest, since: NOW }] }, () => false)
        .counts[0]?.invocationsReserved,
    ).toBe(0);
  });
});

test("a clock that is set back revives no token that was seen to have expired, at any look", () => {
  const made = world();
  const { authority, time, storage } = made;
  authority.validate(planOf(), RUN);
  time.now = "2026-01-31T12:10:00.000Z";
  expect(authority.scope(countTask, count)).toMatchObject(refused("token-expired"));
  time.now = NOW;

  const seen = { ...refused("token-expired"), reasons: [{ code: "authority.token-expired", place: "store" }] };
  expect(authority.scope(countTask, count)).toMatchObject(seen);
  expect(authority.reserve(countTask, count, 1)).toMatchObject(seen);
  expect(createAuthority(made.options).validate(planOf(), OTHER_RUN)).toMatchObject(seen);
  expect(storage.outbox(0, 10).filter(({ type }) => type === "TOKEN_EXPIRED").length).toBe(1);
});

describe("limits", () => {
  test("let the third of three in and refuse the fourth, over two runs and two processes", () => {
    const first = world();
    const second = createAuthority(first.options);
    first.authority.validate(planOf(), RUN);
    second.validate(planOf(), OTHER_RUN);

    expect(
      [0, 1].map((position) => first.authority.reserve(taskOf("inventory.count", position), count, 1)),
    ).toMatchObject([{ kind: "allow" }, { kind: "allow" }]);
    expect(second.reserve(countTask, count, 1)).toMatchObject({ kind: "allow" });
    expect(second.reserve(taskOf("inventory.count", 7), count, 1)).toMatchObject({
      ...refused("limit-invocations"),
      limits: [{ limit: "invocations", used: 0, reserved: 3, need: 1, max: 3 }, {}, {}, {}],
    });
    expect(second.reserve(countTask, count, 1)).toMatchObject({ kind: "allow" });
  });

  test("count each execution of a task, and an attempt that is reserved again once", () => {
    const { authority } = world();
    authority.validate(planOf(), RUN);

    for (const time of [1, 2])
      expect([time, authority.reserve(countTask, count, 1)]).toMatchObject([time, { kind: "allow" }]);
    authority.commit(countTask, 1, 0);
    for (const attempt of [2, 3]) {
      expect(authority.reserve(countTask, count, attempt)).toMatchObject({
        kind: "allow",
        limits: [{ limit: "invocations", used: attempt - 1, reserved: 0 }, {}, {}, {}],
      });
      authority.commit(countTask, attempt, 0);
    }
    expect(authority.reserve(countTask, count, 4)).toMatchObject(refused("limit-invocations"));
    for (const attempt of [0, 1.5, -1]) expect(() => authority.reserve(countTask, count, attempt)).toThrow("from 1");
  });

  test("count a use against the parent, and show the child's rows", () => {
    const parent = issueToken({ ...draft, cnf: confirmationOf(holder.publicKey) }, issuer.signer);
    const make = (jti: string) => attenuateToken(parent, holder.signer, { jti, label: "child" }, trust);
    const first = world({ token: make("child-one-child-one") });
    const second = createAuthority({ ...first.options, token: make("child-two-child-two") });
    first.authority.validate(planOf(), RUN);
    second.validate(planOf(), OTHER_RUN);
    for (const position of [0, 1]) first.authority.reserve(taskOf("inventory.count", position), count, 1);
    second.reserve(countTask, count, 1);

    const reservation = second.reserve(taskOf("inventory.count", 1), count, 1) as Reservation;

    expect(reservation).toMatchObject({
      token: digestBytes(make("child-two-child-two").split("~")[1] as string),
      reasons: [
        {
          code: "authority.limit-invocations",
          message: expect.stringContaining("parent allows 3; 0 are used, 3 are held"),
        },
      ],
    });
    expect(names(reservation.limits)).toEqual([
      ["invocations", 0, 1, 1, 3],
      ["tokens-per-response", 0, 0, 0, 100],
      ["tokens-total", 0, 0, 0, 200],
      ["frequency", 1, 0, 1, 100],
    ]);
  });

  test.each([
    ["limit-tokens-per-response", { tokensPerResponse: 9 }],
    ["limit-tokens-total", { tokensTotal: 19 }],
    ["limit-frequency", { frequency: { count: 1, perSeconds: 60 } }],
  ])("refuse the second use of ten tokens with %s", (code, rest) => {
    const { authority } = world({
      token: issueToken({ ...draft, limits: { ...draft.limits, ...rest } }, issuer.signer),
    });
    const contract = contractOf("inventory.count", { tokensMax: 10 });
    authority.validate(planOf(), RUN);
    authority.reserve(countTask, contract, 1);

    expect(authority.reserve(taskOf("inventory.count", 1), contract, 1)).toMatchObject(refused(code));
  });

  test("let a use in again when the window has passed it", () => {
    const once = { ...draft.limits, frequency: { count: 1, perSeconds: 60 } };
    const { authority, time } = world({ token: issueToken({ ...draft, limits: once }, issuer.signer) });
    authority.validate(planOf(), RUN);
    authority.reserve(countTask, count, 1);

    time.now = "2026-01-31T12:00:59.999Z";
    expect(authority.reserve(taskOf("inventory.count", 1), count, 1)).toMatchObject(refused("limit-frequency"));
    time.now = "2026-01-31T12:01:00.000Z";
    expect(authority.reserve(taskOf("inventory.count", 1), count, 1)).toMatchObject({ kind: "allow" });
  });
});

describe("a child token", () => {
  const parent = issueToken({ ...draft, cnf: confirmationOf(holder.publicKey) }, issuer.signer);
  const presented = attenuateToken(
    parent,
    holder.signer,
    { jti: "child-child-child", label: "x", exp: draft.exp - 60 },
    trust,
  );

  test("falls with its parent, and alone", () => {
    const alone = world({ token: presented });
    const both = world({ token: presented });
    revokeToken(alone.storage, digestBytes(presented.split("~")[1] as string), order);
    revokeToken(both.storage, digestBytes(parent), order);

    expect(alone.authority.validate(planOf(), RUN)).toMatchObject(refused("token-revoked"));
    expect(both.authority.validate(planOf(), RUN)).toMatchObject(refused("token-revoked"));
    expect(createAuthority({ ...alone.options, token: parent }).validate(planOf(), RUN)).toMatchObject({
      kind: "allow",
    });
  });

  test("is named by its own bytes, and first used with its parent", () => {
    const { authority, storage } = world({ token: presented });

    expect(authority.validate(planOf(), RUN)).toMatchObject({
      kind: "allow",
      token: digestBytes(presented.split("~")[1] as string),
    });
    expect(storage.outbox(0, 9).map(({ subject }) => subject)).toEqual([
      digestBytes(presented.split("~")[1] as string),
      digestBytes(parent),
    ]);
  });
});

describe("at a gate", () => {
  const request = {
    run: RUN,
    gate: "SG_1" as GateName,
    plan: digestBytes("plan"),
    pins: digestBytes("pins"),
    reviewDecision: false,
  };
  const approval = signApproval(
    {
      origin: ORIGIN,
      run: RUN,
      gate: request.gate,
      plan: request.plan,
      pins: request.pins,
      decision: "approve",
      meaning: "yes",
      reviewDecision: null,
      iat: draft.iat,
      exp: draft.iat + 60,
    },
    approver.signer,
  );

  const validated = () => {
    const made = world();
    made.authority.validate(planOf(), RUN);
    return made;
  };

  test("nothing is approved before a validation allowed the run, or for another run (U4)", () => {
    const { authority, storage } = world();

    expect(() => authority.approve(request, approval, [])).toThrow("no token was validated");
    authority.validate(planOf(), OTHER_RUN);
    expect(() => authority.approve(request, approval, [])).toThrow("another run");
    authority.validate(planOf(), RUN);
    expect(authority.approve(request, approval, [])).toMatchObject({ kind: "allow" });
    expect(storage.outbox(0, 9)).toHaveLength(1);
  });

  test("an approval is consumed once, and good again only where it was not recorded", () => {
    const { authority } = validated();
    const first = authority.approve(request, approval, []);

    expect(first).toMatchObject({
      kind: "allow",
      signer: "Ana Pérez",
      decision: "approve",
      reviewDecision: null,
      expiresAt: "2026-01-31T12:01:00.000Z",
    });
    expect(authority.approve(request, approval, [])).toEqual(first);
    const recorded = "approval" in first ? [first.approval.digest] : [];
    expect(authority.approve(request, approval, recorded)).toMatchObject(refused("approval-replayed"));
  });

  test("an approval that the store has seen at another gate is a replay", () => {
    const { authority, storage } = validated();
    const answered = authority.approve(request, approval, []);
    const other = createMemoryAuthorityStorage();
    if ("approval" in answered) other.consumeApproval(answered.approval.digest, OTHER_RUN, "SG_1", NOW);

    const elsewhere = createAuthority({ ...world().options, storage: other });
    elsewhere.validate(planOf(), RUN);
    expect(elsewhere.approve(request, approval, [])).toMatchObject(refused("approval-replayed"));
    expect(storage.consumeApproval(digestBytes("none"), RUN, "SG_1", NOW)).toBe("first");
  });

  test("an approval of this run's name, given in another log, is refused, and is not consumed", () => {
    const { options } = validated();
    const elsewhere = createAuthority({ ...options, origin: "canonic.test/other" });
    elsewhere.validate(planOf(), RUN);

    expect(elsewhere.approve(request, approval, [])).toMatchObject(refused("approval-other-log"));
    expect(options.storage.consumeApproval(digestJson(approval), OTHER_RUN, "SG_1", NOW)).toBe("first");
  });

  test("nothing is approved while the store is halted, and nothing is consumed", () => {
    const { authority, storage } = validated();
    halt(storage, order);
    expect(authority.approve(request, approval, [])).toMatchObject(refused("halted"));
    arm(storage, order);

    expect(authority.approve({ ...request, gate: "SG_2" as GateName }, approval, [])).toMatchObject(
      refused("approval-other-gate"),
    );
    expect(authority.approve(request, approval, [])).toMatchObject({ kind: "allow" });
  });
});

describe("claims for a plan", () => {
  test("are what its tasks need and not one invocation more", () => {
    const contracts = [
      contractOf("inventory.count", { tokensMax: 40 }),
      contractOf("ledger.post", { capabilities: ["log-prompt"], tokensMax: 2 }),
      contractOf("pricing.quote", { capabilities: ["access-secret", "log-prompt"] }),
    ];
    const given = claimsForPlan(planOf(), snapshotOf(contracts), {
      now: "2026-01-31T12:00:00.999Z",
      jti: draft.jti,
      label: "run",
    });
    const { authority } = world({ token: issueToken(given, issuer.signer), snapshot: snapshotOf(contracts) });

    expect(given.limits).toEqual({
      invocations: 3,
      tokensPerResponse: 40,
      tokensTotal: 42,
      frequency: { count: 3, perSeconds: 1800 },
    });
    expect(authority.validate(planOf(), RUN)).toMatchObject({ kind: "allow" });
    const answers = planOf().tasks.map((task, position) => [
      authority.scope(task, contracts[position] ?? count),
      authority.reserve(task, contracts[position] ?? count, 1),
    ]);
    expect(answers.flat()).toMatchObject(Array.from({ length: 6 }, () => ({ kind: "allow" })));
    expect(authority.reserve(taskOf("inventory.count", 9), count, 1)).toMatchObject(refused("limit-invocations"));
    expect(authority.scope(taskOf("ledger.read"), contractOf("ledger.read"))).toMatchObject(refused("method-refused"));
  });

  test("count what will be executed again", () => {
    const rechecks = [{ before: 1, task: 0 }];
    const plan = planOf({ kind: "bound", rechecks, expect: { ...planOf().expect, replay: 2 } });

    expect(
      claimsForPlan(plan, snapshot, { now: NOW, jti: draft.jti, label: "run", lifetimeSeconds: 60 }),
    ).toMatchObject({
      exp: draft.iat + 60,
      limits: { invocations: 6, frequency: { count: 6, perSeconds: 60 } },
    });
  });
});

test("a store that answers later gives the same decisions", async () => {
  const now = world();
  const memory = createMemoryAuthorityStorage();
  const later = new Proxy(memory as AuthorityStorage, {
    get:
      (target, name: keyof AuthorityStorage) =>
      async (...given: never[]) =>
        (target[name] as (...all: never[]) => unknown)(...given),
  });
  const slow = createAuthority({ ...now.options, storage: later });
  const plan = planOf();
  const flow = (authority: typeof slow) => [
    () => authority.validate(plan, RUN),
    ...[0, 1, 2, 3].flatMap((position) => [
      () => authority.scope(countTask, count),
      () => authority.reserve(taskOf("inventory.count", position), count, 1),
      () => authority.commit(taskOf("inventory.count", position), 1, 0),
    ]),
    () => authority.scope(taskOf("warehouse.count"), contractOf("warehouse.count")),
  ];
  const atOnce = flow(now.authority).map((step) => step());
  const waited: unknown[] = [];
  for (const step of flow(slow)) {
    const answer = step();
    expect(answer).toBeInstanceOf(Promise);
    waited.push(await answer);
  }

  expect(waited).toEqual(atOnce);
  expect(memory.outbox(0, 10)).toEqual(now.storage.outbox(0, 10));
});

test("what a store throws reaches the caller unchanged, now or later", async () => {
  const fault = new Error("disk");
  const failing = (later: boolean) => ({
    ...createMemoryAuthorityStorage(),
    standing: () => {
      if (later) return Promise.reject(fault) as never;
      throw fault;
    },
  });

  expect(() => world({ storage: failing(false) }).authority.validate(planOf(), RUN)).toThrow(fault);
  await expect(world({ storage: failing(true) }).authority.validate(planOf(), RUN)).rejects.toBe(fault);
});

test("the authority chain gets every event once, in order, over two drains and a failing one", () => {
  const { storage, authority } = world();
  const reading = readToken(token, trust);
  if (reading.kind === "refuse") throw new Error(reading.reason.place);
  const chain: EventDraft[] = [];
  registerToken(storage, reading.token, NOW);
  authority.validate(planOf(), RUN);

  expect(drainOutbox(storage, 0, (event) => chain.push(event))).toBe(2);
  arm(storage, order);
  halt(storage, order);
  revokeToken(storage, digest, order);
  const failing = (event: EventDraft): void => {
    if (event.type === "TOKEN_REVOKED") throw new Error("full");
    chain.push(event);
  };
  expect(() => drainOutbox(storage, chain.length, failing)).toThrow("full");
  expect(drainOutbox(storage, chain.length, (event) => chain.push(event))).toBe(5);
  expect(drainOutbox(storage, chain.length, (event) => chain.push(event))).toBe(5);

  expect(chain).toEqual(storage.outbox(0, 10));
  expect(chain.map(({ type }) => type)).toEqual([
    "TOKEN_ISSUED",
    "TOKEN_FIRST_USED",
    "MODE_CHANGED",
    "MODE_CHANGED",
    "TOKEN_REVOKED",
  ]);
  for (const [seq, event] of chain.entries()) {
    expect(RunEvent.safeParse({ ...event, run: "authority", seq, prev: digest, at: NOW }).error).toBeUndefined();
  }
});

test("no token and no key is in any decision, event or error", () => {
  const parent = issueToken({ ...draft, cnf: confirmationOf(holder.publicKey) }, issuer.signer);
  const child = attenuateToken(parent, holder.signer, { jti: "child-child-child", label: "x" }, trust);
  const texts = [
    token,
    parent,
    child,
    `${token}x`,
    issueToken(draft, person("stranger").signer),
    child.split("~")[1] as string,
  ];
  const said: string[] = [];
  const say = (value: unknown): void => {
    said.push(JSON.stringify(value, (_, each) => (each?.type === "Buffer" ? Buffer.from(each.data).toString() : each)));
  };
  for (const text of texts) {
    const { authority, storage, time } = world({ token: text });
    say(authority.validate(planOf(), RUN));
    for (const call of [() => authority.scope(countTask, count), () => authority.reserve(countTask, count, 1)]) {
      try {
        say(call());
      } catch (error) {
        say([String(error), error]);
      }
    }
    revokeToken(storage, digestBytes(text), order);
    time.now = "2026-01-31T13:00:00.000Z";
    say(authority.validate(planOf(), RUN));
    say(storage.outbox(0, 100));
    try {
      attenuateToken(text, otherIssuer.signer, { jti: "child-child-child", label: "x", exp: draft.exp + 9 }, trust);
    } catch (error) {
      say([String(error), error, (error as Error).stack]);
    }
  }
  const secrets = [
    ...[issuer, otherIssuer, holder, approver].flatMap(secretsOf),
    ...texts.flatMap((text) => text.split(/[.~]/)).filter((part) => part.length > 20),
  ];

  expect(said.length).toBeGreaterThan(25);
  expect(secrets.length).toBeGreaterThan(20);
  for (const secret of secrets) for (const text of said) expect(text.includes(secret)).toBe(false);
});
