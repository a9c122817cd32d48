/**
 * `token`: issue, attenuate, show, revoke, list. A token's text goes to a file of mode 600 and nowhere else.
 *
 * @module
 */
import { resolve } from "node:path";
import {
  attenuateToken,
  claimsForPlan,
  confirmationOf,
  createTrust,
  issueToken,
  readToken,
  registerToken,
  revokeToken,
  secondsOf as secondsSince,
  type TokenDraft,
} from "@canonic/authority";
import {
  type Capability,
  Digest,
  digestBytes,
  domainOf,
  type Mode,
  methodOf,
  OperationId,
  TOKEN_LIFETIME_SECONDS_MAX,
  type TokenClaims,
  type Trigger,
} from "@canonic/contracts";
import { LOCAL_USER } from "@canonic/planner";
import { type Command, Option } from "commander";
import { systemClock } from "../clock.ts";
import { OrchestratorError } from "../errors.ts";
import { writeNew } from "../files.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { openConfirmationKey, openKeys } from "../keys.ts";
import { readPlannedRun } from "../request/planned-run.ts";
import { newTokenId, readTokenFile } from "../run-token.ts";
import { journalAuthority, storeFolder, withAuthority } from "../store.ts";
import { secondsOf } from "../whole-numbers.ts";
import { addTokenList } from "./token-list.ts";
import { addLimitOptions, addScopeOptions, type LimitOptions, limitsOf, type ScopeOptions } from "./token-options.ts";

type Common = { readonly store?: string };
type IssueOptions = Common &
  ScopeOptions &
  LimitOptions & {
    readonly plan?: string;
    readonly user?: string;
    readonly confirmation?: string;
    readonly out: string;
  };

export function addToken(program: Command, context: CommandContext): void {
  const token = program.command("token").description("who may run what, how often, for how long");
  addIssue(token, context);
  addAttenuate(token, context);
  addShow(token, context);
  addRevoke(token, context);
  addTokenList(token, context);
}

function addIssue(token: Command, { invocation, config }: CommandContext): void {
  const command = token
    .command("issue")
    .description(
      "issue a token, signed by the store's operator key; the four limits are required unless --plan says them",
    )
    .addOption(new Option("--plan <file>", "exactly what this planned run needs; other options narrow or replace it"))
    .addOption(new Option("--user <name>", `whom it is for (default: the plan's user, or ${LOCAL_USER})`))
    .addOption(new Option("--confirmation <file>", "a key that may attenuate it; made when it is not there"))
    .requiredOption("--out <file>", "the token; must not exist, is made with mode 600")
    .addHelpText(
      "after",
      "\nExamples:\n  canonic token issue --plan plan.json --out token.txt\n  canonic token issue --user ada --operation rows.cut --invocations 3 --tokens-per-response 0 --tokens-total 0 --frequency 3/60 --out token.txt",
    );
  addLimitOptions(addScopeOptions(command)).action(async (options: IssueOptions) => {
    const { cwd } = invocation;
    const folder = storeFolder(cwd, options.store, config.store);
    const now = systemClock.now();
    const label = options.label ?? "issued on the command line";
    const planned = options.plan === undefined ? undefined : readPlannedRun(resolve(cwd, options.plan));
    const lifetimeSeconds = secondsOf("--lifetime", options.lifetime, TOKEN_LIFETIME_SECONDS_MAX);
    const base: Partial<TokenDraft> =
      planned === undefined
        ? {}
        : claimsForPlan(planned.plan, planned.snapshot, { now, jti: newTokenId(), label, lifetimeSeconds });
    const iat = secondsSince(now);
    const draft: TokenDraft = {
      triggers: ["direct_command"],
      modes: ["dryrun"],
      capabilities: [],
      authorization_details: [],
      ...base,
      ...scopeClaims(options),
      jti: newTokenId(),
      sub: options.user ?? base.sub ?? LOCAL_USER,
      label,
      iat,
      exp: iat + lifetimeSeconds,
      limits: limitsOf(options, base.limits),
      cnf:
        options.confirmation === undefined
          ? null
          : confirmationOf(openConfirmationKey(resolve(cwd, options.confirmation)).publicKey),
    };
    const { operator, trust } = openKeys(folder);
    await keep({ invocation, config }, folder, issueToken(draft, operator), options.out, createTrust(trust));
  });
}

