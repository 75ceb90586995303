// Statements about lists of things, each list one parameter; several of them go to the engine together.
import { type Answer, type Program, type Query, query, readingStep } from './program.ts';
import type { Statement } from './statement.ts';

/** A list as JSON. */
export interface ListArgs {
  readonly list: string;
}

/** A list as a statement's parameter. */
export function listOf(values: readonly unknown[]): ListArgs {
  return { list: JSON.stringify(values) };
}

/** Gives the rows of a question, once all have been answered. */
export type Rows<Row> = () => readonly Row[];

/** Questions that are put together, by statements that only read. Nothing is asked about nothing. */
export class Questions {
  readonly #queries: Query[] = [];
  #answers: readonly Answer[] = [];

  /** Adds one about a list. */
  ask<Row>(statement: Statement<ListArgs, Row>, list: readonly unknown[]): Rows<Row> {
    if (list.length === 0) return () => [];
    const place = this.#queries.push(query(statement, listOf(list))) - 1;
    return () => (this.#answers[place]?.rows ?? []) as unknown as readonly Row[];
  }

  /** Has all of them answered. */
  *put(): Program<void> {
    if (this.#queries.length > 0) this.#answers = yield readingStep(this.#queries);
  }
}
