/**
 * What a routing policy can speak of, as a Cedar schema; a policy that speaks of anything else is refused when it is opened.
 *
 * @see Cedar policy language, human-readable schema format.
 * @module
 */

/**
 * `User::"ana"` or `Anonymous::"nobody"` asks for `Action::"route"` on a service. Attributes of services are optional: what a
 * contract does not state, or an importer assumed, is not there. `trust` in the context is the user's, 0 for nobody.
 */
export const ROUTE_POLICY_SCHEMA = `entity User;
entity Anonymous;
entity Service = {
  state: String,
  capabilities?: Set<String>,
  locality?: String,
  regions?: Set<String>,
  retentionDays?: Long,
  encryptedInTransit?: Bool,
  encryptedAtRest?: Bool,
  trainsOnData?: Bool,
  trust?: Long,
  trustRequired?: Long,
  owner?: String,
  effect?: String,
  determinism?: String,
};
action "route" appliesTo {
  principal: [User, Anonymous],
  resource: [Service],
  context: {
    permissions: Set<String>,
    trust: Long,
    dataClass: String,
  },
};
`;
