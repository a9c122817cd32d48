import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson, digestJson, type JsonObject, type ServiceContract } from "@canonic/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { RoutedFile } from "../src/routing/routed-file.ts";
import { said } from "./in-process.ts";
import { contractOf } from "./services.ts";

const folder = mkdtempSync(join(tmpdir(), "canonic-route-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const priced = (picos: number): Partial<ServiceContract> => ({
  cost: { currency: "USD", prices: [{ unit: "call", picos }] },
});
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const route = (...more: string[]) =>
  said(folder, "route", "request.yaml", "--catalogue", "catalogue", "--at", "2026-01-31T12:00:00.000Z", ...more);

beforeAll(() => {
  mkdirSync(join(folder, "catalogue", "deep"), { recursive: true });
  const contracts = [contractOf("a/dear", priced(9)), contractOf("b/cheap", priced(2))];
  write("catalogue/some.json", JSON.stringify(contracts));
  write("catalogue/deep/one.json", JSON.stringify(contractOf("c/secret", { ...priced(1), security: needsRead })));
  write("request.yaml", "capabilities: [chat]\nquantities: { call: 3 }\n");
});
const needsRead = { permission: { has: "rows.read" }, trustRequired: 1, trust: 1 } as const;

describe("canonic route", () => {
  test("chooses among the services of a folder, says how, and ends with 0", async () => {
    const { code, stdout, stderr } = await route("--profile", "cheapest");

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")[0]).toBe("chosen    b/cheap@1.0.0");
    expect(stdout).toContain("cost 6 picos");
    expect(stdout).toContain("3 services: 3 after match, 3 after rules, 2 after security, 2 after traits");
  });

  test("refuses with the code and what killed most, and ends with 1", async () => {
    write("no.yaml", "capabilities: [fly]\n");
    const { code, stdout } = await said(folder, "route", "no.yaml", "--catalogue", "catalogue");

    expect(code).toBe(1);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "refused   caio.no-match",
      "          `capability`: of 3 services, 3 violated, 0 unknown",
    ]);
  });

  test("tells every fault of a request with file, line and column, and ends with 2", async () => {
    write("bad.yaml", "capabilities: [chat]\nbudget: 7\nhealth: maybe\n");
    const { code, stdout, stderr } = await said(folder, "route", "bad.yaml", "--catalogue", "catalogue");

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.split("\n").slice(0, 2)).toEqual([
      "bad.yaml:2:1: `budget` is no key here",
      expect.stringMatching(/^bad\.yaml:3:9: `health`: /),
    ]);
  });

  test("takes identity from nothing that a request says", async () => {
    write("sly.yaml", "capabilities: [chat]\nidentity: { subject: root }\n");
    const { code, stderr } = await said(folder, "route", "sly.yaml", "--catalogue", "catalogue");

    expect(code).toBe(2);
    expect(stderr).toContain("sly.yaml:2:1: `identity` is no key here");
  });

  test("holds services to rules, and tells a fault of a rule at its place in the file", async () => {
    write("rules.yaml", "rules:\n  - id: not-cheap\n    forbid: service.id == 'b/cheap'\n");
    write("false.yaml", "rules:\n  - id: wrong\n    require: service.colour == 'red'\n");

    const held = await route("--profile", "cheapest", "--rules", "rules.yaml");
    expect(held.stdout.split("\n")[0]).toBe("chosen    a/dear@1.0.0");
    const refused = await route("--rules", "false.yaml");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^false\.yaml:3:14: rule `wrong`: require is not /);
    expect(refused.stderr).toContain("(orchestrator.document-invalid)");
  });

  test.each([
    ["--rules", "", "the rule set is empty"],
    ["--rules", "- a", "the rule set: expected object, received array"],
    ["--profile", "", "the score profile is empty"],
    ["--privacy", "- a", "the privacy profile: expected object, received array"],
  ])("calls the file of %s with `%s` by what it should be", async (option, text, fault) => {
    write("blank.yaml", text);

    expect((await route(option, "blank.yaml")).stderr.split("\n")[0]).toBe(`blank.yaml:1:1: ${fault}`);
  });

  test("asks policies, and refuses all when they permit nothing", async () => {
    write("none.cedar", '@id("nobody")\npermit (principal, action, resource) when { context.trust >= 3 };\n');
    write("all.cedar", '@id("everybody")\npermit (principal, action, resource);\n');

    expect((await route("--policies", "all.cedar")).code).toBe(0);
    const { code, stdout } = await route("--policies", "none.cedar");
    expect(code).toBe(1);
    expect(stdout).toContain("refused   caio.no-secure");
  });

  test("gives its identity to whoever presents a token of the store, and to nobody else", async () => {
    const limits = ["--invocations", "1", "--tokens-per-response", "0", "--tokens-total", "0", "--frequency", "1/60"];
    const issue = ["token", "issue", "--user", "ada", "--operation", "rows.read", ...limits, "--out", "token.txt"];
    expect((await said(folder, "keys", "init", "--store", "store")).code).toBe(0);
    expect((await said(folder, ...issue, "--store", "store")).code).toBe(0);
    const asked = (...more: string[]) =>
      said(folder, "route", "request.yaml", "--catalogue", "catalogue", "--profile", "cheapest", ...more);

    const known = await asked("--token", "token.txt", "--store", "store", "--json");
    const { decision } = JSON.parse(known.stdout) as RoutedFile;
    expect(decision.outcome).toMatchObject({ kind: "chosen", service: "c/secret" });

    expect((await said(folder, "keys", "init", "--store", "other")).code).toBe(0);
    const stranger = await asked("--token", "token.txt", "--store", "other");
    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toContain("(orchestrator.token-refused)");

    const revoke = ["token", "revoke", "token.txt", "--reason", "done", "--store", "store"];
    expect((await said(folder, ...revoke)).code).toBe(0);
    const revoked = await asked("--token", "token.txt", "--store", "store");
    expect(revoked.stderr).toContain("authority.token-revoked");
  });

  test("leaves services of a snapshot file in their state", async () => {
    mkdirSync(join(folder, "kept"));
    const entry = (contract: ServiceContract, state: string) => ({ contract, state, health: null });
    const services = [entry(contractOf("a/old"), "draining"), entry(contractOf("b/new"), "active")];
    write("kept/all.json", JSON.stringify({ schema: "canonic/service-snapshot/v1", revision: 4, services }));
    const { stdout } = await said(folder, "route", "request.yaml", "--catalogue", "kept", "--json");

    const { decision } = JSON.parse(stdout) as RoutedFile;
    expect(decision.outcome).toMatchObject({ service: "b/new" });
    expect(decision.counts.match).toBe(1);
  });

  const draining = {
    schema: "canonic/service-snapshot/v1",
    revision: 4,
    services: [
      { contract: contractOf("a/old", priced(1)), state: "draining", health: null },
      { contract: contractOf("b/new", priced(5)), state: "active", health: null },
    ],
  };
  const snapshotText = JSON.stringify(draining);
  const kept: [string, string, string, number][] = [
    ["as YAML", "all.yaml", stringify(draining), 0],
    ["as JSON that is called YAML", "all.yml", snapshotText, 0],
    ["with an escape in its schema", "all.json", snapshotText.replace("service-snapshot/", "service-snapshot\\/"), 0],
    ["behind a byte order mark", "all.json", `\u{feff}${snapshotText}`, 0],
    ["as an entry of a list", "all.json", JSON.stringify([contractOf("b/new", priced(5)), draining.services[0]]), 0],
    ["with a key too many", "all.json", snapshotText.replace('"state":"draining"', '"state":"draining","note":"x"'), 1],
    ["with a health that is none", "all.json", snapshotText.replace('"health":null', '"health":"poor"'), 1],
    ["with a state that is none", "all.json", snapshotText.replace("draining", "resting"), 1],
    [
      "with a contract that has no state",
      "all.json",
      JSON.stringify({ ...draining, services: [draining.services[0]?.contract, draining.services[1]] }),
      1,
    ],
  ];
  test.each(kept)("never takes a draining service for active: a snapshot %s", async (_, file, text, out) => {
    rmSync(join(folder, "stated"), { recursive: true, force: true });
    mkdirSync(join(folder, "stated"));
    write(`stated/${file}`, text);
    const asked = ["route", "request.yaml", "--catalogue", "stated", "--profile", "cheapest", "--explain", "--json"];
    const { code, stdout, stderr } = await said(folder, ...asked);

    const { decision, catalogue } = JSON.parse(stdout) as RoutedFile & { catalogue: { quarantined: number } };
    expect({ code, quarantined: catalogue.quarantined }).toEqual({ code: 0, quarantined: out });
    expect(decision.outcome).toMatchObject({ service: "b/new" });
    expect(decision.counts).toMatchObject({ services: 2 - out, match: 1 });
    expect(stderr.includes(`  ${file}#/0  route.standing-unread`)).toBe(out === 1);
  });

  test("counts what was kept out beside the result, and lists it when asked", async () => {
    mkdirSync(join(folder, "twins"));
    write("twins/a.json", JSON.stringify([contractOf("a/one"), contractOf("b/two")]));
    write("twins/b.json", JSON.stringify(contractOf("a/one", { name: "another" })));

    const plain = await said(folder, "route", "request.yaml", "--catalogue", "twins");
    expect(plain.stderr).toBe("canonic: 2 entries were kept out of the catalogue; --explain lists them\n");
    const explained = await said(folder, "route", "request.yaml", "--catalogue", "twins", "--explain");
    expect(explained.stderr).toContain("  a/one  caio.duplicate-service  /service  ");
  });
});

