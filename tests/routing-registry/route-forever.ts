/** Takes snapshots and routes over them until it is killed; one line of JSON for each look. Argument: directory. */
import { writeSync } from "node:fs";
import { openServiceReader } from "@canonic/registry";
import { openSqliteServicesReader } from "@canonic/store-sqlite";
import { lookAt } from "./looks.ts";

const [directory = ""] = process.argv.slice(2);
const reader = openServiceReader({ storage: openSqliteServicesReader({ directory }) });

for (let turn = 0; ; turn += 10) {
  const frozen = await reader.snapshot();
  const turns = Array.from({ length: 10 }, (_, place) => turn + place);
  writeSync(1, `${JSON.stringify(lookAt(frozen, turns))}\n`);
}
