/** The runner's `Authority` port, as `@canonic/authority` fills it without knowing it. */
import { createAuthority, drainOutbox, type RunAuthority } from "@canonic/authority";
import type { Authority, Clock } from "@canonic/runner";
import { expectTypeOf, test } from "vitest";

test("the authority of a run satisfies the runner's port without knowing it", () => {
  expectTypeOf<RunAuthority>().toExtend<Authority>();
  expectTypeOf(createAuthority).returns.toExtend<Authority>();
  expectTypeOf<Clock>().toExtend<Parameters<typeof createAuthority>[0]["clock"]>();
  expectTypeOf(drainOutbox).parameter(1).toEqualTypeOf<number>();
});