describe("questions about a decision", () => {
  test("why-not names every clause that a service failed, with what was asked and what it has", async () => {
    const { stdout } = await route("--why-not", "c/secret@1.0.0", "--json");

    const { whyNot } = JSON.parse(stdout) as { whyNot: { kind: string; failed: { clause: string }[] } };
    expect(whyNot.kind).toBe("rejected");
    expect(whyNot.failed.map(({ clause }) => clause)).toEqual(["authentication", "authorization"]);
  });

  test("what-if gives a request that admits the service when it is asked", async () => {
    write("tight.yaml", "capabilities: [chat]\nquantities: { call: 3 }\nbudgetPicos: 10\n");
    const asked = ["route", "tight.yaml", "--catalogue", "catalogue", "--what-if", "a/dear", "--json"];
    const { whatIf } = JSON.parse((await said(folder, ...asked)).stdout) as { whatIf: { request: JsonObject } };
    write("relaxed.json", JSON.stringify(whatIf.request));

    const again = await said(
      folder,
      "route",
      "relaxed.json",
      "--catalogue",
      "catalogue",
      "--why-not",
      "a/dear",
      "--json",
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ whyNot: { failed: [] } });
  });

  test("diff says which inputs and fields differ from another decision", async () => {
    expect((await route("--out", "before.json")).code).toBe(0);
    const { stdout } = await route("--profile", "cheapest", "--diff", "before.json");

    expect(stdout).toMatch(/\ndifferences\n {2}the same outcome; inputs that differ: \/world\/scoreProfile\n/);
  });

  test("a name with an `@` is an id where there is one, and says so where a version has that name, too", async () => {
    mkdirSync(join(folder, "at"));
    const dear = contractOf("b/b@1.0.0", priced(7));
    write("at/both.json", JSON.stringify([dear, contractOf("b/b", priced(3)), contractOf("c/c@2.0.0")]));
    const asked = async (name: string) => {
      const { stdout, stderr } = await said(
        folder,
        "route",
        "request.yaml",
        "--catalogue",
        "at",
        "--why-not",
        name,
        "--json",
      );
      const { service, version } = (JSON.parse(stdout) as { whyNot: { service: string; version: string } }).whyNot;
      return { meant: [service, version], stderr };
    };

    expect(await asked("c/c@2.0.0")).toEqual({ meant: ["c/c@2.0.0", "1.0.0"], stderr: "" });
    expect(await asked("c/c@2.0.0@1.0.0")).toEqual({ meant: ["c/c@2.0.0", "1.0.0"], stderr: "" });
    expect(await asked("b/b@1.0.0")).toEqual({
      meant: ["b/b@1.0.0", "1.0.0"],
      stderr: "canonic: `b/b@1.0.0` is taken for an id; version 1.0.0 of `b/b` is another service\n",
    });
  });

  test.each(["--why-not", "--what-if"])(
    "%s of a service that was kept out gives each place and reason",
    async (question) => {
      mkdirSync(join(folder, "out"), { recursive: true });
      write("out/good.json", JSON.stringify([contractOf("a/one")]));
      const image = { litellm_provider: "x", mode: "chat", input_cost_per_token: -1, max_input_tokens: 0 };
      write("out/prices.json", JSON.stringify({ "img/x": image }));
      const asked = ["route", "request.yaml", "--catalogue", "out", question];
      const { code, stdout, stderr } = await said(folder, ...asked, "img/x", "--json");

      const { error } = JSON.parse(stdout) as { error: { code: string; faults: string[] } };
      expect({ code, error: error.code }).toEqual({ code: 2, error: "orchestrator.service-kept-out" });
      expect(stderr.split("\n").slice(0, error.faults.length)).toEqual(error.faults);
      expect(error.faults[0]).toMatch(/^\S+ {2}caio\.[a-z-]+ {2}\S+ {2}expected /);
      expect((await said(folder, ...asked, "img/y")).stderr).toContain("(caio.service-unknown)");
      expect((await said(folder, ...asked, "a/one")).code).toBe(0);
    },
  );

  test("a service that the catalogue does not have is bad input", async () => {
    const { code, stderr } = await route("--why-not", "z/none");

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("(caio.service-unknown)") });
  });
});

