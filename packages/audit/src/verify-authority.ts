/**
 * The tokens of a run beside what the log knows of them: issued as their claims say it, and neither
 * revoked nor expired by then.
 *
 * A fact of authority is journaled by whoever holds the log, and a token is looked up after that: what stands in front of a
 * validation was known to it.
 *
 * Invariants:
 *   U1. The segment is a piece of the chain of authority without a gap, each leaf where the proof says.
 *   U2. A token that was allowed has no revocation and no expiry in front of its validation, nor has one that it descends
 *       from.
 *   U3. A token is issued once, and its issue and its validation name the same claims.
 *
 * @module
 */
import { AUTHORITY_CHAIN, type Digest, digestFromBytes, type EventData, TokenClaims } from "@canonic/contracts";
import { AUTHORITY, AUTHORITY_PROOF } from "./bundle-layout.ts";
import { epochMsOf } from "./epoch.ts";
import { areInLog, type ProvedLine, parseProvedLeaves } from "./proved-leaves.ts";
import type { VerifyContext, VerifyOpening, VerifyReader } from "./verify-context.ts";

/** So many facts of authority travel with a run, at most. */
export const AUTHORITY_EVENTS_MAX = 65_536;

interface Validation {
  readonly place: string;
  readonly index: number | undefined;
  readonly data: EventData<"TOKEN_VALIDATION">;
}

export function authorityReader(_opening: VerifyOpening): VerifyReader {
  const validations: Validation[] = [];
  return {
    next(event, { index, place }) {
      if (event.type === "TOKEN_VALIDATION") validations.push({ place, index, data: event.data });
    },
    end: (context) => verifyAuthority(context, validations),
  };
}

async function verifyAuthority(context: VerifyContext, validations: readonly Validation[]): Promise<void> {
  const { files, findings, checkpoint } = context;
  if (!files.has(AUTHORITY) && !files.has(AUTHORITY_PROOF)) return;
  const [bytes, proof] = [await files.bytes(AUTHORITY), await files.bytes(AUTHORITY_PROOF)];
  if (bytes === undefined || proof === undefined) return;
  const segment = parseProvedLeaves(bytes, proof, ({ run }) => run === AUTHORITY_CHAIN);
  if (segment === undefined || !isWithoutGap(segment.lines)) {
    findings.invalid("authority-malformed", AUTHORITY, "this is no piece of the chain of authority with its proof");
    return;
  }
  if (checkpoint === undefined) return;
  if (!areInLog(segment, checkpoint.value)) {
    findings.invalid("authority-proof-wrong", AUTHORITY_PROOF, "the events do not stand in the log of the checkpoint");
    return;
  }
  const history = new TokenHistory(segment.lines);
  for (const token of history.issuedTwice)
    findings.invalid("event-untrue", AUTHORITY, `token \`${token}\` is issued twice`);
  for (const validation of validations) checkValidation(context, history, validation);
}

function checkValidation(
  { findings, planned }: VerifyContext,
  history: TokenHistory,
  { place, index, data }: Validation,
): void {
  const { token, claims, decision, user } = data;
  const said = TokenClaims.safeParse(claims === null ? undefined : planned.artifacts.get(claims)).data;
  const issue = history.issueOf(token);
  if (issue !== undefined) {
    if (claims !== null && issue.claims !== claims)
      findings.invalid("event-untrue", place, "the token was issued with other claims");
    if (said !== undefined && !isAsIssued(said, issue))
      findings.invalid("event-untrue", AUTHORITY, `the issue of token \`${token}\` says other than its claims`);
    if (decision === "allow" && issue.user !== user)
      findings.invalid("event-untrue", place, "the token was issued to somebody else");
  }
  if (decision !== "allow" || index === undefined) return;
  for (const ancestor of history.lineOf(token, said?.parent ?? null)) {
    const ended = history.endOf(ancestor);
    if (ended === undefined || ended.index > index) continue;
    const what = ended.event.type === "TOKEN_REVOKED" ? "revoked" : "expired";
    findings.invalid(`token-${what}`, place, `a token is allowed that was ${what} before, by leaf ${ended.index}`);
  }
}

type Issue = EventData<"TOKEN_ISSUED">;

/** What the segment says of each token. */
class TokenHistory {
  readonly #issues = new Map<Digest, Issue>();
  /** The first revocation or expiry. */
  readonly #ends = new Map<Digest, ProvedLine>();
  readonly issuedTwice = new Set<Digest>();

  constructor(lines: readonly ProvedLine[]) {
    for (const line of lines) {
      const { event } = line;
      if (event.type === "TOKEN_ISSUED") {
        if (this.#issues.has(event.data.token)) this.issuedTwice.add(event.data.token);
        else this.#issues.set(event.data.token, event.data);
      }
      const isEnd = event.type === "TOKEN_REVOKED" || event.type === "TOKEN_EXPIRED";
      if (isEnd && !this.#ends.has(event.data.token)) this.#ends.set(event.data.token, line);
    }
  }

  issueOf(token: Digest): Issue | undefined {
    return this.#issues.get(token);
  }

  endOf(token: Digest): ProvedLine | undefined {
    return this.#ends.get(token);
  }

  /** A token and those that it descends from, as far as the segment knows them. */
  lineOf(token: Digest, parent: Digest | null): ReadonlySet<Digest> {
    const line = new Set<Digest>();
    let next: Digest | null = token;
    let claimed = parent;
    while (next !== null && !line.has(next)) {
      line.add(next);
      next = this.#issues.get(next)?.parent ?? claimed;
      claimed = null;
    }
    return line;
  }
}

function isAsIssued({ iss, sub, exp, parent }: TokenClaims, issue: Issue): boolean {
  return (
    issue.issuer === iss && issue.user === sub && issue.parent === parent && epochMsOf(issue.expiresAt) === exp * 1000
  );
}

/** U1: each names the leaf before it. */
function isWithoutGap(lines: readonly ProvedLine[]): boolean {
  return lines.every(({ event }, at) => {
    const before = lines[at - 1];
    return before === undefined || (event.seq === before.event.seq + 1 && event.prev === digestFromBytes(before.hash));
  });
}
