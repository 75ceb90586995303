// Where a secret stands.

/** A place of a text that nobody may see. */
export interface SecretPlace {
  /** Characters before it. */
  readonly offset: number;
  /** Characters. */
  readonly length: number;
  /** What stands there: `cookie`. Never the thing itself. */
  readonly what: string;
}