describe("canonic verify of a routed file that would never end", () => {
  const routedWith = (more: (routed: RoutedFile) => unknown) => {
    const routed = JSON.parse(readFileSync(join(folder, "bounded.json"), "utf8")) as RoutedFile;
    return `${canonicalJson(more(routed) as JsonObject)}\n`;
  };
  beforeAll(async () => {
    expect((await route("--out", "bounded.json")).code).toBe(0);
  });

  test("is INDETERMINATE where its rules take more than the budget", async () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `c${10_000 + at}`);
    const file = routedWith((routed) => {
      const [entry] = routed.world.snapshot.services;
      const services = Array.from({ length: 50 }, (_, at) => ({
        ...entry,
        contract: { ...entry?.contract, service: `s${100 + at}`, owner: `o${at}`, capabilities: names(1_000) },
      }));
      const rules = Array.from({ length: 1_000 }, (_, at) => ({
        id: `r${10_000 + at}`,
        description: "",
        when: "true",
        effect: { kind: "forbid", expression: `service.capabilities.exists(c, c + service.owner == "${at}")` },
        severity: "refuse",
      }));
      const world = {
        ...routed.world,
        snapshot: { ...routed.world.snapshot, services },
        rules: { ...routed.world.rules, rules },
      };
      const named = {
        snapshot: digestJson(world.snapshot as JsonObject),
        rules: digestJson(world.rules as JsonObject),
      };
      return { ...routed, world, decision: { ...routed.decision, world: { ...routed.decision.world, ...named } } };
    });
    write("slow.json", file);
    const { code, stdout } = await said(folder, "verify", "slow.json");

    expect({ code, lines: stdout.split("\n").slice(0, 2) }).toEqual({
      code: 1,
      lines: ["INDETERMINATE", "  route.budget-spent    deciding again takes more than 750000000 steps"],
    });
  }, 60_000);

  test("is refused unread where it is a gibibyte, and unparsed where it has too many values", async () => {
    write("huge.json", "{");
    truncateSync(join(folder, "huge.json"), 2 ** 30);
    write("many.json", `{"a":[${"0,".repeat(1_500_000)}0]}`);

    for (const [file, expected] of [
      ["huge.json", "16777216 bytes"],
      ["many.json", "1500000 values and keys"],
    ] as const) {
      const { code, stderr } = await said(folder, "verify", file);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining("(orchestrator.decision-too-large)"),
      });
      expect(stderr).toContain(`at most ${expected}`);
    }
  });

  test("is refused at its first fault, however many it has", async () => {
    const services = Array.from({ length: 300_000 }, () => 0);
    const traits = Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`t${100_000 + at}`, null]));
    const snapshotOf = (routed: RoutedFile, entries: readonly unknown[]) => ({
      ...routed,
      world: { ...routed.world, snapshot: { ...routed.world.snapshot, services: entries } },
    });
    write(
      "zeros.json",
      routedWith((routed) => snapshotOf(routed, services)),
    );
    write(
      "traits.json",
      routedWith((routed) => {
        const [entry] = routed.world.snapshot.services;
        return snapshotOf(routed, [{ ...entry, contract: { ...entry?.contract, traits } }]);
      }),
    );

    expect((await said(folder, "verify", "zeros.json")).stderr).toContain(
      "the first fault is at `/world/snapshot/services/0` (orchestrator.decision-invalid)",
    );
    expect((await said(folder, "verify", "traits.json")).stderr).toContain(
      "at most 50000 values in `/world/snapshot/services/0` (orchestrator.decision-too-large)",
    );
  });
});

