/**
 * The entry for whoever only writes requests: their schema and its defaults, and no router.
 *
 * @module
 */
export { RequestInput, requestOf, toRouteRequest } from "./router/request-input.ts";
