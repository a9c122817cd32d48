/**
 * What a policy can speak of, as a Cedar schema; a policy that speaks of anything else is refused when it is loaded.
 *
 * @see Cedar policy language, human-readable schema format.
 * @module
 */

/**
 * `User::"ana"` asks for `Action::"execute"` on `Operation::"pricing.quote"` in `Domain::"pricing"`. `token` is what the presented
 * token says; `mode` is that of the operation's contract, `executionMode` that of the store.
 */
export const POLICY_SCHEMA = `entity User;
entity Domain;
entity Operation in [Domain] = {
  domain: String,
  method: String,
  version: String,
  effect: String,
  mode: String,
  determinism: String,
  isolation: String,
  capabilities: Set<String>,
  tokensMax: Long,
};
action "execute" appliesTo {
  principal: [User],
  resource: [Operation],
  context: {
    operation: String,
    trigger: String,
    executionMode: String,
    token: {
      issuer: String,
      operations: Set<String>,
      modes: Set<String>,
      triggers: Set<String>,
      capabilities: Set<String>,
      isAttenuated: Bool,
    },
  },
};
`;
