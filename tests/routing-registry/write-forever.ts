/**
 * Registers, swaps, drains, resumes, retires and reports health as fast as it can, until it is killed; says after each change
 * what is durable. Arguments: directory, seed.
 */
import { writeSync } from "node:fs";
import { byVersion } from "@canonic/contracts";
import { drawFrom } from "../routing/generated/draw.ts";
import { KEEPER, openStorm, SERVICES, stormContract } from "./storm-registry.ts";

const [directory = "", seed = "1"] = process.argv.slice(2);
const registry = openStorm(directory);
const draw = drawFrom(Number(seed));
const by = KEEPER;

for (;;) {
  try {
    const { changed, head } = await step();
    if (changed) writeSync(1, `${head.revision} ${head.digest}\n`);
  } catch (error) {
    // Another writer was faster: what was to be drained is retired by now, or it kept the store for itself for long.
    const { code } = error as { code?: string };
    if (code === "store-sqlite.busy") writeSync(1, "busy\n");
    else if (code !== "registry.service-state" && code !== "registry.service-exists") throw error;
  }
}

async function step() {
  const { snapshot } = await registry.snapshot();
  const service = draw.pick(SERVICES);
  const versions = snapshot.services.filter(({ contract }) => contract.service === service);
  const newest = versions.toSorted((a, b) => byVersion(b.contract.version, a.contract.version))[0];
  const turn = Number(newest?.contract.version.split(".")[1] ?? 0) + 1 + draw.int(0, 3);
  if (newest === undefined || versions.length < 2 || draw.chance(30)) {
    return registry.swap(stormContract(service, turn), { by, state: draw.chance(80) ? "active" : "probation" });
  }
  const { contract, state } = draw.pick(versions);
  const name = { service, version: contract.version };
  switch (draw.int(0, 4)) {
    case 0:
      return state === "probation" ? registry.promote(name, { by }) : registry.drain(name, { by });
    case 1:
      return registry.resume(name, { by });
    case 2:
      return registry.health(name, draw.chance(80) ? "healthy" : "unhealthy", draw.int(1, 100_000), { by });
    default: {
      const old = versions.filter((one) => one !== newest);
      return registry.apply(
        old.map(({ contract: gone }) => ({ kind: "retire", service, version: gone.version })),
        { by },
      );
    }
  }
}
