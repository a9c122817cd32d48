/** Operations that are the pack's own, from another file: another source, whatever it does. */
export { operations } from "@canonic/policy-analysis";
