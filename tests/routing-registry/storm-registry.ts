/**
 * What the writers of the storm share: contracts that tell their versions apart, and the registry.
 *
 * @module
 */
import { ServiceContract } from "@canonic/contracts";
import { createServiceRegistry, type ServiceRegistry } from "@canonic/registry";
import { openSqliteServices } from "@canonic/store-sqlite";
import { plainContract } from "../routing/plain.ts";

export const KEEPER = "keeper@example.org";
export const SERVICES = ["atlas", "brook", "cedar", "delta", "ember", "fjord", "grove", "heath"];

/** Each version has a price of its own, so that a decision of another version is another decision. */
export function stormContract(service: string, turn: number): ServiceContract {
  const cost = { currency: "USD", prices: [{ unit: "input-token", picos: 1_000 + ((turn * 7919) % 1009) }] };
  return ServiceContract.parse(plainContract(service, { version: `1.${turn}.0`, cost }));
}

export function openStorm(directory: string): ServiceRegistry {
  let second = 0;
  const clock = {
    now: () => {
      second += 1;
      const [hour, minute] = [Math.floor(second / 3600) % 24, Math.floor(second / 60) % 60];
      return `2026-01-31T${[hour, minute, second % 60].map((part) => String(part).padStart(2, "0")).join(":")}.000Z`;
    },
  };
  return createServiceRegistry({
    storage: openSqliteServices({ directory }),
    clock,
    trust: { owners: [], keepers: [KEEPER] },
  });
}