type AttenuateOptions = Common & ScopeOptions & LimitOptions & { readonly key: string; readonly out: string };

function addAttenuate(token: Command, context: CommandContext): void {
  const { invocation, config } = context;
  const command = token
    .command("attenuate")
    .description("make a narrower token of a token that confirms your key; what is not said stays as the parent's")
    .argument("<token>", "the parent's file")
    .requiredOption("--key <file>", "the private key of the parent's confirmation")
    .requiredOption("--out <file>", "parent and child as they are presented; must not exist")
    .addHelpText(
      "after",
      "\nExample:\n  canonic token attenuate token.txt --key mine.pem --operation rows.read --out child.txt",
    );
  addLimitOptions(addScopeOptions(command)).action(async (file: string, options: AttenuateOptions) => {
    const { cwd } = invocation;
    const folder = storeFolder(cwd, options.store, config.store);
    const trust = createTrust(openKeys(folder).trust);
    const parent = readTokenFile(resolve(cwd, file));
    const reading = readToken(parent, trust);
    const { signer } = openConfirmationKey(resolve(cwd, options.key), false);
    const limits = reading.kind === "token" ? limitsOf(options, reading.token.claims.limits) : undefined;
    const text = attenuateToken(
      parent,
      signer,
      {
        jti: newTokenId(),
        label: options.label ?? "attenuated on the command line",
        ...scopeClaims(options),
        ...(limits === undefined ? {} : { limits }),
        ...expiry(options, reading.kind === "token" ? reading.token.claims : undefined),
      },
      trust,
    );
    await keep(context, folder, text, options.out, trust);
  });
}

function addShow(token: Command, { invocation, config }: CommandContext): void {
  token
    .command("show")
    .description("show what a token says and whether it can be used; never its text")
    .argument("<token>", "the token's file")
    .addHelpText("after", "\nExample:\n  canonic token show token.txt --json")
    .action(async (file: string, options: Common) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, options.store, config.store);
      const trust = createTrust(openKeys(folder).trust);
      const reading = readToken(readTokenFile(resolve(cwd, file)), trust);
      if (reading.kind === "refuse") {
        throw new OrchestratorError("orchestrator.token-unknown", reading.reason.message, { token: file });
      }
      const { digest, claims, issuedAt, expiresAt, parent } = reading.token;
      const now = systemClock.now();
      const end = await withAuthority(folder, async (authority) => authority.endOf(digest));
      const state = end ?? (now >= expiresAt ? "expired" : "valid");
      terminal.document({ token: digest, state, issuedAt, expiresAt, parent: parent?.digest ?? null, claims });
      terminal.line(`token   ${digest}`);
      terminal.line(
        `state   ${state === "valid" ? terminal.good(state) : terminal.bad(state)}, ${issuedAt} to ${expiresAt}`,
      );
      terminal.line(printable(`for     ${claims.sub}, issued by ${claims.iss}: ${claims.label}`));
      for (const { identifier, actions } of claims.authorization_details) {
        terminal.line(`  ${identifier}: ${actions.join(", ")}`);
      }
      const { invocations, tokensPerResponse, tokensTotal, frequency } = claims.limits;
      terminal.line(
        `limits  ${invocations} invocations, ${tokensPerResponse} tokens a response, ${tokensTotal} in all, ${frequency.count} per ${frequency.perSeconds} s`,
      );
      terminal.line(`modes   ${claims.modes.join(", ")}; started by ${claims.triggers.join(", ")}`);
    });
}

type RevokeOptions = Common & { readonly reason: string; readonly by: string };

