/**
 * An analysis of the default document that tests share: the first that asks makes it, each gets a copy of its own.
 *
 * For tests that look at what a run left behind. One that looks at the run itself makes its own.
 *
 * @module
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SESSION_FOLDER } from "../setup/session-folder.ts";
import { type Analysis, analyse, type Report } from "./analysis.ts";

const WAIT_MS = 100;

/** As `analyse(folder)`, from a copy. */
export async function sharedAnalysis(folder: string): Promise<Analysis> {
  const session = process.env[SESSION_FOLDER];
  if (session === undefined) return analyse(folder);
  const shared = join(session, "analysis");
  const done = join(shared, "report.json");
  if (isFirst(shared)) {
    try {
      const { report } = await analyse(shared);
      writeFileSync(`${done}.part`, JSON.stringify(report));
      cpSync(`${done}.part`, done);
    } catch (cause) {
      rmSync(shared, { recursive: true, force: true });
      throw cause;
    }
  }
  while (!existsSync(done)) {
    if (!existsSync(shared)) return sharedAnalysis(folder);
    await pause(WAIT_MS);
  }
  for (const part of ["store", "out"]) cpSync(join(shared, part), join(folder, part), { recursive: true });
  const report = JSON.parse(readFileSync(done, "utf8")) as Report;
  const moved = (path: string | null) => path?.replace(shared, folder) ?? null;
  const [store, out] = [join(folder, "store"), join(folder, "out")];
  return {
    report: { ...report, out: moved(report.out), bundle: moved(report.bundle), report: moved(report.report) },
    store,
    out,
    trust: join(store, "trust.json"),
  };
}

/** A folder is made by one process alone. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    throw cause;
  }
}
