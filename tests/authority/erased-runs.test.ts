/** What commands say of a run of which something was erased: that it was, and never that the store is damaged. */
import { expect, test } from "vitest";
import { canonic } from "../main-job/command-line.ts";
import { THREE_DOMAINS, workplace } from "./plans.ts";

test("a sealed run whose output was erased is refused with exit 1 by what must read it whole, and shown by the rest", async () => {
  const at = workplace();
  const plan = await at.plan(THREE_DOMAINS);
  const { run } = await at.json<{ run: string }>(["run", plan]);
  const events = await at.events(run);
  const output = events.flatMap((event) => (event.type === "EXECUTION_COMPLETED" ? [event.data.output] : []))[1] ?? "";
  await at.json(["redact", output, "--reason", "asked for"]);

  const resumed = await canonic(["resume", run], at.options);
  expect(resumed).toMatchObject({ code: 1, stdout: "" });
  expect(resumed.stderr).toContain(`run \`${run}\` is sealed as completed, and payload \`${output}\``);
  expect(resumed.stderr).toContain("(orchestrator.payload-redacted)");
  expect(resumed.stderr).not.toContain("damaged");

  expect(await at.json(["show", run])).toMatchObject({ status: "completed" });
  const out = at.path("evidence");
  await at.json(["export", run, "--out", out]);
  const judged = await canonic(["verify", out, "--trust", at.path(".canonic/trust.json")], at.options);
  expect(judged.code).toBe(1);
  expect(judged.stdout).toMatch(/^INDETERMINATE: the payload was removed/);
});
