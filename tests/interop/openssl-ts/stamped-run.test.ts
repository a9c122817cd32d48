/** A run whose checkpoint OpenSSL stamps: asked for by the command line, carried by the bundle, judged offline. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyPair, printVerifierKey, SIGNATURE_TYPE, signerFromPem } from "@canonic/audit";
import { describe, expect, test } from "vitest";
import { domainsConfig } from "../../authority/plans.ts";
import { canonicJson, temporaryFolder } from "../../main-job/command-line.ts";
import { hasTool } from "../tools.ts";
import { newAuthority, serve } from "./stamping-authority.ts";

const isThere = await hasTool("openssl", ["version"], "openssl");
const PLAN = "tasks:\n  - name: pin\n    operation: source.pin\n    parameters: { name: law }\n";
const KEY = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

type Verdict = {
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string }[];
  readonly run: { readonly stamp?: { readonly at: string; readonly isTrusted: boolean } };
};

describe.skipIf(!isThere)("a stamped run", () => {
  test("is VALID under the authority's root, tells its stamp without one, and is INDETERMINATE under another", async () => {
    const cwd = temporaryFolder();
    const command = <T>(args: readonly string[], code = 0) =>
      canonicJson<T>(args, { cwd, config: domainsConfig, code });
    const [folder, elsewhere] = [join(cwd, "tsa"), join(cwd, "elsewhere")];
    for (const made of [folder, elsewhere]) mkdirSync(made);
    const [authority, other] = [await newAuthority(folder, KEY), await newAuthority(elsewhere, KEY)];
    const { server, url } = await serve(authority);
    writeFileSync(join(cwd, "plan.yaml"), PLAN);
    await command(["plan", "plan.yaml", "--out", "plan.json"]);
    const { run } = await command<{ run: string }>(["run", "plan.json"]);
    const bundle = join(cwd, "bundle");
    const trusting = ["--trust", join(cwd, ".canonic", "trust.json")];
    const verify = (code: number, ...more: string[]) =>
      command<Verdict>(["verify", bundle, ...trusting, ...more], code);

    const { at, file } = await command<{ at: string; file: string }>(["log", "stamp", "--tsa", url]);
    const { key: logKey } = await command<{ key: string }>(["log", "key"]);
    const stranger = signerFromPem("stranger.example/log", createKeyPair().privateKeyPem);
    const otherKey = printVerifierKey(stranger, SIGNATURE_TYPE.ed25519);
    await command(["export", run, "--out", bundle]);
    server.close();

    const checkpoint = readFileSync(join(bundle, "checkpoint"), "utf8");
    writeFileSync(join(cwd, "text"), `${checkpoint.split("\n\n")[0]}\n`);
    expect(await authority.accepts(file, join(cwd, "text"))).toBe(true);
    expect(readFileSync(join(bundle, "checkpoint.tsr"))).toEqual(readFileSync(file));
    expect(await verify(0)).toMatchObject({ verdict: "VALID", run: { stamp: { at, isTrusted: false } } });
    expect(await verify(0, "--tsa-ca", authority.ca)).toMatchObject({
      verdict: "VALID",
      run: { stamp: { at, isTrusted: true } },
    });
    const strange = await verify(1, "--tsa-ca", other.ca);
    expect([strange.verdict, strange.reasons.map(({ code }) => code)]).toEqual(["INDETERMINATE", ["stamp-untrusted"]]);
    writeFileSync(join(cwd, "log.policy"), `log ${logKey}\nquorum none\n`);
    expect(await verify(0, "--policy", "log.policy")).toMatchObject({ verdict: "VALID" });
    writeFileSync(join(cwd, "log.policy"), `log ${otherKey}\nquorum none\n`);
    const foreign = await verify(1, "--policy", "log.policy");
    expect([foreign.verdict, foreign.reasons.map(({ code }) => code)]).toEqual(["INVALID", ["policy-log"]]);
    const none = await command<{ error: { code: string } }>(
      ["verify", bundle, ...trusting, "--tsa-ca", "plan.yaml"],
      2,
    );
    expect(none.error.code).toBe("audit.stamp-invalid");
    const gone = await command<{ error: { code: string } }>(["log", "stamp", "--tsa", url], 1);
    expect(gone.error.code).toBe("orchestrator.stamp-unreachable");
  });
});
