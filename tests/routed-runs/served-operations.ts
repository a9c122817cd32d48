/**
 * Operations that are services elsewhere: how they are called, with a key that comes from outside and goes nowhere else.
 *
 * @module
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ExecutionClock,
  httpAdapter,
  mcpAdapter,
  openaiAdapter,
  operationOfService,
  type ServiceAdapter,
} from "@canonic/caio/adapters";
import type { JsonObject, Operation, ServiceContract } from "@canonic/contracts";
import { termsOf } from "./served-terms.ts";

const clock: ExecutionClock = {
  now: () => Date.now(),
  monotonicUs: () => performance.now() * 1000,
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** Receipts go to a file of the folder, for whoever makes observations of them. */
export function connect(resources: JsonObject): readonly Operation[] {
  const { services, key, folder } = resources as unknown as {
    services: ServiceContract[];
    key: string;
    folder: string;
  };
  const adapters: Readonly<Record<string, ServiceAdapter>> = {
    http: httpAdapter({ credentials: () => ({ authorization: `Bearer ${key}` }) }),
    mcp: mcpAdapter({ credentials: () => ({ TEST_TOKEN: key }) }),
    openai: openaiAdapter({ credentials: () => ({ apiKey: key }) }),
  };
  return services.map((service) =>
    operationOfService(service, {
      ...termsOf(service),
      adapter: adapters[service.api.kind] as ServiceAdapter,
      clock,
      onReceipt: (receipt) => appendFileSync(join(folder, "receipts.jsonl"), `${JSON.stringify(receipt)}\n`),
    }),
  );
}
