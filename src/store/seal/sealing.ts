// How the secrets of a store lie on disk.

/** Values of one column that lie open. */
export interface OpenSecrets {
  readonly table: string;
  readonly column: string;
  /** What they are, in the words of warnings, such as `secrets of devices`. */
  readonly holds: string;
  readonly count: number;
}

/** How secrets lie on disk. */
export interface Sealing {
  /** Id of the key that seals what is written; absent: nothing is sealed. */
  readonly keyId?: string;
  /** Ids of the keys that the database needs. */
  readonly needed: readonly string[];
  /** What lies open; empty: nothing. */
  readonly open: readonly OpenSecrets[];
}

/** What lies open in words: `secrets of devices: 2, bodies of messages: 1`. */
export function openSecretsText(open: readonly OpenSecrets[]): string {
  return open.map(({ holds, count }) => `${holds}: ${count}`).join(', ');
}
