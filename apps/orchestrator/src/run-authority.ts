/**
 * The authority of one run session: the package's, over this store, for one presented token.
 *
 * @module
 */
import { createAuthority, createTrust } from "@canonic/authority";
import type { RegistrySnapshot, Task } from "@canonic/contracts";
import type { Authority, ScopeDecision } from "@canonic/runner";
import { systemClock } from "./clock.ts";
import type { RunLock } from "./run-lock.ts";
import type { WritableStore } from "./store.ts";

/** Opens it; a write is refused when the run's lock is not held any more. */
export async function openAuthority(session: {
  readonly store: WritableStore;
  readonly snapshot: RegistrySnapshot;
  readonly token: string;
  readonly user: string;
  readonly trigger: string;
  readonly lock: RunLock;
}): Promise<Authority> {
  const { store, snapshot, token, user, trigger, lock } = session;
  const authority: Authority = createAuthority({
    storage: store.authority,
    clock: systemClock,
    origin: store.keys.origin,
    trust: createTrust(store.keys.trust),
    policies: await store.policies(),
    snapshot,
    token,
    user,
    trigger,
  });
  return {
    ...authority,
    scope: (task, contract) => {
      return contract.effect === "write"
        ? whileHeld(lock, task, authority.scope(task, contract))
        : authority.scope(task, contract);
    },
  };
}

/** Opened by the validation that begins a session: a run that is sealed, or waits, issues no token and loads no policy. */
export function openedLate(open: () => Promise<Authority>): Authority {
  let opened: Authority | undefined;
  const authority = (): Authority => {
    if (opened === undefined) throw new Error("assertion: a session begins with the validation of its token");
    return opened;
  };
  return {
    validate: async (plan, run) => {
      opened ??= await open();
      return opened.validate(plan, run);
    },
    scope: (task, contract) => authority().scope(task, contract),
    reserve: (task, contract, attempt) => authority().reserve(task, contract, attempt),
    commit: (task, attempt, tokens) => authority().commit(task, attempt, tokens),
    approve: (request, approval, recorded) => authority().approve(request, approval, recorded),
  };
}

async function whileHeld(lock: RunLock, { id }: Task, answer: ReturnType<Authority["scope"]>): Promise<ScopeDecision> {
  const { token, policySet, policies, ...decision } = await answer;
  if (decision.kind === "refuse" || (await lock.isHeld())) return { token, policySet, policies, ...decision };
  const reason = { code: "orchestrator.run-held", place: id, message: "another process has taken over this run" };
  return { token, policySet, policies, kind: "refuse", reasons: [reason] };
}
