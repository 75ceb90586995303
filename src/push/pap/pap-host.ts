// What stands behind a PAP endpoint: whoever keeps pushes, sends them, and knows what became of them.
import type {
  MimePart,
  PapAddress,
  PapCodeName,
  PapMessageState,
  ProgressNote,
  QualityOfService,
} from '../../codec/pap/index.ts';
import type { DmContentKind } from '../../codec/wsp/index.ts';

/** A client of the gateway that a push is for. */
export interface PapRecipient extends PapAddress {
  /** As the initiator wrote it. */
  readonly text: string;
}

/** A push that an initiator submits: checked for form, and for what this initiator may do. */
export interface PapSubmission {
  /** Name of the initiator. */
  readonly initiator: string;
  /** Chosen by it; belongs to it alone. */
  readonly pushId: string;
  /** At least one. */
  readonly recipients: readonly PapRecipient[];
  /** What the content is. */
  readonly kind: DmContentKind;
  /** Media type as sent, in lower case, and its parameters. */
  readonly contentType: { readonly mime: string; readonly parameters: Readonly<Record<string, string>> };
  /** Opaque: a signed Package #0, or a DM message. */
  readonly body: Uint8Array;
  /** Milliseconds since the POSIX epoch. */
  readonly deliverBefore?: number;
  readonly deliverAfter?: number;
  readonly qualityOfService?: QualityOfService;
  readonly sourceReference?: string;
  /** URL for result notifications, one that this initiator may name; none are wanted without it. */
  readonly notifyTo?: string;
  readonly progressNotesRequested: boolean;
}

/** A push that takes the place of another of the same initiator. */
export interface PapReplacement extends PapSubmission {
  readonly replaces: { readonly pushId: string; readonly method: 'pending-only' | 'all' };
}

/** What a submission came to: `acceptedForProcessing` only when the push is safe with the host. */
export interface PapOutcome {
  readonly code: PapCodeName;
  /** For people. Default: what the code says. */
  readonly desc?: string;
  /** Told when they were requested. */
  readonly progressNotes?: readonly ProgressNote[];
}

/** Which push, and for whom. */
export interface PapReference {
  /** Name of the initiator that asks: a push of another one is not found. */
  readonly initiator: string;
  readonly pushId: string;
  /** Empty for all. */
  readonly addresses: readonly string[];
}

/** Outcome of a cancellation for some addresses, or for all of the request. */
export interface PapCancellation extends Omit<PapOutcome, 'progressNotes'> {
  readonly addresses: readonly string[];
}

/** State of a push for some addresses, or for all of the request. */
export interface PapState {
  readonly state: PapMessageState;
  readonly code: PapCodeName;
  readonly desc?: string;
  readonly addresses: readonly string[];
  /** When the state was reached, in milliseconds since the POSIX epoch. */
  readonly eventTime?: number;
  readonly qualityOfService?: QualityOfService;
}

/**
 * Does what initiators ask for. What it rejects with is answered as internal server error and reported; expected refusals
 * are outcomes. Lists that are empty mean that the push is not known.
 */
export interface PapHost {
  submit(submission: PapSubmission): Promise<PapOutcome>;
  /** Absent where a push cannot be replaced. */
  replace?(replacement: PapReplacement): Promise<PapOutcome>;
  cancel(reference: PapReference): Promise<readonly PapCancellation[]>;
  query(reference: PapReference): Promise<readonly PapState[]>;
  /** Absent where capabilities of clients are not known. */
  capabilities?(question: {
    readonly initiator: string;
    readonly recipient: PapRecipient;
    readonly appId: string | undefined;
  }): Promise<{ readonly code: PapCodeName; readonly desc?: string; readonly capabilities?: MimePart }>;
}
