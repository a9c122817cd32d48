/**
 * The policies of a store, opened once for all that is run on it while it is open.
 *
 * Opening parses and validates every one of them, which takes longer than a small run; a command that begins nothing opens
 * none.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_POLICIES, openPolicies, type PolicySet, type PolicySource } from "@canonic/authority";
import { byCodeUnit } from "@canonic/contracts";
import { readNamedFile } from "./files.ts";

/**
 * Opens, when first asked, the policies that hold in every store, and those of its folder `policies`, in code-unit order of
 * their names.
 *
 * @throws {AuthorityError} `authority.policy-invalid` from what it gives, each time.
 */
export function policiesOf(store: string): () => Promise<PolicySet> {
  let opened: Promise<PolicySet> | undefined;
  return () => {
    opened ??= openAll(store);
    return opened;
  };
}

async function openAll(store: string): Promise<PolicySet> {
  const folder = join(store, "policies");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".cedar")) : [];
  const own = names.sort(byCodeUnit).map((name): PolicySource => {
    return { name, text: Buffer.from(readNamedFile(join(folder, name))).toString("utf8") };
  });
  return openPolicies([DEFAULT_POLICIES, ...own]);
}
