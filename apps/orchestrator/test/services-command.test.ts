import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { said } from "./in-process.ts";
import { contractOf } from "./services.ts";

const folder = mkdtempSync(join(tmpdir(), "canonic-services-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, value: unknown) => writeFileSync(join(folder, file), JSON.stringify(value));
const services = (...args: string[]) => said(folder, "services", ...args, "--catalogue", "registry");
const route = async () => {
  const { stdout } = await said(folder, "route", "request.json", "--catalogue", "registry", "--json");
  return JSON.parse(stdout).decision as { outcome: { service?: string; code?: string }; counts: { services: number } };
};

beforeAll(() => {
  write("request.json", { capabilities: ["chat"] });
  write("two.json", [contractOf("a/one"), contractOf("b/two")]);
});

describe("canonic services", () => {
  test("imports files in one change, counts their fields, and again changes nothing", async () => {
    const first = await services("import", "two.json", "--active");
    const again = await services("import", "two.json", "--active");

    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(
      /^imported {2}2 services, 0 unchanged, revision 1\nfields {4}\d+ mapped, 0 unmapped, 0 assumed\n$/,
    );
    expect(again.stdout).toMatch(/^imported {2}0 services, 2 unchanged, revision 1\n/);
  });

  test("keeps out another contract of a version that is there, with the reason, and takes the rest", async () => {
    write("other.json", [contractOf("a/one", { name: "another" }), contractOf("c/three")]);
    const { code, stdout, stderr } = await services("import", "other.json", "--explain");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^imported {2}1 service, 0 unchanged, revision 2\n/);
    expect(stdout).toContain("  c/three  (canonic, ");
    expect(stderr).toContain("  a/one  registry.service-exists  ");
  });

  test("takes nobody in more open than the snapshot that it comes from says", async () => {
    const entryOf = (service: string, state: string) => ({ contract: contractOf(service), state, health: null });
    const entries = [entryOf("s/closing", "draining"), entryOf("s/new", "probation"), entryOf("s/open", "active")];
    write("snapshot.json", { schema: "canonic/service-snapshot/v1", revision: 7, services: entries });
    const inOwn = (...args: string[]) => said(folder, "services", ...args, "--catalogue", "own");
    const { stdout, stderr } = await inOwn("import", "snapshot.json", "--active", "--explain");

    expect(stdout).toMatch(/^imported {2}2 services, /);
    expect(stderr).toContain("  s/closing  route.standing-closed  ");
    expect((await inOwn("list")).stdout).toMatch(/^probation {2}s\/new@1\.0\.0\nactive {5}s\/open@1\.0\.0\n/);
  });

  test("ends with 1 when all was kept out", async () => {
    write("none.json", [contractOf("a/one", { name: "another" })]);

    expect((await services("import", "none.json")).code).toBe(1);
  });

  test("is what route chooses from: what drains takes no decision, what retires is gone", async () => {
    expect((await route()).outcome.service).toBe("a/one");
    expect((await services("drain", "a/one")).stdout).toBe("draining  a/one@1.0.0, revision 3\n");
    expect((await route()).outcome.service).toBe("b/two");
    expect((await services("retire", "b/two@1.0.0")).code).toBe(0);
    const { outcome, counts } = await route();
    expect([outcome.service, counts.services]).toEqual(["c/three", 2]);
    expect((await services("resume", "a/one")).stdout).toBe("active  a/one@1.0.0, revision 5\n");
    expect((await route()).outcome.service).toBe("a/one");
  });

  test("is routed by the health that was seen last", async () => {
    expect((await services("health", "a/one", "--status", "unhealthy", "--ttl-ms", "600000")).code).toBe(0);

    expect((await route()).outcome.service).toBe("c/three");
  });

  test("promotes by the keeper's word, and by nobody else's", async () => {
    const stranger = await services("promote", "c/three", "--by", "mallory");

    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toContain("(registry.not-vouched)");
    expect((await services("promote", "c/three")).stdout).toBe("active  c/three@1.0.0, revision 7\n");
  });

  test("lists, shows and tells its whole history", async () => {
    const listed = await services("list");
    const shown = await services("show", "a/one");
    const history = JSON.parse((await services("history", "--json")).stdout) as { changes: { revision: number }[] };

    expect(listed.stdout).toContain("retired    b/two@1.0.0\n");
    expect(listed.stdout).toMatch(/\n3 versions, revision 7\n$/);
    expect(shown.stdout).toMatch(/register\n.* drain\n.* resume\n.* health\n$/s);
    expect(history.changes.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([
    ["a service that is not there", ["drain", "z/none"], "orchestrator.service-unknown"],
    ["what is retired, by its id", ["drain", "b/two"], "orchestrator.service-unknown"],
    [
      "a lifetime of nothing",
      ["health", "a/one", "--status", "healthy", "--ttl-ms", "0"],
      "orchestrator.option-invalid",
    ],
  ])("refuses %s as bad input", async (_name, args, code) => {
    const refused = await services(...args);

    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`(${code})`) });
  });

  test("refuses a folder without a registry by name, and makes none", async () => {
    const { code, stderr } = await said(folder, "services", "list", "--catalogue", "nowhere");

    expect({ code, stderr: stderr.includes("`canonic services import` makes one") }).toEqual({ code: 2, stderr: true });
  });
});
