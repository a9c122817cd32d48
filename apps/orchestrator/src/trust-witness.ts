/**
 * Witnesses in the store's trust file.
 *
 * @module
 */
import { parseVerifierKey, SIGNATURE_TYPE } from "@canonic/audit";
import type { TrustFile } from "@canonic/contracts";
import { OrchestratorError } from "./errors.ts";
import { assertKeys, openKeys } from "./keys.ts";
import { changeTrust } from "./trust-file.ts";
import { quorumOf } from "./whole-numbers.ts";

type TrustedKey = NonNullable<TrustFile["witnesses"]>[number];

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
  const witness = witnessKeyOf(vkey);
  const asked = quorumText === undefined ? undefined : quorumOf(quorumText);
  assertKeys(store);
  const { trustFile } = openKeys(store);
  const { witnesses = [], witnessQuorum: quorum } = changeTrust(store, trustFile, (trust) =>
    withWitness(trust, witness, asked),
  );
  return { trustFile, witnesses: witnesses.map(({ name }) => name), quorum: quorum ?? null };
}

function withWitness(trust: TrustFile, witness: TrustedKey, quorum: number | undefined): TrustFile {
  const others = (trust.witnesses ?? []).filter(({ publicKey }) => publicKey !== witness.publicKey);
  const known = trust.witnesses?.find(({ publicKey }) => publicKey === witness.publicKey);
  if (known !== undefined && known.name !== witness.name) throw vkeyInvalid();
  return { ...trust, witnesses: [...others, witness], ...(quorum === undefined ? {} : { witnessQuorum: quorum }) };
}

function witnessKeyOf(vkey: string): TrustedKey {
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
