/**
 * `token list`: the tokens that a store knows, also of one that may only be read.
 *
 * @module
 */
import type { Command } from "commander";
import { readAuthority } from "../authority-reader.ts";
import { systemClock } from "../clock.ts";
import { type CommandContext, printable } from "../invocation.ts";
import { storeFolder } from "../store.ts";

export function addTokenList(token: Command, { invocation, config }: CommandContext): void {
  token
    .command("list")
    .description("list the tokens that the store knows, first to last")
    .addHelpText("after", "\nExample:\n  canonic token list")
    .action(async (options: { readonly store?: string }) => {
      const { terminal, cwd } = invocation;
      const now = systemClock.now();
      const folder = storeFolder(cwd, options.store, config.store);
      const tokens = readAuthority(folder, (authority) => authority.tokens()) ?? [];
      const rows = tokens.map((one) => {
        const isExpired = one.expiredAt !== null || now >= one.expiresAt;
        return { ...one, state: one.revokedAt !== null ? "revoked" : isExpired ? "expired" : "valid" };
      });
      terminal.document({ tokens: rows });
      if (rows.length === 0) terminal.line("no tokens yet");
      for (const { token: digest, state, user, expiresAt, label } of rows) {
        terminal.line(printable(`${digest}  ${state.padEnd(7)}  ${expiresAt}  ${user}: ${label}`));
      }
    });
}
