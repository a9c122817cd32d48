/**
 * The policies that hold where nobody wrote others, and beside those that somebody wrote.
 *
 * @module
 */
import type { PolicySource } from "./policy-source.ts";

const text = `// Permits what the token scopes: exactly these operations.
@id("canonic.token-scope")
permit (principal is User, action == Action::"execute", resource is Operation)
when { context.token.operations.contains(context.operation) };

// A halted store executes nothing.
@id("canonic.halted")
forbid (principal, action, resource)
when { context.executionMode == "halted" };

// Live writes happen while a person has armed the store.
@id("canonic.live-write-armed")
forbid (principal, action, resource)
when { resource.mode == "live" && resource.effect == "write" }
unless { context.executionMode == "armed" };

// A dry-run token runs nothing live.
@id("canonic.token-mode")
forbid (principal, action, resource)
unless { context.token.modes.contains(resource.mode) };

// A run starts as the token says that it may.
@id("canonic.token-trigger")
forbid (principal, action, resource)
unless { context.token.triggers.contains(context.trigger) };

// Capabilities are denied unless the token grants them by name.
@id("canonic.capabilities-granted")
forbid (principal, action, resource)
unless { context.token.capabilities.containsAll(resource.capabilities) };

// What is not trusted writes nothing live, whoever asks.
@id("canonic.untrusted-live-write")
forbid (principal, action, resource)
when { resource.isolation == "untrusted" && resource.mode == "live" && resource.effect == "write" };
`;

export const DEFAULT_POLICIES: PolicySource = { name: "default.cedar", text };
