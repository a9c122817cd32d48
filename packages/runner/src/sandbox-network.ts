/**
 * The floor under the network traps: Node's permission model knows no network before Node 25.
 *
 * Invariants:
 *   N1. After this no socket of the process connects, listens, binds or sends, and no name is resolved, by whichever way
 *       the code has come to a real network module: all of them end in the functions that are replaced here.
 *
 * @module
 */
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";
import { trap, type Violate } from "./sandbox-traps.ts";

export function closeNetwork(violate: Violate): void {
  const close = (owner: object, name: string, attempted: string): void => {
    const value = trap(violate, "network-access", attempted);
    Object.defineProperty(owner, name, { value, writable: false, configurable: false });
  };
  for (const name of ["connect", "_write", "_writev"]) close(net.Socket.prototype, name, `socket.${name}`);
  for (const name of ["listen", "_listen2"]) close(net.Server.prototype, name, `server.${name}`);
  for (const name of ["bind", "connect", "send", "sendto"]) close(dgram.Socket.prototype, name, `datagram.${name}`);
  const resolvers = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype];
  for (const owner of resolvers) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (/^(lookup|resolve|reverse)/.test(name)) close(owner, name, `dns.${name}`);
    }
  }
}
