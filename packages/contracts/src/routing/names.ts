/**
 * The words that services, requests and rules share.
 *
 * @module
 */
import { z } from "zod";
import { boundedText } from "../text.ts";

/** Whoever provides it and what it is, such as `azure/gpt-4o` or `mcp/atlas-docs`; order is by code unit. */
export const ServiceId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,190}$/)
  .brand<"ServiceId">();
export type ServiceId = z.infer<typeof ServiceId>;

/** What a service can do, as one word of a shared vocabulary: `chat`, `input.image`, `tool.search`. */
export const CapabilityName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*([./][A-Za-z0-9][A-Za-z0-9_-]*)*$/)
  .max(128);

/** What a guarantee speaks of: `latency-p95`, `accuracy`, `availability`, `throughput`. */
export const PropertyName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .max(64);

/** What a value counts: `us`, `ppm`, `token`, `per-second`, `usd-pico`. Units are compared, never converted. */
export const UnitName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .max(32);

/** A trait of a service or of a request's wish. */
export const TraitName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/)
  .max(64);

/** A single word that a permission expression can ask for. */
export const PermissionName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*([.:][a-z0-9-]+)*$/)
  .max(128);

/** Where a service computes, from closest to furthest; the order is the lattice. */
export const Locality = z.enum(["on_device", "local", "region", "cloud"]);
export type Locality = z.infer<typeof Locality>;

/** How much harm a leak of the request's data would do; the order is the lattice. */
export const DataClass = z.enum(["public", "internal", "confidential", "restricted"]);
export type DataClass = z.infer<typeof DataClass>;

/** 0 nobody vouches, 1 an owner is known, 2 the owner signed, 3 the keeper of the registry vouches. */
export const TrustLevel = z.int().min(0).max(3);

/** Parts of a million. */
export const Ppm = z.int().min(0).max(1_000_000);

/** A text, a whole number or a truth value; numbers are safe integers in the unit that stands beside them. */
export const Scalar = z.union([boundedText(256, 0), z.int(), z.boolean()]);
export type Scalar = z.infer<typeof Scalar>;
