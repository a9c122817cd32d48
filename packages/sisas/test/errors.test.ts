import { expect, test } from "vitest";
import { isSisasError, SisasError } from "../src/index.ts";

test("an error is known by its name and code, also as another copy of its class", () => {
  const error = new SisasError("sisas.nothing-consumed", "a signal was read, but nothing named", { annotations: 3 });
  const copy = Object.assign(new Error("from elsewhere"), {
    name: "SisasError",
    code: "sisas.nothing-consumed",
    details: { annotations: 3 },
  });

  expect([
    isSisasError(error),
    isSisasError(copy),
    isSisasError(new Error("no")),
    isSisasError({ name: "SisasError", code: "x" }),
  ]).toEqual([true, true, false, false]);
  if (isSisasError(error) && error.code === "sisas.nothing-consumed") expect(error.details.annotations).toBe(3);
});

test("codes read package.kebab-words", () => {
  const codes = [
    "sisas.bad-input",
    "sisas.foreign-annotation",
    "sisas.nothing-consumed",
    "sisas.manifest-invalid",
    "sisas.empty-denominator",
    "sisas.unknown-question",
    "sisas.contracts-conflict",
  ] as const;

  // Each is also a code to the type checker: a removed one does not compile here.
  for (const code of codes)
    expect(new SisasError<typeof code>(code, "message", {} as never).code).toMatch(/^sisas\.[a-z]+(-[a-z]+)*$/);
});
