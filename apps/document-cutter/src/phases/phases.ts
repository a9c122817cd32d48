/**
 * All phases by name.
 *
 * @module
 */
import type { PhaseName } from "../contracts/phase-contracts.ts";
import { grantProbe, preWriteBackup } from "./before-writing.ts";
import { closeout } from "./closeout.ts";
import { cutLegA } from "./cut-leg-a.ts";
import { legBRecord } from "./leg-b-record.ts";
import { lifecycleEnact } from "./lifecycle-enact.ts";
import { revertApply, revertProbe, revertVerify } from "./revert.ts";
import { cutplan, mark, sourcePin } from "./source-phases.ts";
import { structuralVerify } from "./structural-verify.ts";
import type { Phase } from "./world.ts";
import { writeVerify } from "./write-verify.ts";

export const PHASE_BODIES: { readonly [Name in PhaseName]: Phase } = {
  "source-pin": sourcePin,
  mark,
  cutplan,
  "pre-write-backup": preWriteBackup,
  "grant-probe": grantProbe,
  "cut-leg-a": cutLegA,
  "structural-verify": structuralVerify,
  "leg-b-record": legBRecord,
  "write-verify": writeVerify,
  "lifecycle-enact": lifecycleEnact,
  closeout,
  "revert-probe": revertProbe,
  "revert-apply": revertApply,
  "revert-verify": revertVerify,
};
