/**
 * Making a child of a token.
 *
 * @module
 */
import type { TokenClaims } from "@canonic/contracts";
import { excessOf } from "./attenuation.ts";
import { sortClaims } from "./claims.ts";
import { AuthorityError } from "./errors.ts";
import type { Signer } from "./keys.ts";
import { readToken, signClaims } from "./token.ts";
import type { Trust } from "./trust.ts";

/** What a child says for itself; the rest is the parent's. */
export type ChildDraft = Pick<TokenClaims, "jti" | "label"> &
  Partial<
    Pick<TokenClaims, "iat" | "exp" | "authorization_details" | "triggers" | "modes" | "capabilities" | "limits">
  >;

/**
 * Makes a narrower token of a token.
 *
 * @param parent - The parent's text.
 * @param signer - Holds the private half of the parent's confirmation key.
 * @returns What is presented: `<parent>~<child>`.
 * @throws {AuthorityError} `authority.token-invalid` for a parent that nobody trusted issued, that confirms no key or another
 *   key than the signer's, `authority.not-contained` with the axes, `authority.claims-invalid`.
 */
export function attenuateToken(
  parent: string,
  signer: Pick<Signer, "sign">,
  draft: ChildDraft,
  trust: Pick<Trust, "issuers">,
): string {
  const reading = readToken(parent, trust);
  if (reading.kind === "refuse") throw invalid(reading.reason.place);
  const { token } = reading;
  const claims = sortClaims({
    ...token.claims,
    ...draft,
    iss: token.claims.sub,
    cnf: null,
    parent: token.digest,
  });
  const axes = excessOf(claims, token);
  if (axes.length > 0) {
    throw new AuthorityError("authority.not-contained", `the child reaches beyond its parent: ${axes.join(", ")}`, {
      axes,
    });
  }
  const presented = `${parent}~${signClaims(claims, token.digest, signer)}`;
  const again = readToken(presented, trust);
  if (again.kind === "refuse") throw invalid(again.reason.place);
  return presented;
}

function invalid(place: string): AuthorityError<"authority.token-invalid"> {
  return new AuthorityError("authority.token-invalid", `not a token that can be attenuated, for its ${place}`, {
    place,
  });
}
