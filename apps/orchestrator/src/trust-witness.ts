/**
 * Witnesses in the store's trust file.
 *
 * @module
 */
import { parseTrustFile, parseVerifierKey, SIGNATURE_TYPE } from "@canonic/audit";
import { canonicalJson, type TrustFile } from "@canonic/contracts";
import { OrchestratorError } from "./errors.ts";
import { writeWhole } from "./files.ts";
import { openKeys } from "./keys.ts";
import { quorumOf } from "./whole-numbers.ts";

export type TrustedWitnesses = {
  readonly trustFile: string;
  readonly witnesses: readonly string[];
  readonly quorum: number | null;
};

/**
 * Adds a witness, once, and sets the quorum when one is given.
 *
 * @throws {OrchestratorError} `orchestrator.option-invalid`; {@link AuditError} `audit.trust-invalid` for a key that has
 *   another role, or a quorum that nobody can reach.
 */
export function trustWitness(store: string, vkey: string, quorumText: string | undefined): TrustedWitnesses {
  const { trust, trustFile } = openKeys(store);
  const witness = witnessKeyOf(vkey);
  const quorum = quorumText === undefined ? trust.witnessQuorum : quorumOf(quorumText);
  const others = (trust.witnesses ?? []).filter(({ publicKey }) => publicKey !== witness.publicKey);
  const known = trust.witnesses?.find(({ publicKey }) => publicKey === witness.publicKey);
  if (known !== undefined && known.name !== witness.name) throw vkeyInvalid();
  const witnesses = [...others, witness];
  const next: TrustFile = { ...trust, witnesses, ...(quorum === undefined ? {} : { witnessQuorum: quorum }) };
  const text = `${canonicalJson(next)}\n`;
  parseTrustFile(Buffer.from(text, "utf8"));
  writeWhole(trustFile, text);
  return { trustFile, witnesses: witnesses.map(({ name }) => name), quorum: quorum ?? null };
}

function witnessKeyOf(vkey: string): { readonly name: string; readonly publicKey: string } {
  try {
    const { name, publicKey, type } = parseVerifierKey(vkey);
    if (type === SIGNATURE_TYPE.cosignature) return { name, publicKey: Buffer.from(publicKey).toString("base64") };
  } catch {
    // The same answer for what is no key and what is no witness's key.
  }
  throw vkeyInvalid();
}

function vkeyInvalid(): OrchestratorError<"orchestrator.option-invalid"> {
  const expected = "a witness's verifier key, as `canonic witness` prints it";
  return new OrchestratorError("orchestrator.option-invalid", `<vkey> takes ${expected}`, { option: "vkey", expected });
}
