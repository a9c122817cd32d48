/**
 * What is wrong with a file that a person named, said with the file's name.
 *
 * @module
 */
import { AuditError, type AuditErrorCode, type AuditErrorDetails, isAuditError } from "@canonic/audit";

/** Parses what stands in a file; the parser's coded error keeps its code and details, and names the file. */
export function inFile<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!isAuditError(cause)) throw cause;
    const code: AuditErrorCode = cause.code;
    const details: AuditErrorDetails[AuditErrorCode] = cause.details;
    throw new AuditError(code, `\`${file}\`: ${cause.message}`, details, { cause });
  }
}