function addRevoke(token: Command, { invocation, config }: CommandContext): void {
  token
    .command("revoke")
    .description("revoke a token for good, at once, in every process that shares the store")
    .argument("<token>", "the token's file, or its digest")
    .requiredOption("--reason <text>", "why, in your own words")
    .addOption(new Option("--by <name>", "whose order it is").default(LOCAL_USER))
    .addHelpText("after", '\nExample:\n  canonic token revoke token.txt --reason "the work is done"')
    .action(async (text: string, { store, reason, by }: RevokeOptions) => {
      const { terminal, cwd } = invocation;
      const folder = storeFolder(cwd, store, config.store);
      const named = Digest.safeParse(text);
      // Of `<parent>~<child>`, the child is what was presented.
      const digest = named.success
        ? named.data
        : digestBytes(readTokenFile(resolve(cwd, text)).split("~").at(-1) ?? "");
      await withAuthority(folder, async (authority) => {
        const first = await revokeToken(authority, digest, { by, reason, now: systemClock.now() });
        const known = (await authority.tokens()).some(({ token }) => token === digest);
        const journaled = await journalAuthority(folder, authority);
        terminal.document({ token: digest, revoked: true, first, known, journaled });
        terminal.line(`revoked  ${digest}${first ? "" : " (it was revoked before)"}`);
        if (!known) terminal.note("canonic: this store knows no such token; should it ever see one, it is revoked");
        if (!journaled) terminal.note("canonic: in force now; the process that holds the log will journal it");
      });
    });
}

/** Registers a token, writes it to its file, and says its digest. */
async function keep(
  { invocation }: CommandContext,
  folder: string,
  text: string,
  out: string,
  trust: ReturnType<typeof createTrust>,
): Promise<void> {
  const { terminal, cwd } = invocation;
  const reading = readToken(text, trust);
  if (reading.kind === "refuse") {
    throw new OrchestratorError(
      "orchestrator.token-unknown",
      `the store does not trust it: ${reading.reason.message}`,
      {
        token: out,
      },
    );
  }
  const file = resolve(cwd, out);
  if (!writeNew(file, `${text}\n`, 0o600)) {
    const message = `\`${out}\` exists already; a token is never replaced`;
    throw new OrchestratorError("orchestrator.out-not-empty", message, { directory: file });
  }
  const { digest, claims, expiresAt, parent } = reading.token;
  await withAuthority(folder, async (authority) => {
    await registerToken(authority, reading.token, systemClock.now());
    const journaled = await journalAuthority(folder, authority);
    terminal.document({ token: digest, file, expiresAt, user: claims.sub, parent: parent?.digest ?? null, journaled });
    terminal.line(`token    ${digest}`);
    terminal.line(printable(`         for ${claims.sub}, until ${expiresAt}`));
    terminal.line(printable(`file     ${file} (mode 600; whoever has it may use it)`));
  });
}

/** The axes of scope that a command line says; what it does not say is left to its base. */
function scopeClaims(
  options: ScopeOptions,
): Partial<Pick<TokenClaims, "authorization_details" | "triggers" | "modes" | "capabilities">> {
  const { operation, trigger, mode, capability } = options;
  return {
    ...(operation === undefined ? {} : { authorization_details: operation.map(detailOf) }),
    ...(trigger === undefined ? {} : { triggers: [...trigger] as Trigger[] }),
    ...(mode === undefined ? {} : { modes: [...mode] as Mode[] }),
    ...(capability === undefined ? {} : { capabilities: [...capability] as Capability[] }),
  };
}

function detailOf(text: string): TokenClaims["authorization_details"][number] {
  const parsed = OperationId.safeParse(text);
  if (parsed.success) {
    return { type: "canonic-domain", identifier: domainOf(parsed.data), actions: [methodOf(parsed.data)] };
  }
  const expected = "`domain.method`; no wildcard, prefix or pattern grants anything";
  throw new OrchestratorError("orchestrator.option-invalid", `\`--operation\` takes ${expected}`, {
    option: "--operation",
    expected,
  });
}

function expiry(options: LimitOptions, parent: TokenClaims | undefined): { iat?: number; exp?: number } {
  if (options.lifetime === undefined || parent === undefined) return {};
  const iat = secondsSince(systemClock.now());
  return { iat, exp: iat + secondsOf("--lifetime", options.lifetime, TOKEN_LIFETIME_SECONDS_MAX) };
}
