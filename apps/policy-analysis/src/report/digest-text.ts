/**
 * Digests short enough to compare at a glance, with the whole of them at hand.
 *
 * @module
 */
import type { Digest } from "@canonic/contracts";
import { type Html, html } from "./html.ts";

const SHOWN = 12;

/** `sha256:` and the first hex digits; the title holds all of them. */
export function shortDigest(digest: Digest): Html {
  const end = "sha256:".length + SHOWN;
  return html`<code class="digest" title="${digest}">${digest.slice(0, end)}…</code>`;
}

/** All of it, breakable. */
export function fullDigest(digest: string): Html {
  return html`<code class="digest full">${digest}</code>`;
}
