/**
 * The services of one snapshot, sorted into classes that an expression cannot tell apart.
 *
 * Invariants:
 *   L1. Two services are of one class for a list of paths exactly when their readings at every path have equal keys; so
 *       an expression over these paths is evaluated once for each class (P1).
 *
 * @module
 */
import type { CelInput } from "@bufbuild/cel";
import type { JsonObject, ServiceEntry } from "@canonic/contracts";
import type { DecisionBudget } from "../budget.ts";
import { SERVICE } from "./environment.ts";
import { narrowed } from "./measured.ts";
import { keyOfReading, type Path, readingAt } from "./paths.ts";
import { celValueOf } from "./program.ts";
import type { RuleType } from "./types.ts";
import { serviceView } from "./view.ts";

/** To look up each element of a view among what was assumed; to keep an element for the library; to read, and keep, a reading's key. */
const LOOK_STEPS = 4;
const ELEMENT_ROOM = 128;
const READING_STEPS = 8;
const PLACE_ROOM = 16;

/** `of` has the class of each service, in the snapshot's order; `first` a service of each class. */
export interface Classes {
  readonly of: Uint32Array;
  readonly first: readonly number[];
}

export interface Columns {
  readonly size: number;
  readonly services: readonly ServiceEntry[];
  view(service: number): JsonObject;
  celValue(service: number): CelInput;
  /** The type of the service's view, as narrow as the view is. */
  typeOf(service: number): RuleType;
  /** Paths of services alone, sorted by key. */
  classesBy(paths: readonly Path[]): Classes;
}

/** Views outlive a snapshot: the next one mostly has the same entries. */
export type Views = WeakMap<ServiceEntry, JsonObject>;

export function columnsOf(services: readonly ServiceEntry[], known: Views, budget: DecisionBudget): Columns {
  const size = services.length;
  const views = services.map((entry) => {
    budget.takeSteps(elementsOf(entry) * (1 + entry.contract.assumed.length) * LOOK_STEPS);
    const view = known.get(entry) ?? serviceView(entry);
    known.set(entry, view);
    return view;
  });
  const celValues: CelInput[] = [];
  const types: RuleType[] = [];
  const single = new Map<string, Classes>();
  const several = new Map<string, Classes>();
  const everything: Classes = { of: new Uint32Array(size), first: size === 0 ? [] : [0] };

  return {
    size,
    services,
    view: (service) => views[service] as JsonObject,
    celValue(service) {
      if (celValues[service] === undefined)
        budget.takeRoom(elementsOf(services[service] as ServiceEntry) * ELEMENT_ROOM);
      celValues[service] ??= celValueOf(views[service] as JsonObject);
      return celValues[service];
    },
    typeOf(service) {
      if (types[service] === undefined) budget.takeRoom(TYPE_FIELDS * ELEMENT_ROOM);
      types[service] ??= narrowed(SERVICE, views[service] as JsonObject);
      return types[service];
    },
    classesBy(paths) {
      const [path, ...others] = paths;
      if (path === undefined) return everything;
      if (others.length === 0) return kept(single, path.key, () => classesAt(path));
      return kept(several, paths.map(({ key }) => key).join(), () =>
        others.reduce((classes, other) => refined(classes, this.classesBy([other])), this.classesBy([path])),
      );
    },
  };

  function classesAt({ names }: Path): Classes {
    return classed((service) => {
      const key = keyOfReading(readingAt(views[service] as JsonObject, names));
      budget.takeSteps(key.length);
      return key;
    });
  }

  /** Both classes are less than 2^26 for any snapshot that fits into memory, so their pair is a safe integer. */
  function refined(a: Classes, b: Classes): Classes {
    return classed((service) => (a.of[service] as number) * b.first.length + (b.of[service] as number));
  }

  function classed(keyOf: (service: number) => string | number): Classes {
    const classes = new Map<string | number, number>();
    const of = new Uint32Array(size);
    const first: number[] = [];
    budget.takeSteps(size * READING_STEPS);
    budget.takeRoom(size * PLACE_ROOM);
    for (let service = 0; service < size; service += 1) {
      const key = keyOf(service);
      let found = classes.get(key);
      if (found === undefined) {
        found = first.length;
        classes.set(key, found);
        first.push(service);
      }
      of[service] = found;
    }
    return { of, first };
  }
}

/** How many parts the view of a service has, about; those of every contract are counted as one number. */
function elementsOf({ contract: { traits, guarantees, capabilities, assumed, privacy } }: ServiceEntry): number {
  const lists = [capabilities, assumed, privacy.regions].reduce((sum, { length }) => sum + length, 0);
  return TYPE_FIELDS + Object.keys(traits).length + guarantees.length * 8 + lists;
}

const TYPE_FIELDS = 32;

function kept(memory: Map<string, Classes>, key: string, make: () => Classes): Classes {
  const known = memory.get(key) ?? make();
  memory.set(key, known);
  return known;
}
