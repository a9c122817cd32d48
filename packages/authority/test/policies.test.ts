import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type AuthorityError, arm, DEFAULT_POLICIES, issueToken, openPolicies } from "../src/index.ts";
import { questionOf } from "../src/profile.ts";
import { contractOf, draft, issuer, NOW, planOf, RUN, readClaimsOf, taskOf, world } from "./support.ts";

const wide = issueToken({ ...draft, modes: ["dryrun", "live"], capabilities: ["log-prompt"] }, issuer.signer);
const claims = readClaimsOf(wide);
const own = (text: string) => ({ name: "own.cedar", text });
const defaults = await openPolicies([DEFAULT_POLICIES]);

describe("the default policies", () => {
  const ask = (...given: Parameters<typeof questionOf>) => defaults.decide(questionOf(...given));
  const count = contractOf("inventory.count");
  const write = contractOf("ledger.post", { mode: "live", effect: "write" });
  const scope = "canonic.token-scope";

  test.each([
    ["permit what the token scopes", ask(claims, "direct_command", "safe", count), "allow", [scope]],
    ["permit nothing else", ask(claims, "direct_command", "safe", contractOf("warehouse.count")), "refuse", []],
    ["forbid everything while halted", ask(claims, "direct_command", "halted", count), "refuse", ["canonic.halted"]],
    [
      "forbid a live write that is not armed",
      ask(claims, "direct_command", "safe", write),
      "refuse",
      ["canonic.live-write-armed"],
    ],
    ["permit a live write that is armed", ask(claims, "direct_command", "armed", write), "allow", [scope]],
    [
      "forbid a live write of untrusted code",
      ask(claims, "direct_command", "armed", { ...write, isolation: "untrusted" }),
      "refuse",
      ["canonic.untrusted-live-write"],
    ],
    [
      "forbid a mode that the token does not list",
      ask({ ...claims, modes: ["dryrun"] }, "direct_command", "armed", write),
      "refuse",
      ["canonic.token-mode"],
    ],
    [
      "forbid a trigger that the token does not list",
      ask(claims, "scheduled", "safe", count),
      "refuse",
      ["canonic.token-trigger"],
    ],
    [
      "permit a capability that is granted",
      ask(claims, "direct_command", "safe", { ...count, capabilities: ["log-prompt"] }),
      "allow",
      [scope],
    ],
    [
      "forbid a capability that is not",
      ask(claims, "direct_command", "safe", { ...count, capabilities: ["access-secret", "log-prompt"] }),
      "refuse",
      ["canonic.capabilities-granted"],
    ],
  ] as const)("%s", (_, answer, decision, policies) => {
    expect(answer).toEqual({ decision, policies });
  });

  test("are valid like any other's", async () => {
    const asAnother = await openPolicies([own(`${DEFAULT_POLICIES.text}\n// a text of its own\n`)]);

    expect(asAnother.digest).toBe(defaults.digest);
  });

  test("are seven, by name", () => {
    expect(defaults.ids).toEqual([
      "canonic.capabilities-granted",
      "canonic.halted",
      "canonic.live-write-armed",
      "canonic.token-mode",
      "canonic.token-scope",
      "canonic.token-trigger",
      "canonic.untrusted-live-write",
    ]);
  });
});

describe("a policy that would exhaust the engine", () => {
  const policyOf = (condition: string) => own(`@id("a")\npermit (principal, action, resource) when { ${condition} };`);
  const many = (text: string) => text.repeat(5_000);

  test.each([
    ["brackets", `${many("(")}true${many(")")}`],
    ["conjunctions", `true${many(" && true")}`],
    ["accesses", `context${many(".a")} == 1`],
    ["negations", `${many("!")}true`],
    ["conditions", `${many("if true then true else ")}true`],
  ])("of %s is refused with its place, and the engine still answers", async (_, condition) => {
    await expect(openPolicies([DEFAULT_POLICIES, policyOf(condition)])).rejects.toMatchObject({
      code: "authority.policy-invalid",
      details: { source: "own.cedar", policy: null, line: 2, fault: expect.stringContaining("at most 32 deep") },
    });
    expect((await openPolicies([DEFAULT_POLICIES])).digest).toBe(defaults.digest);
  });

  test("is refused by its length, before it is looked at further", async () => {
    await expect(openPolicies([own(" ".repeat(1_048_577))])).rejects.toMatchObject({
      code: "authority.policy-invalid",
      details: { fault: "at most 1048576 characters long" },
    });
  });
});

