export type { CaioErrorCode, CaioErrorDetails } from "./errors.ts";
export { CaioError, isCaioError } from "./errors.ts";
export type { RouteQuestion, RouteWorld } from "./kernel/world.ts";
