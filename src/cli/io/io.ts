// What a command sees of the world, so that commands are tested like functions.

/** Standard streams, environment and signals of one run of the command line. */
export interface Io {
  /** Everything on standard input, as chunks of octets. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** True when standard input is a terminal, so nothing is piped in. */
  readonly stdinIsTerminal: boolean;
  /** Data goes here. */
  readonly stdout: (text: string) => void;
  /**
   * As `stdout`, for much: resolves when the reader has room for more, and the octets may be used again. Absent where `stdout`
   * takes all.
   */
  readonly write?: (data: string | Uint8Array) => Promise<void>;
  /** Asks on the terminal for what nobody is to see; absent where there is none. */
  readonly askHidden?: (question: string) => Promise<string>;
  /** Everything else goes here. */
  readonly stderr: (text: string) => void;
  /** True when standard error is a terminal, so that people read it; absent where nobody knows. */
  readonly stderrIsTerminal?: boolean;
  /** Columns of the terminal at standard output; `undefined` when it is not one. */
  readonly columns: number | undefined;
  /** True when output may use colour. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly stop: AbortSignal;
  /** Which of them it was; absent where nobody knows. */
  readonly stoppedBy?: () => 'SIGINT' | 'SIGTERM' | undefined;
  /**
   * Calls back at each SIGHUP, which ends the process no more then; gives what ends that. Absent where there is no such
   * signal.
   */
  readonly onHangUp?: (listener: () => void) => () => void;
  /** Hears what is not to be recorded; absent where nothing is recorded (`reveille capture`). */
  readonly recording?: Recording;
}

/** What records the sockets of a run, and leaves out those of the REST API. */
export interface Recording {
  /** The REST API listens with this; called before it does. */
  apiServer(server: object): void;
  /** A REST API is asked there; called before it is. */
  apiAddress(url: URL): void;
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

/** The work failed and everything about it was already said: an exit status, 1 or what is given, without a further line. */
export class AlreadyReported extends Error {
  readonly status: number;

  constructor(status: number = exitStatus.failed) {
    super();
    this.status = status;
  }
}
