// What the description says of one route beyond what its shapes say.

/** An example of a body. Of a body that is lines or events, it is one of them. */
export interface Example {
  /** What it shows. */
  readonly summary: string;
  readonly value: unknown;
  /** Media type that it is of, where a body may be of several. Default: the first. */
  readonly type?: string;
}

/** Examples by name. */
export type Examples = Readonly<Record<string, Example>>;

/** Notes on one route; the name of the route is its operationId. */
export interface OperationNotes {
  /** What its summary leaves open. */
  readonly description?: string;
  /** Codes that it refuses with beyond those that all routes of its form have, by status (`api/describe/codes.ts`). */
  readonly codes?: Readonly<Record<number, readonly string[]>>;
  /** Bodies that it takes. */
  readonly request?: Examples;
  /** Bodies that it answers with, by status. */
  readonly answers?: Readonly<Record<number, Examples>>;
  /** Headers of its answers, by status (`api/describe/headers.ts`). */
  readonly headers?: Readonly<Record<number, readonly string[]>>;
  /** Media types of its answers, where its shapes cannot say them. */
  readonly media?: Readonly<Record<number, Readonly<Record<string, { readonly schema: object }>>>>;
}

/** Notes by operationId. */
export type Notes = Readonly<Record<string, OperationNotes>>;

/** One example. */
export function example(summary: string, value: unknown): Examples {
  return { example: { summary, value } };
}
