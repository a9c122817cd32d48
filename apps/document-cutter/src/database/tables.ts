/**
 * The tables of a units database, as both SQLite and PostgreSQL create them.
 *
 * Invariants:
 *   T1. `units` and `sources` are the content; all others are the trail, to which rows are only ever added (but for the
 *       one number of a fence).
 *   T2. A unit exists once per document, version and address; a change set has at most one manifest, one verification and
 *       one revert; an idempotency key has one receipt per principal.
 *
 * @module
 */

/** Name and columns, in an order in which what is referred to comes first. */
export const TABLES: readonly (readonly [name: string, columns: string])[] = [
  [
    "change_sets",
    `id TEXT PRIMARY KEY, run TEXT NOT NULL UNIQUE, document TEXT NOT NULL, version TEXT NOT NULL,
    source_digest TEXT NOT NULL, writer_digest TEXT NOT NULL, units INTEGER NOT NULL, approval TEXT NOT NULL`,
  ],
  [
    "sources",
    `document TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL,
    change_set TEXT NOT NULL REFERENCES change_sets (id), PRIMARY KEY (document, version)`,
  ],
  [
    "units",
    `document TEXT NOT NULL, version TEXT NOT NULL, address TEXT NOT NULL, position INTEGER NOT NULL,
    kind TEXT NOT NULL, section_type TEXT NOT NULL, title_path TEXT NOT NULL, body TEXT NOT NULL,
    content_digest TEXT NOT NULL, anchor_start INTEGER NOT NULL, anchor_end INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL UNIQUE, change_set TEXT NOT NULL REFERENCES change_sets (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'enacted')), review_decision TEXT,
    CHECK ((status = 'enacted') = (review_decision IS NOT NULL)),
    PRIMARY KEY (document, version, address), UNIQUE (document, version, position)`,
  ],
  [
    "manifests",
    `change_set TEXT PRIMARY KEY REFERENCES change_sets (id), envelope_id TEXT NOT NULL, signature_id TEXT NOT NULL,
    envelope TEXT NOT NULL, key_id TEXT NOT NULL, public_key TEXT NOT NULL, signature TEXT NOT NULL,
    principal TEXT NOT NULL`,
  ],
  [
    "verifications",
    `change_set TEXT PRIMARY KEY REFERENCES change_sets (id), verification_id TEXT NOT NULL,
    signature_id TEXT NOT NULL, statement TEXT NOT NULL, key_id TEXT NOT NULL, public_key TEXT NOT NULL,
    signature TEXT NOT NULL, principal TEXT NOT NULL`,
  ],
  [
    "lifecycle_log",
    `change_set TEXT NOT NULL, address TEXT NOT NULL, from_status TEXT NOT NULL, to_status TEXT NOT NULL,
    review_decision TEXT, PRIMARY KEY (change_set, address, to_status)`,
  ],
  [
    "reverts",
    "change_set TEXT PRIMARY KEY REFERENCES change_sets (id), run TEXT NOT NULL UNIQUE, approval TEXT NOT NULL",
  ],
  [
    "run_index",
    `run TEXT PRIMARY KEY, document TEXT NOT NULL, version TEXT NOT NULL, change_set TEXT NOT NULL,
    units INTEGER NOT NULL, state TEXT NOT NULL, summary TEXT NOT NULL`,
  ],
  [
    "receipts",
    `idempotency_key TEXT NOT NULL, principal TEXT NOT NULL, receipt TEXT NOT NULL,
    PRIMARY KEY (idempotency_key, principal)`,
  ],
  ["identity", "id TEXT PRIMARY KEY"],
  ["fences", "run TEXT PRIMARY KEY, fence INTEGER NOT NULL"],
];

/** What readers of enacted units may see. */
export const ENACTED_UNITS = `SELECT document, version, address, position, kind, section_type, title_path, body,
  content_digest, review_decision FROM units WHERE status = 'enacted'`;
