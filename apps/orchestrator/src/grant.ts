/**
 * The local operator's grant: whoever starts a run on his own store may run what its plan names, once per task.
 *
 * @module
 */
import { byCodeUnit, domainOf, type Grant, methodOf, type Plan } from "@canonic/contracts";

/** Exactly the domains and methods of the plan, and exactly as many invocations as it has tasks. */
export function localGrantFor(plan: Plan): Grant {
  const methods = new Map<string, Set<string>>();
  for (const { operation } of plan.tasks) {
    const domain = domainOf(operation);
    methods.set(domain, (methods.get(domain) ?? new Set()).add(methodOf(operation)));
  }
  return {
    schema: "canonic/grant/v1",
    kind: "local-operator",
    subject: "local-operator",
    scope: [...methods]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([domain, names]) => ({ domain, methods: [...names].sort() })),
    limits: { invocations: plan.tasks.length },
  };
}
