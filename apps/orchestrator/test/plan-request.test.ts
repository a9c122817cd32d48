import { type OperationContract, openSalted, saltsOf } from "@canonic/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { isOrchestratorError } from "../src/errors.ts";
import type { Pack } from "../src/pack.ts";
import { freezeDirect } from "../src/registry.ts";
import { planRequest } from "../src/request/plan-request.ts";
import { contractOf, packOf } from "./packs.ts";

const input = {
  type: "object",
  properties: { name: { type: "string" }, limit: { type: "integer" } },
  required: ["name"],
  additionalProperties: false,
} as OperationContract["input"];
const pack: Pack = packOf([
  contractOf("source.pin", { input }),
  contractOf("rows.count", { input: { type: "object" } }),
  contractOf("rows.count", { input: { type: "object" }, version: "2.0.0" }),
  contractOf("rows.cut", { mode: "live" }),
]);
const registry = freezeDirect([pack], "dryrun");
const plan = (text: string | Uint8Array) => {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return planRequest({ bytes, name: "r.yaml", mode: "dryrun", registry, salts: () => saltsOf(new Uint8Array(32)) });
};

/** `line:column message` of every fault. */
function faultsOf(text: string | Uint8Array): string[] {
  try {
    plan(text);
  } catch (error) {
    if (!isOrchestratorError(error) || error.code !== "orchestrator.request-invalid") throw error;
    return error.details.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  throw new Error("nothing was refused");
}

const TASKS = 'tasks:\n  - name: pin\n    operation: source.pin\n    parameters: { name: "law" }\n';

test("a request without more is for the local operator, sequential, of the newest versions", () => {
  const { plan: made } = plan(`${TASKS}  - operation: rows.count\n  - { operation: rows.count, version: 1.0.0 }\n`);

  expect(made).toMatchObject({ kind: "isolated", user: "local-operator", mode: "dryrun", onFailure: "abort" });
  expect(made.groups).toEqual([[0], [1], [2]]);
  expect(made.tasks.map(({ operation, version }) => `${operation}@${version}`)).toEqual([
    "source.pin@1.0.0",
    "rows.count@2.0.0",
    "rows.count@1.0.0",
  ]);
});

test("layout, comments, key order and spelling do not reach the plan (Q1)", () => {
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  const request = fc.record({
    user: name,
    seed: fc.nat(9),
    order: fc.constantFrom("sequential", "independent"),
    tasks: fc.array(
      fc.record({
        operation: fc.constant("source.pin"),
        parameters: fc.record({ name, limit: fc.integer({ min: 1 }) }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  });
  fc.assert(
    fc.property(request, (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      const texts = [
        JSON.stringify(value),
        JSON.stringify(turned, null, "\t"),
        stringify(value),
        `# a comment\n${stringify(turned, { indent: 4 })}# the end\n`,
      ];

      expect(new Set(texts.map((text) => plan(text).planDigest)).size).toBe(1);
    }),
  );
});

test.each<[string, string, string[]]>([
  ["an empty file", "", ["1:1 the request is empty"]],
  ["an empty plan", "tasks: []", ["1:8 `tasks`: expected at least one task: an empty plan is invalid"]],
  ["a list", "- a", ["1:1 the request: expected object, received array"]],
  ["no tasks", "user: ada", ["1:1 `tasks`: expected array, received undefined"]],
  ["an unknown key", `${TASKS}gate: []\n`, ["5:1 `gate` is no key here"]],
  ["an unknown key of a task", `${TASKS}    retry: 3\n`, ["5:5 `retry` is no key here"]],
  ["a key twice", `${TASKS}user: a\nuser: b\n`, ["6:1 this key is there already: expected each key once"]],
  ["a wrong type", `${TASKS}seed: many\n`, ["5:7 `seed`: expected number, received string"]],
  [
    "a word that is none of the choices",
    `${TASKS}order: parallel\n`,
    ['5:8 `order`: Invalid option: expected one of "sequential"|"independent"|"after"'],
  ],
  [
    "an anchor and its alias",
    `${TASKS}user: &a ada\nonFailure: *a\n`,
    ["5:10 anchors are not read: expected the value alone", "6:12 aliases are not read: expected the value itself"],
  ],
  ["a tag", `${TASKS}user: !!str 5\n`, ["5:13 tags are not read: expected the value alone"]],
  ["a tag of its own", `${TASKS}user: !ruby/object x\n`, ["5:20 tags are not read: expected the value alone"]],
  ["a merge key", `${TASKS}<<: { user: ada }\n`, ["5:1 `<<` is no key here"]],
  ["a directive", `%YAML 1.1\n---\n${TASKS}`, ["1:1 directives are not read: expected none"]],
  ["a second document", `${TASKS}---\nuser: ada\n`, ["5:1 a second document begins here: expected one"]],
  ["a prototype", `${TASKS}__proto__: { user: ada }\n`, ["5:1 `__proto__` is no key here"]],
  ["a key that is no text", `${TASKS}5: a\n`, ["5:1 expected a key that is text"]],
  [
    "a number beyond all",
    `${TASKS}seed: 9007199254740993\n`,
    ["5:7 expected a whole number between -(2^53 - 1) and 2^53 - 1"],
  ],
  [
    "an unknown operation",
    "tasks:\n  - operation: source.pine\n",
    [
      "2:16 `source.pine` is no operation of a loaded pack for dryrun; loaded are `rows.count@1.0.0`, `rows.count@2.0.0`, `source.pin@1.0.0`",
    ],
  ],
  [
    "an operation of the other mode",
    "tasks:\n  - operation: rows.cut\n",
    [
      "2:16 `rows.cut` is no operation of a loaded pack for dryrun; loaded are `rows.count@1.0.0`, `rows.count@2.0.0`, `source.pin@1.0.0`",
    ],
  ],
  [
    "an unknown version",
    "tasks:\n  - { operation: rows.count, version: 9.0.0 }\n",
    [
      "2:39 `rows.count@9.0.0` is no operation of a loaded pack for dryrun; loaded are `rows.count@1.0.0`, `rows.count@2.0.0`",
    ],
  ],
  [
    "a parameter of the wrong type",
    "tasks:\n  - operation: source.pin\n    parameters:\n      name: law\n      limit: many\n",
    ["5:14 the parameters: /limit must be integer"],
  ],
  [
    "a binding to a task that is not there",
    `${TASKS}    bind:\n      name: { task: gone, pointer: "" }\n`,
    ["6:13 `/tasks/0/bindings/name` names task `gone`, which is not in the plan"],
  ],
  [
    "a pointer that is none",
    `${TASKS}    bind:\n      limit: { task: pin, pointer: digest }\n`,
    ["6:36 `tasks/0/bind/limit/pointer`: expected a JSON Pointer: empty, or `/` before each step"],
  ],
  [
    "a gate before the first task",
    `${TASKS}gates:\n  - { name: SG_1, before: pin }\n`,
    ["6:5 gate `SG_1` stands before group 0, not before 1 to 0"],
  ],
])("refuses %s, where it stands", (_what, text, faults) => {
  expect(faultsOf(text)).toEqual(faults);
});

test("says all faults at once, in the order of the file", () => {
  const text = [
    "usr: ada",
    "tasks:",
    "  - operation: source.pine",
    "  - operation: source.pin",
    "    parameters: { limit: x }",
    "  - operation: rows.count",
    "    after: none",
  ].join("\n");

  expect(faultsOf(text).map((fault) => fault.split(" ")[0])).toEqual(["1:1", "3:16", "5:17", "5:26", "7:12"]);
});

test("under `after`, a fault stands at the task of the file, not at its place in the plan", () => {
  const text =
    "order: after\ntasks:\n  - { name: b, operation: source.pin, after: [a], bind: { name: { task: a, pointer: /x }, no: { task: a, pointer: /x } } }\n  - { name: a, operation: rows.count }\n";

  expect(faultsOf(text).map((fault) => fault.split(" ")[0])).toEqual(["3:95"]);
});

test("refuses a bomb, a deep nest, foreign bytes and a file without end, and says where it can", () => {
  const levels = Array.from({ length: 9 }, (_, level) => `l${level}: &l${level} [${`*l${level - 1},`.repeat(9)}]`);
  const bomb = `l: &l-1 x\n${levels.join("\n")}\n`;

  expect(faultsOf(bomb).length).toBeGreaterThan(10);
  expect(faultsOf(`tasks: ${"[".repeat(5000)}`).length).toBeGreaterThan(0);
  expect(faultsOf(`tasks: ${"[".repeat(70)}${"]".repeat(70)}`).at(-1)).toContain("nested more than 64 levels deep");
  expect(faultsOf(Uint8Array.of(0xff, 0xfe))).toEqual(["1:1 the request is not UTF-8"]);
  expect(faultsOf(new Uint8Array(1024 * 1024 + 1))[0]).toContain("the most is 1048576");
});

test("never throws anything but faults, whatever the text", () => {
  const piece = fc.constantFrom(
    "tasks:",
    "- ",
    "\n",
    "  ",
    "operation: ",
    "source.pin",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "&a ",
    "*a",
    "!t ",
    '"',
    "'",
    "#",
    "|",
    ">",
    "%",
    "---",
    "\t",
    "? ",
    "~",
    "1e999",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        plan(pieces.join(""));
      } catch (error) {
        expect(isOrchestratorError(error) && error.code).toBe("orchestrator.request-invalid");
      }
    }),
    { numRuns: 500 },
  );
});

const asking = freezeDirect([packOf([contractOf("people.ask", { input, personal: ["input"] })])], "dryrun");
const askFor = (name: string, key = 0) => {
  const text = `tasks: [{ operation: people.ask, parameters: { name: ${name} } }]`;
  const salts = () => saltsOf(new Uint8Array(32).fill(key));
  return planRequest({
    bytes: new TextEncoder().encode(text),
    name: "r.yaml",
    mode: "dryrun",
    registry: asking,
    salts,
  });
};

test("what is personal stands beside the plan, salted, and in neither the plan nor the request that is kept (P1)", () => {
  const { plan, artifacts } = askFor("adalovelace");
  const [task] = plan.tasks;
  const envelope = openSalted(artifacts.get(task?.inputs["name"] ?? plan.request));

  expect(task?.parameters).toEqual({});
  expect(envelope?.value).toBe("adalovelace");
  expect(JSON.stringify([plan, artifacts.get(plan.request)])).not.toContain("adalovelace");
  expect(artifacts.size).toBe(2);
});

test("the same request has the same plan in one store, and shares no salt with another request or store (P2)", () => {
  const saltIn = ({ plan, artifacts }: ReturnType<typeof askFor>) =>
    openSalted(artifacts.get(plan.tasks[0]?.inputs["name"] ?? plan.request))?.salt;
  const [once, again, other, elsewhere] = [askFor("ada"), askFor("ada"), askFor("ben"), askFor("ada", 1)];

  expect(again.planDigest).toBe(once.planDigest);
  expect(new Set([once, other, elsewhere].map(saltIn)).size).toBe(3);
});

test("a request without anything personal asks for no salts", () => {
  const bytes = new TextEncoder().encode("tasks: [{ operation: source.pin, parameters: { name: law } }]");
  const salts = () => {
    throw new Error("nobody may ask");
  };

  expect(planRequest({ bytes, name: "r.yaml", mode: "dryrun", registry, salts }).plan.tasks).toHaveLength(1);
});
