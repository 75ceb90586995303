// What a command sees of the world, so that commands are tested like functions.

/** Standard streams, environment and signals of one run of the command line. */
export interface Io {
  /** Everything on standard input, as chunks of octets. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** True when standard input is a terminal, so nothing is piped in. */
  readonly stdinIsTerminal: boolean;
  /** Data goes here. */
  readonly stdout: (text: string) => void;
  /** Everything else goes here. */
  readonly stderr: (text: string) => void;
  /** Columns of the terminal at standard output; `undefined` when it is not one. */
  readonly columns: number | undefined;
  /** True when output may use colour. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly stop: AbortSignal;
  /**
   * Calls back at each SIGHUP, which ends the process no more then; gives what ends that. Absent where there is no such
   * signal.
   */
  readonly onHangUp?: (listener: () => void) => () => void;
}

/** Exit statuses of every command (docs/command-line.md). */
export const exitStatus = { done: 0, failed: 1, usage: 2 } as const;

/** The command was called wrongly: exit status 2. */
export class UsageError extends Error {
  /** What to do instead, as a sentence of its own; may be empty. */
  readonly hint: string;

  constructor(message: string, hint = '') {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}

/** The work failed and everything about it was already said: exit status 1 without a further line. */
export class AlreadyReported extends Error {}
