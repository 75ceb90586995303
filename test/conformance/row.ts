// What is said of one row of the static conformance tables.

/** The documents that have such tables, by the prefix of their rows' ids. */
export const documents = {
  N12: 'DM-NOTI-1.2 (2007)',
  N10: 'DM-NOTI-1.3-2010',
  N13: 'DM-NOTI-1.3 (2012)',
  SM: 'DM-SESSIONLESS-1.3',
  PB: 'DM-PUSH 1.3',
} as const;

/** A test that shows the row with something that the code under test did not make. */
export interface ShownWith {
  /** The peer, the worked example or the reader, in a few words. */
  readonly what: string;
  /** The test file, below `test/`; one of its tests carries the id of the row. */
  readonly file: string;
}

/** A silent fault in the code that the row is about. */
export interface Plant {
  /** The source file, below `src/`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** One row. */
export interface Row {
  /** The project's id: document, client or server, number. */
  readonly id: string;
  /** The identifier that the document prints. */
  readonly printed: string;
  /** Mandatory or optional in the document; Reveille has both. */
  readonly status: 'M' | 'O';
  /** The section that defines it. */
  readonly section: string;
  /** What it asks for, in our own words. */
  readonly what: string;
  /** Empty: shown between our own two ends only. */
  readonly shownWith: readonly ShownWith[];
  /** The change that its tests have to notice. */
  readonly plant: Plant;
}
