import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createTerminal } from "../src/terminal.ts";

function sink(properties: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, properties), text: () => written.join("") };
}

function terminalOf(options: { json?: boolean; isTTY?: boolean; columns?: number; times?: number[] }) {
  const out = sink();
  const err = sink({ isTTY: options.isTTY ?? false, columns: options.columns ?? 80 });
  const times = options.times ?? [];
  const terminal = createTerminal({
    json: options.json ?? false,
    colour: false,
    out: out.stream,
    err: err.stream,
    monotonicMs: () => times.shift() ?? 0,
  });
  return { terminal, out, err };
}

test("with --json standard output is one document and nothing else (T1)", () => {
  const { terminal, out, err } = terminalOf({ json: true });
  terminal.line("for people");
  terminal.progress("answering", 1, 2);
  terminal.note("beside");
  terminal.document({ run: 1 });

  expect(JSON.parse(out.text())).toEqual({ run: 1 });
  expect(err.text()).toContain("beside\n");
});

test("without --json the document is silent", () => {
  const { terminal, out } = terminalOf({});
  terminal.document({ run: 1 });
  terminal.line("done");

  expect(out.text()).toBe("done\n");
});

test("off a terminal a phase speaks at most every two seconds, and at its end (T2)", () => {
  const { terminal, err } = terminalOf({ times: [0, 100, 1999, 2001, 2100] });
  for (const completed of [1, 2, 3, 4, 5]) terminal.progress("answering", completed, 5);

  expect(err.text()).toBe("answering 1/5 (20 %)\nanswering 4/5 (80 %)\nanswering 5/5 (100 %)\n");
});

test("on a terminal one line is repainted at most ten times a second, and ends with a newline (T2)", () => {
  const { terminal, err } = terminalOf({ isTTY: true, times: [0, 50, 101, 150] });
  for (const completed of [1, 2, 3, 4]) terminal.progress("answering", completed, 4);

  expect(err.text().split("\r\u001b[2K").slice(1)).toEqual([
    "answering 1/4 (25 %)",
    "answering 3/4 (75 %)",
    "answering 4/4 (100 %)\n",
  ]);
});

test("a terminal of no columns gets plain lines", () => {
  const { terminal, err } = terminalOf({ isTTY: true, columns: 0 });
  terminal.progress("answering", 1, 1);

  expect(err.text()).toBe("answering 1/1 (100 %)\n");
});
