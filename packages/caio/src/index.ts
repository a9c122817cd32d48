export type { CaioErrorCode, CaioErrorDetails } from "./errors.ts";
export { CaioError, isCaioError } from "./errors.ts";
export type { Admission } from "./import/admission.ts";
export { admitServices } from "./import/admission.ts";
export { importPriceCatalogue } from "./import/litellm.ts";
export { importModelsDev } from "./import/models-dev.ts";
export type { CatalogueFormat, ImportedEntry, ImportReport, QuarantinedEntry } from "./import/report.ts";
export type { RouteQuestion, RouteWorld } from "./kernel/world.ts";