describe("a set of policies", () => {
  const forbid =
    '@id("own.no-counting")\nforbid (principal == User::"ana", action, resource in Domain::"inventory");\n';

  test("is named by its policies, in whatever order and texts they come", async () => {
    const [a, b] = [
      own('@id("a")\npermit (principal, action, resource);'),
      own('@id("b")\nforbid (principal, action, resource);'),
    ];
    const [one, turned, joined, other] = await Promise.all(
      [[a, b], [b, a], [own(`${b.text}\n// a comment\n${a.text}\n`)], [a]].map((sources) => openPolicies(sources)),
    );

    expect(turned?.digest).toBe(one?.digest);
    expect(joined?.digest).toBe(one?.digest);
    expect(other?.digest).not.toBe(one?.digest);
  });

  test("decides beside the token, and its ids are in the decision", async () => {
    const policies = await openPolicies([DEFAULT_POLICIES, own(forbid)]);
    const { authority } = world({ policies });
    authority.validate(planOf(), RUN);

    expect(authority.scope(taskOf("pricing.quote"), contractOf("pricing.quote"))).toMatchObject({
      kind: "allow",
      policySet: policies.digest,
      policies: ["canonic.token-scope"],
    });
    expect(authority.scope(taskOf("inventory.count"), contractOf("inventory.count"))).toMatchObject({
      kind: "refuse",
      policySet: policies.digest,
      policies: ["own.no-counting"],
      reasons: [{ code: "authority.policy-refused", place: "inventory.count", message: "refused by own.no-counting" }],
    });
  });

  test("never permits what the token does not list", async () => {
    const { authority } = world({
      policies: await openPolicies([own('@id("all")\npermit (principal, action, resource);')]),
    });
    authority.validate(planOf(), RUN);

    expect(authority.scope(taskOf("warehouse.count"), contractOf("warehouse.count"))).toMatchObject({
      reasons: [{ code: "authority.domain-refused" }],
      policies: [],
    });
  });

  test("refuses when a policy fails in evaluation, under its id, though another permits", async () => {
    const overflow =
      '@id("own.overflow")\npermit (principal, action, resource) when { resource.tokensMax + 9223372036854775807 > 0 };';
    const policies = await openPolicies([DEFAULT_POLICIES, own(overflow)]);
    const question = (tokensMax: number) =>
      questionOf(claims, "direct_command", "safe", contractOf("inventory.count", { tokensMax }));

    expect(policies.decide(question(0))).toEqual({
      decision: "allow",
      policies: ["canonic.token-scope", "own.overflow"],
    });
    expect(policies.decide(question(1))).toEqual({ decision: "refuse", policies: ["own.overflow"] });
  });

  test("is asked once per distinct question", async () => {
    let asked = 0;
    const policies = {
      ...defaults,
      decide: (question: Parameters<typeof defaults.decide>[0]) => {
        asked += 1;
        return defaults.decide(question);
      },
    };
    const { authority, storage } = world({ policies, token: wide });
    const contracts = ["inventory.count", "pricing.quote"].map((operation) => contractOf(operation));
    authority.validate(planOf(), RUN);
    for (let turn = 0; turn < 50; turn += 1)
      for (const contract of contracts) authority.scope(taskOf(contract.operation, turn), contract);
    expect(asked).toBe(2);
    arm(storage, { by: "Ana", reason: "release", now: NOW });
    for (const contract of contracts) authority.scope(taskOf(contract.operation), contract);

    expect(asked).toBe(4);
    const [contract] = contracts;
    const first = defaults.decide(questionOf(claims, "direct_command", "safe", contract ?? contractOf("a.b")));
    expect(defaults.decide(questionOf(claims, "direct_command", "safe", contractOf("inventory.count")))).toBe(first);
  });
});

describe("a policy text is refused with its place", () => {
  const permit = "permit (principal, action, resource)";
  const cases: readonly (readonly [string, string, string | null, number | null, number | null])[] = [
    ["that is not Cedar", `@id("a")\n${permit};\npermit(;`, null, 3, 8],
    ["without an id", `// ñ\n@id("a")\n${permit};\n  ${permit};`, null, 4, 3],
    ["with an id that is no name", `@id("A b")\n${permit};`, null, 1, 1],
    ["with an id twice", `@id("a")\n${permit};\n@id("a")\n${permit};`, "a", 3, 1],
    ["with a slot", `@id("a")\npermit (principal == ?principal, action, resource);`, null, null, null],
    ["that speaks of an unknown attribute", `@id("ñ")\n${permit};`, null, 1, 1],
    ["that speaks of what the schema does not know", `// ñ\n@id("a")\n${permit}\nwhen { context.secret };`, "a", 4, 8],
    ["that compares what cannot be equal", `@id("a")\n${permit} when { resource.tokensMax == "1" };`, "a", 2, 45],
    ["that can never apply", `@id("a")\n${permit} when { false };`, "a", null, null],
    ["of another action", `@id("a")\npermit (principal, action == Action::"delete", resource);`, "a", null, null],
    ["that holds no policy", "// nothing\n", null, null, null],
  ];

  test("also beside the default policies, which are not validated again", async () => {
    const broken = own(`@id("a")\n${permit} when { context.unknown };`);

    await expect(openPolicies([DEFAULT_POLICIES, broken])).rejects.toMatchObject({
      code: "authority.policy-invalid",
      details: { source: "own.cedar", policy: "a", line: 2 },
    });
  });

  test.each(cases)("%s", async (_, text, policy, line, column) => {
    const error = await openPolicies([own(text)]).then(
      () => undefined,
      (caught: AuthorityError<"authority.policy-invalid">) => caught,
    );

    expect(error?.code).toBe("authority.policy-invalid");
    expect(error?.details.policy).toBe(policy);
    if (line !== null) expect(error?.details).toMatchObject({ source: "own.cedar", line, column });
    expect(error?.message).not.toContain("secret");
  });
});

test("loads the policy engine when policies are opened, and not before (Y3)", () => {
  const script = `
    import { createRequire } from "node:module";
    import * as authority from "./src/index.ts";
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes("cedar")).length;
    const before = loaded();
    await authority.openPolicies([authority.DEFAULT_POLICIES]);
    console.log(before, loaded());
  `;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@canonic/source", "--input-type=module-typescript", "-"],
    { cwd: join(import.meta.dirname, ".."), input: script, encoding: "utf8" },
  );

  expect({ stdout, stderr }).toEqual({ stdout: "0 1\n", stderr: "" });
});
