/**
 * Changes of a request, kept apart from it until it is asked for.
 *
 * @module
 */
import type { JsonValue, RouteRequest } from "@canonic/contracts";

/** `to` is null where the field became null or left; `pointer` is a place in the request as it was. */
export interface RequestChange {
  readonly pointer: string;
  readonly from: JsonValue;
  readonly to: JsonValue;
}

type Field = Exclude<keyof RouteRequest, "schema" | "intent" | "guarantees" | "traits" | "preferences" | "quantities">;
type Demands = "guarantees" | "traits";

/** Setting gives true: it was done. */
export class RequestChanges {
  readonly #request: RouteRequest;
  readonly #fields = new Map<Field, JsonValue>();
  readonly #quantities = new Map<string, number | null>();
  readonly #demands = { guarantees: new Map<number, JsonValue>(), traits: new Map<number, JsonValue>() };
  #given = 0;

  constructor(request: RouteRequest) {
    this.#request = request;
  }

  /** How many fields change. */
  get count(): number {
    const { guarantees, traits } = this.#demands;
    return this.#fields.size + this.#quantities.size + guarantees.size + traits.size;
  }

  /** How many demands are given up and not only relaxed. */
  get given(): number {
    return this.#given;
  }

  set<Name extends Field>(field: Name, to: RouteRequest[Name] & JsonValue): true {
    if (to === null || (Array.isArray(to) && to.length === 0)) this.#given += 1;
    this.#fields.set(field, to);
    return true;
  }

  /** Null takes the quantity away. */
  quantity(unit: string, to: number | null): void {
    if (to === null) this.#given += 1;
    this.#quantities.set(unit, to);
  }

  /** The new value of a demand; null takes the demand away. */
  demand(list: Demands, index: number, value: JsonValue): true {
    if (value === null) this.#given += 1;
    this.#demands[list].set(index, value);
    return true;
  }

  /** The request with all changes. */
  request(): RouteRequest {
    const quantities = Object.entries(this.#request.quantities).flatMap(([unit, quantity]) => {
      const to = this.#quantities.has(unit) ? this.#quantities.get(unit) : quantity;
      return to === null || to === undefined ? [] : [[unit, to] as const];
    });
    return {
      ...this.#request,
      ...Object.fromEntries(this.#fields),
      quantities: Object.fromEntries(quantities),
      guarantees: this.#changed("guarantees") as RouteRequest["guarantees"],
      traits: this.#changed("traits") as RouteRequest["traits"],
    };
  }

  list(): RequestChange[] {
    const demands = (list: Demands) =>
      [...this.#demands[list]].map(([index, to]): RequestChange => {
        const demand = this.#request[list][index] as { value: JsonValue };
        return to === null
          ? { pointer: `/${list}/${index}`, from: demand, to }
          : { pointer: `/${list}/${index}/value`, from: demand.value, to };
      });
    return [
      ...[...this.#fields].map(([field, to]) => ({ pointer: `/${field}`, from: this.#request[field], to })),
      ...[...this.#quantities].map(([unit, to]) => ({
        pointer: `/quantities/${unit}`,
        from: this.#request.quantities[unit] ?? null,
        to,
      })),
      ...demands("guarantees"),
      ...demands("traits"),
    ];
  }

  #changed(list: Demands): JsonValue[] {
    const changes = this.#demands[list];
    return this.#request[list].flatMap((demand, index): JsonValue[] => {
      if (!changes.has(index)) return [demand];
      const value = changes.get(index) as JsonValue;
      return value === null ? [] : [{ ...demand, value }];
    });
  }
}
