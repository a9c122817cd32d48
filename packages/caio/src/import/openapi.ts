/**
 * Importer of OpenAPI 3.1 documents: each operation is a service.
 *
 * What is put into a call and what comes back are those of the HTTP adapter: an object of `path`, `query`, `header` and `body`, and the
 * JSON body of a successful answer.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 * @module
 */
import { type JsonObject, type JsonValue, pointerStep, type ServiceContract, sortContracts } from "@canonic/contracts";
import { CaioError } from "../errors.ts";
import { Draft } from "./draft.ts";
import { objectOf, textOf } from "./names.ts";
import { readOperation } from "./openapi-operation.ts";
import { isReferenceFault, LocalReferences } from "./references.ts";
import type { ImportedEntry, ImportReport, QuarantinedEntry } from "./report.ts";

const METHODS = ["delete", "get", "patch", "post", "put"] as const;
const OPERATIONS_MAX = 10_000;
/** Squares of characters: about as the time grows that it takes to compile a schema; some ten seconds for one document. */
const COMPILING_MAX = 20_000_000_000;

/**
 * Every operation of a document; what the document says of itself is an entry of its own.
 *
 * @throws {CaioError} `caio.catalogue-invalid` for another version of OpenAPI, or more than 10,000 operations.
 */
export function importOpenApi(document: JsonObject, place: string): ImportReport {
  const version = textOf(document["openapi"]) ?? "";
  if (!/^3\.1\.\d+$/.test(version)) throw invalid(place, "/openapi", "OpenAPI 3.1");
  const about = new Draft("", document, place, place);
  about.take("openapi");
  const title = textOf(about.take("info", "title")) ?? place;
  about.take("info", "version");
  for (const field of ["security", "servers", "jsonSchemaDialect"]) about.take(field);
  const references = new LocalReferences(document);
  const compiling = { left: COMPILING_MAX };
  const contracts: ServiceContract[] = [];
  const entries: ImportedEntry[] = [];
  const quarantined: QuarantinedEntry[] = [];
  for (const [path, value] of Object.entries(objectOf(document["paths"]) ?? {})) {
    const item = references.followed(value as JsonValue);
    if (item === null || isReferenceFault(item)) continue;
    for (const field of ["parameters", "servers", "$ref"]) about.take("paths", path, field);
    for (const method of METHODS) {
      const operation = objectOf(item[method]);
      if (operation === null) continue;
      about.take("paths", path, method);
      const draft = new Draft(`/paths/${pointerStep(path)}/${method}`, operation, place, title);
      readOperation(draft, { document, references, compiling, title, path, method, item });
      const finished = draft.finish();
      if (finished.contract !== null) contracts.push(finished.contract);
      entries.push(finished.entry);
      if (finished.quarantined !== null) quarantined.push(finished.quarantined);
      if (entries.length > OPERATIONS_MAX) throw invalid(place, "/paths", `at most ${OPERATIONS_MAX} operations`);
    }
  }
  for (const steps of references.used.values()) about.take(...steps);
  entries.push(about.finish().entry);
  return { format: "openapi", contracts: sortContracts(contracts), entries, quarantined };
}

function invalid(name: string, place: string, expected: string): CaioError<"caio.catalogue-invalid"> {
  const message = `catalogue \`${name}\`, ${place}: expected ${expected}`;
  return new CaioError("caio.catalogue-invalid", message, { name, place, expected });
}
