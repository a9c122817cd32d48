/**
 * The local operator's authority: exact domains and methods, and a number of invocations.
 *
 * Invariants:
 *   A1. Nothing matches but equality: no wildcard, no prefix.
 *   A2. With a limit of N, N invocations pass and the next is refused; what is reserved counts as much as what is spent.
 *   A3. A task counts once however often it is attempted while its reservation stands.
 *
 * @module
 */
import { type Digest, digestJson, domainOf, Grant, type JsonValue, methodOf, type TaskId } from "@canonic/contracts";
import { RunnerError } from "./errors.ts";
import type { Authority, AuthorityDecision } from "./ports.ts";

/**
 * Makes the authority of one run from a grant.
 *
 * @throws {RunnerError} `runner.grant-invalid` when the value is no grant.
 */
export function createLocalOperator(value: Grant): Authority {
  const parsed = Grant.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      pointer: `/${issue.path.map(String).join("/")}`,
      expected: issue.message,
    }));
    throw new RunnerError("runner.grant-invalid", `not a grant: ${issues[0]?.pointer} ${issues[0]?.expected}`, {
      issues,
    });
  }
  const grant: Digest = digestJson(parsed.data as JsonValue);
  const max = parsed.data.limits.invocations;
  const methods = new Map<string, Set<string>>();
  for (const scope of parsed.data.scope) {
    methods.set(scope.domain, new Set([...(methods.get(scope.domain) ?? []), ...scope.methods]));
  }
  const reserved = new Set<TaskId>();
  let used = 0;

  const refuse = (code: string, place: string, message: string): AuthorityDecision => ({
    kind: "refuse",
    grant,
    reasons: [{ code, place, message }],
  });
  return {
    validate: () => ({ kind: "allow", grant }),
    scope(_task, operation) {
      const domain = domainOf(operation);
      const granted = methods.get(domain);
      if (granted === undefined)
        return refuse("runner.domain-not-granted", operation, `domain \`${domain}\` is not granted`);
      if (granted.has(methodOf(operation))) return { kind: "allow", grant };
      return refuse(
        "runner.method-not-granted",
        operation,
        `method \`${methodOf(operation)}\` of domain \`${domain}\` is not granted`,
      );
    },
    reserve(task) {
      const counted = { limit: "invocations", used, reserved: reserved.size, max };
      if (reserved.has(task.id)) return { kind: "allow", ...counted };
      if (used + reserved.size + 1 > max) {
        const message = `the grant allows ${max} invocations, and ${used + reserved.size} are spent or reserved`;
        return {
          kind: "refuse",
          ...counted,
          reasons: [{ code: "runner.limit-reached", place: "invocations", message }],
        };
      }
      reserved.add(task.id);
      return { kind: "allow", ...counted };
    },
    commit(task) {
      if (reserved.delete(task.id)) used += 1;
    },
  };
}
