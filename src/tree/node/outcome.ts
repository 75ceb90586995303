// What a command on the tree led to. Every expected outcome is a value with the status code that the server is told.

/** A node or property in the results of a command, as an Item carries it. */
export interface TreeItem {
  /** Source/LocURI. */
  readonly uri: string;
  /** Meta Format; absent for the default `chr`. */
  readonly format?: string;
  /** Meta Type; absent for the default `text/plain`. */
  readonly type?: string;
  /** Absent where only the structure was asked for. */
  readonly data?: string | Uint8Array;
}

/** What a command led to. */
export interface CommandResult {
  /** Status code. */
  readonly status: number;
  /** What a Get found. */
  readonly results?: readonly TreeItem[];
  /** Why it was refused, for logs; never holds a value. */
  readonly reason?: string;
  /** The node that made it fail, when that is not the target itself: goes into the Status as an Item's Target. */
  readonly failedUri?: string;
  /** Where an object added to the Inbox now stands. */
  readonly placed?: readonly PlacedObject[];
  /** What was left out on purpose, one sentence each, for the audit log. */
  readonly ignored?: readonly string[];
}

/** An object that came through the Inbox. */
export interface PlacedObject {
  /** Management object identifier. */
  readonly type: string;
  /** Where the server had put it, below `./Inbox`. */
  readonly from: string;
  /** Where it stands now. */
  readonly uri: string;
}

/** A refusal on the way to a result. */
export class Refusal {
  readonly status: number;
  readonly reason: string;
  readonly failedUri: string | undefined;

  constructor(status: number, reason: string, failedUri?: string) {
    this.status = status;
    this.reason = reason;
    this.failedUri = failedUri;
  }
}

/** The refusal as a result. */
export function refused(refusal: Refusal): CommandResult {
  const { status, reason, failedUri } = refusal;
  return failedUri === undefined ? { status, reason } : { status, reason, failedUri };
}

/** Plain success. */
export const ok: CommandResult = Object.freeze({ status: 200 });
