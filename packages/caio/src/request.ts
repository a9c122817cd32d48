/**
 * The entry for whoever only writes requests: their schema and its defaults, the errors, and no router.
 *
 * @module
 */
export { isCaioError } from "./errors.ts";
export { RequestInput, requestOf, toRouteRequest } from "./router/request-input.ts";
