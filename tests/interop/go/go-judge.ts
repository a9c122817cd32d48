/**
 * Go's own client of transparency logs (golang.org/x/mod/sumdb), where the compiler and the library's sources are installed:
 * Debian packages golang-go and golang-golang-x-mod-dev, or whatever `CANONIC_GOPATH` names. Nothing is downloaded.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../run-command.ts";
import { hasTool } from "../tools.ts";

const gopath = process.env["CANONIC_GOPATH"] ?? "/usr/share/gocode";
const source = fileURLToPath(new URL("judge.go", import.meta.url));

/** One question; bytes travel as base64, which is how Go's JSON reads them. */
export type GoCase =
  | { readonly kind: "checkpoint"; readonly keys: readonly string[]; readonly note: string }
  | { readonly kind: "tlog-proof"; readonly keys: readonly string[]; readonly note: string; readonly leaf: string }
  | { readonly kind: "tiles"; readonly keys: readonly string[]; readonly directory: string; readonly size: number }
  | {
      readonly kind: "inclusion";
      readonly leaf: string;
      readonly index: number;
      readonly size: number;
      readonly root: string;
      readonly proof: readonly string[];
    }
  | {
      readonly kind: "consistency";
      readonly oldSize: number;
      readonly oldRoot: string;
      readonly size: number;
      readonly root: string;
      readonly proof: readonly string[];
    };

/** Builds the judge into a folder; undefined, and said, where Go or its library is absent. */
export async function buildGoJudge(
  scratch: string,
): Promise<((cases: readonly GoCase[]) => Promise<(string | null)[]>) | undefined> {
  if (!(await hasTool("go", ["version"], "golang-go"))) return undefined;
  if (!(await hasTool("test", ["-d", join(gopath, "src/golang.org/x/mod/sumdb/tlog")], "golang-golang-x-mod-dev")))
    return undefined;
  const program = join(scratch, "judge");
  const env = { GO111MODULE: "off", GOPATH: gopath, GOFLAGS: "", GOCACHE: join(scratch, "cache") };
  const built = await runCommand("go", ["build", "-o", program, source], { env });
  if (built.code !== 0) throw new Error(`the judge does not build: ${built.stderr}`);
  return async (cases) => {
    const { code, stdout, stderr } = await runCommand(program, [], { input: JSON.stringify(cases) });
    if (code !== 0) throw new Error(`the judge failed: ${stderr}`);
    return JSON.parse(stdout) as (string | null)[];
  };
}