describe("canonic verify of a routed file", () => {
  const routed = (change: (file: Record<string, never>) => void, name: string): string => {
    const file = JSON.parse(readFileSync(join(folder, "routed.json"), "utf8")) as JsonObject;
    change(file as unknown as Record<string, never>);
    write(name, `${canonicalJson(file)}\n`);
    return name;
  };
  beforeAll(async () => {
    write("some.cedar", '@id("everybody")\npermit (principal, action, resource);\n');
    write("kind.yaml", "rules:\n  - id: reads\n    require: service.effect == 'read'\n");
    const { code } = await route("--rules", "kind.yaml", "--policies", "some.cedar", "--out", "routed.json");
    expect(code).toBe(0);
  });

  test("finds an honest one VALID, offline and without trust", async () => {
    expect(await said(folder, "verify", "routed.json")).toMatchObject({ code: 0, stdout: /^VALID/ as never });
  });

  test("is the same bytes wherever the policies lie, and does not say where", async () => {
    mkdirSync(join(folder, "elsewhere"));
    write("elsewhere/some.cedar", readFileSync(join(folder, "some.cedar"), "utf8"));
    for (const [from, out] of [
      [join(folder, "elsewhere", "some.cedar"), "far.json"],
      ["some.cedar", "near.json"],
    ] as const)
      expect((await route("--rules", "kind.yaml", "--policies", from, "--out", out)).code).toBe(0);

    const far = readFileSync(join(folder, "far.json"), "utf8");
    expect(far).toBe(readFileSync(join(folder, "near.json"), "utf8"));
    expect(far).not.toContain("elsewhere");
    expect((await said(folder, "verify", "far.json")).code).toBe(0);
  });

  // biome-ignore lint/suspicious/noExplicitAny: a forger knows no types
  const forgeries: [string, string, (file: any) => void][] = [
    ["choice", "/outcome/service", ({ decision }) => Object.assign(decision.outcome, { service: "a/dear" })],
    ["score", "/ranking/0/score", ({ decision }) => Object.assign(decision.ranking[0], { score: 9 })],
    ["root", "/root", ({ decision }) => Object.assign(decision, { root: decision.request })],
    [
      "price in the registry",
      "/world/snapshot",
      ({ world }) => Object.assign(world.snapshot.services[0].contract, priced(1)),
    ],
    ["service in the registry", "/world/snapshot", ({ world }) => world.snapshot.services.pop()],
    ["weight", "/world/scoreProfile", ({ world }) => Object.assign(world.scoreProfile.weights, { cost: 0 })],
    ["rule", "/world/rules", ({ world }) => Object.assign(world.rules.rules[0], { severity: "warn" })],
    ["observation", "/world/observations", (file) => Object.assign(file.world, { observations: OBSERVED })],
    [
      "privacy",
      "/world/privacyProfile",
      ({ world }) => Object.assign(world.privacyProfile.demands[0], { mayTrain: false }),
    ],
    ["request", "/request", ({ request }) => Object.assign(request, { intent: "else" })],
    ["moment", "/at", ({ decision }) => Object.assign(decision, { at: "2026-02-31T12:00:00.000Z" })],
    [
      "policy",
      "/authorization",
      ({ policies }) => Object.assign(policies[0], { text: `${policies[0].text}\n`.replace("everybody", "anybody") }),
    ],
    [
      "identity",
      "/world/identity",
      (file) =>
        Object.assign(file, { identity: { subject: "ada", permissions: [], trust: 3, token: file.decision.request } }),
    ],
  ];
  test.each(forgeries)("finds a changed %s INVALID, at %s", async (name, place, change) => {
    const { code, stdout } = await said(
      folder,
      "verify",
      routed(change, `forged-${name.replaceAll(" ", "-")}.json`),
      "--json",
    );

    const { verdict, reasons } = JSON.parse(stdout) as { verdict: string; reasons: { code: string; place: string }[] };
    expect({ code, verdict }).toEqual({ code: 1, verdict: "INVALID" });
    expect(reasons.map((reason) => reason.place)).toEqual([place]);
  });

  test("leaves open what the absent policies answered", async () => {
    const { code, stdout } = await said(
      folder,
      "verify",
      routed((file) => Object.assign(file, { policies: [] }), "open.json"),
    );

    expect(code).toBe(1);
    expect(stdout).toMatch(/^INDETERMINATE\n {2}route\.policies-missing/);
  });

  test("refuses what is no routed file, by name", async () => {
    write("loose.json", readFileSync(join(folder, "routed.json"), "utf8").replace('{"', '{ "'));
    const { code, stderr } = await said(folder, "verify", "loose.json");

    expect(code).toBe(2);
    expect(stderr).toContain("`loose.json` is no decision: expected canonical JSON");
  });
});

const OBSERVED = {
  schema: "canonic/observation-snapshot/v1",
  at: "2026-01-01T00:00:00.000Z",
  halfLifeHours: 24,
  confidencePpm: 900_000,
  receipts: `sha256:${"0".repeat(64)}`,
  services: [],
};
