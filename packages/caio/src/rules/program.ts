/**
 * Evaluation by the CEL library, behind a door that lets no exception and no foreign text through.
 *
 * Invariants:
 *   G1. Numbers are CEL ints; nothing else of a view changes its kind.
 *   G2. The environment has no clock, no chance, no locale and no function of a host: the check names every function that
 *       can be called, and the library gets views alone.
 *
 * @module
 */
import { type CelInput, celEnv, celList, celMap, plan } from "@bufbuild/cel";
import { RE2JS } from "@bufbuild/re2";
import type { JsonValue } from "@canonic/contracts";
import type { Expr } from "./expression.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "./truth.ts";

/** Values as {@link celValueOf} makes them; `service` is null where the expression does not read it. */
export type Program<Names extends string = "request" | "identity" | "service"> = (
  variables: Readonly<Record<Names, CelInput>>,
) => Truth;

/** Makes programs in one environment; each pattern is compiled once. */
export function openPrograms<Names extends string = "request" | "identity" | "service">(): (
  tree: Expr,
) => Program<Names> {
  const patterns = new Map<string, RE2JS>();
  const env = celEnv({
    re2: {
      compile(pattern: string) {
        const known = patterns.get(pattern) ?? RE2JS.compile(pattern);
        patterns.set(pattern, known);
        return known;
      },
    },
  });
  return (tree) => {
    const evaluate = plan(env, tree);
    return (variables) => {
      const value = withoutTraces(() => evaluate(variables));
      return value === true ? TRUE : value === false ? FALSE : UNKNOWN;
    };
  };
}

/** The library makes an error for each part that errs, and most of what an error costs is its stack trace, which nobody reads. */
function withoutTraces<Value>(evaluate: () => Value): Value {
  const { stackTraceLimit } = Error;
  Reflect.set(Error, "stackTraceLimit", 0);
  try {
    return evaluate();
  } finally {
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}

/** A view as the library takes it; whole numbers become ints, objects maps. */
export function celValueOf(value: JsonValue): CelInput {
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return celList(value.map(celValueOf));
  if (typeof value !== "object" || value === null) return value as CelInput;
  return celMap(new Map(Object.entries(value).map(([name, field]) => [name, celValueOf(field as JsonValue)])));
}
