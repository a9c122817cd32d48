/**
 * The live operations of the cutter, each of which stands still before or after its body when the test says so.
 *
 * @module
 */
import type { JsonObject, Operation } from "@canonic/contracts";
import { hold } from "./hold.ts";

const { searchParams } = new URL(import.meta.url);
const folder = String(searchParams.get("folder"));

type Module = { readonly connect: (resources: JsonObject) => readonly Operation[] };

export async function connect(resources: JsonObject): Promise<readonly Operation[]> {
  const inner = (await import(String(searchParams.get("module")))) as Module;
  return inner.connect(resources).map(({ contract, run }) => ({
    contract,
    run: async (input, context) => {
      await hold(folder, `before ${contract.operation}`);
      const output = await run(input, context);
      await hold(folder, `after ${contract.operation}`);
      return output;
    },
  }));
}
