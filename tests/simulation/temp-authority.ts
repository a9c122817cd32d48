/** TEMPORARY */

import { type Digest, domainOf, isInScope, methodOf, modeAt, type TokenClaims } from "@canonic/contracts";
import type { Authority } from "@canonic/runner";
import { type AuthorityStorage, checkApproval, checkLimits, readToken } from "./authority-exports.ts";
import { type Presented, TRUST } from "./people.ts";
import type { World } from "./world.ts";

const no = (code: string) => ({
  kind: "refuse" as const,
  reasons: [{ code: `authority.${code}`, place: "", message: "" }],
});
export function tempAuthority(world: World, storage: AuthorityStorage, p: Presented): Authority {
  let claims: TokenClaims | null = null;
  let runId = "";
  let live = false;
  const now = () => world.now();
  const again = async (write: boolean) => {
    const mode = modeAt(await storage.mode(), now());
    if (await storage.isRevoked(p.digest)) return no("token-revoked");
    if (mode === "halted") return no("halted");
    if (write && live && mode !== "armed") return no("not-armed");
    if (claims === null) return no("token-unknown");
    if (now() >= new Date(claims.exp * 1000).toISOString()) return no("token-expired");
    return null;
  };
  return {
    async validate(plan, run) {
      runId = run;
      live = plan.mode === "live";
      const reading = readToken(p.token, TRUST);
      const base = { token: p.digest, user: p.user, trigger: p.trigger };
      if (reading.kind === "refuse") return { ...base, claims: null, kind: "refuse", reasons: [reading.reason] };
      claims = reading.token.claims;
      const said = { ...base, claims: reading.token.payload };
      const refused = await again(plan.tasks.some((t) => t.operation.startsWith("target.")));
      if (refused) return { ...said, ...refused };
      if (claims.sub !== plan.user || p.user !== plan.user) return { ...said, ...no("user-differs") };
      if (p.trigger !== "direct_command") return { ...said, ...no("trigger-refused") };
      if (!claims.modes.includes(plan.mode)) return { ...said, ...no("mode-refused") };
      return { ...said, kind: "allow" };
    },
    async scope(task, contract) {
      const base = { token: p.digest, policySet: null, policies: [] };
      const refused = await again(contract.effect === "write");
      if (refused) return { ...base, ...refused };
      const c = claims as TokenClaims;
      if (!c.authorization_details.some((d) => d.identifier === domainOf(task.operation)))
        return { ...base, ...no("domain-refused") };
      if (!isInScope(c, domainOf(task.operation), methodOf(task.operation)))
        return { ...base, ...no("method-refused") };
      if ((contract.capabilities ?? []).some((x) => !c.capabilities.includes(x)))
        return { ...base, ...no("capability-refused") };
      return { ...base, kind: "allow" };
    },
    async reserve(task, contract) {
      const c = claims as TokenClaims;
      const need = contract.tokensMax ?? 0;
      const since = new Date(Date.parse(now()) - c.limits.frequency.perSeconds * 1000 + 1).toISOString();
      const refused = await again(contract.effect === "write");
      const { counts } = await storage.reserve(
        { id: `${runId}/${task.id}`, at: now(), need, tokens: [{ token: p.digest, since }] },
        (counts) => refused === null && checkLimits(counts[0] as never, c.limits, need).refusing === null,
      );
      const check = checkLimits(counts[0] as never, c.limits, need);
      if (refused) return { token: p.digest as Digest, limits: check.rows, ...refused };
      return {
        token: p.digest,
        limits: check.rows,
        ...(check.refusing === null ? { kind: "allow" as const } : no(`limit-${check.refusing.limit}`)),
      };
    },
    async commit(task, tokens) {
      await storage.commit(`${runId}/${task.id}`, tokens);
    },
    async approve(request, approval, recorded) {
      const reading = checkApproval(request, approval, TRUST, now(), recorded);
      if (reading.kind === "refuse") return { kind: "refuse", reasons: [reading.reason] };
      const use = await storage.consumeApproval(reading.approval.digest, request.run, request.gate, now());
      if (use === "other") return no("approval-replayed");
      const { decision, reviewDecision } = reading.claims;
      return {
        kind: "allow",
        approval: reading.approval,
        signer: reading.signer,
        decision,
        reviewDecision,
        expiresAt: reading.expiresAt,
      };
    },
  };
}
