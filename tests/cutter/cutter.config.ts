import { documentCutter } from "@canonic/document-cutter";

/** What a user of the cutter alone would write; the store is named by each test. */
export default { packs: [documentCutter] };
