// Writes one end's messages: header, MsgID, and as many commands as the peer's MaxMsgSize allows.
import type { DmCommand, Location, MessageForm, SyncHdr } from '../codec/syncml/index.ts';
import type { Outgoing } from './contract.ts';
import { numberCommands } from './numbering.ts';
import type { Outbound, OutgoingPackage } from './outgoing-package.ts';
import type { Attachment } from './prover.ts';
import { commandSize, envelopeSize } from './size.ts';

export interface MessageMakerOptions {
  readonly form: MessageForm;
  readonly verDtd: string;
  readonly verProto: string;
  /** As written in SyncHdr. */
  readonly sessionId: string;
  readonly source: Location;
  readonly target: Location;
  readonly respUri: string | undefined;
  readonly maxMsgSize: number;
  readonly maxObjSize: number;
  /** True when this end has credentials: room for them is kept, should a challenge ask for the message again. */
  readonly mayNeedCred: boolean;
}

/** What a message is to hold. */
export interface Draft {
  readonly attachment: Attachment;
  /** First of all: the Status for SyncHdr. */
  readonly first?: readonly DmCommand[];
  /** Then from here, as much as fits. */
  readonly from?: OutgoingPackage;
  /** Of `from`, take Statuses only. */
  readonly onlyStatuses?: boolean;
  /** Last of all: Alert 1222, 1223. */
  readonly last?: readonly DmCommand[];
  /** False when the package goes on even if `from` is empty. */
  readonly mayBeFinal: boolean;
}

/** A message, and what went into it. */
export interface Made {
  readonly outgoing: Outgoing;
  readonly tooLarge: readonly Outbound[];
  /** The commands in it, by their CmdIDs: those inside groups too, but not this end's Statuses and alerts. */
  readonly originals: ReadonlyMap<string, Outbound>;
}

// Room for a Cred or a Chal that a later version of the same message may have.
const credReserve = 220;

/** Makes messages 1, 2, 3 … of one end. */
export class MessageMaker {
  /** Where the next message goes; changes when the peer gives a RespURI. */
  target: Location;
  /** The version that the peer speaks, once known. */
  verProto: string;
  /** Octets that the peer takes in one message. */
  peerMaxMsgSize = Number.POSITIVE_INFINITY;
  readonly #options: MessageMakerOptions;
  #made = 0;

  constructor(options: MessageMakerOptions) {
    this.#options = options;
    this.target = options.target;
    this.verProto = options.verProto;
  }

  /** MsgID of the last message made; `0` before the first. */
  get lastMsgId(): string {
    return String(this.#made);
  }

  /** Messages made so far. */
  get count(): number {
    return this.#made;
  }

  /** Octets that a message has room for beside its envelope, `others`, and a Status for SyncHdr. */
  roomFor(attachment: Attachment, others: readonly DmCommand[] = []): number {
    return this.#room(this.#header(attachment), others) - credReserve;
  }

  /** The next message. */
  make(draft: Draft): Made {
    this.#made += 1;
    const header = this.#header(draft.attachment);
    const first = draft.first ?? [];
    const last = draft.last ?? [];
    const portion = draft.from?.take(this.#room(header, [...first, ...last]), draft.onlyStatuses);
    const outbound = portion?.commands ?? [];
    const originals = new Map<string, Outbound>();
    const byCommand = new Map(outbound.map((entry) => [entry.command, entry]));
    const own = new Set<DmCommand>([...first, ...last]);
    const all = [...first, ...outbound.map(({ command }) => command), ...last];
    const commands = numberCommands(all, (given, cmdId) => {
      if (own.has(given) || given.name === 'Status' || given.name === 'Results') return;
      // A command inside a group is its own original: groups are never cut.
      originals.set(cmdId, byCommand.get(given) ?? { command: given, original: given });
    });
    const final = draft.mayBeFinal && draft.from?.empty !== false;
    const { hmac } = draft.attachment;
    const message = { header, commands, final };
    return {
      outgoing: hmac === undefined ? { message } : { message, hmac },
      tooLarge: portion?.tooLarge ?? [],
      originals,
    };
  }

  /** The message again, with the next MsgID and other credentials. */
  again(made: Made, attachment: Attachment): Made {
    this.#made += 1;
    const { hmac } = attachment;
    const message = { ...made.outgoing.message, header: this.#header(attachment) };
    return { ...made, outgoing: hmac === undefined ? { message } : { message, hmac } };
  }

  #room(header: SyncHdr, others: readonly DmCommand[]): number {
    const { form, mayNeedCred } = this.#options;
    let room = this.peerMaxMsgSize - envelopeSize(header, form);
    if (mayNeedCred && header.cred === undefined) room -= credReserve;
    for (const command of others) room -= commandSize(command, form);
    return room;
  }

  #header({ cred }: Attachment): SyncHdr {
    const { verDtd, sessionId, source, respUri, maxMsgSize, maxObjSize } = this.#options;
    return {
      verDtd,
      verProto: this.verProto,
      sessionId,
      msgId: this.lastMsgId,
      target: this.target,
      source,
      ...(respUri === undefined ? {} : { respUri }),
      ...(cred === undefined ? {} : { cred }),
      meta: { maxMsgSize, maxObjSize },
    };
  }
}
