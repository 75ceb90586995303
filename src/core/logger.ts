// What the project needs of a logger: the part of pino's interface that it uses.

/** Writes one line: fields and what they are about. Never given a secret. */
export type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** A logger; every pino logger is one. */
export interface Logger {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}

const nothing: LogLine = () => undefined;

/** Says nothing. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
