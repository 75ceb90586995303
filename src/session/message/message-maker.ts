// Writes one end's messages: header, MsgID, and as many commands as the peer's MaxMsgSize allows.
import type { Cred, DmCommand, Location, MessageForm, Status, SyncHdr } from '../../codec/syncml/index.ts';
import type { Outgoing } from '../contract/contract.ts';
import type { Attachment } from '../proof/prover.ts';
import { messageSize } from './exact-size.ts';
import { numberCommands, unnumbered } from './numbering.ts';
import type { Outbound, OutgoingPackage } from './outgoing-package.ts';
import { boundOfCred, boundOfMessage } from './size.ts';

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
  /** MsgIDs that are taken already. Default 0. */
  readonly messagesBefore?: number;
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
  /** True when even without commands of `from` it is beyond the peer's MaxMsgSize, and so must not go out. */
  readonly overfull: boolean;
  /** The commands in it, by their CmdIDs: those inside groups too, but not this end's Statuses and alerts. */
  readonly originals: ReadonlyMap<string, Outbound>;
  /** CmdID of a piece of an object that is not its last one. */
  readonly piece?: string;
}

/** True when a message carries credentials of its sender. */
export function provesItself({ outgoing }: Made): boolean {
  return outgoing.hmac !== undefined || outgoing.message.header.cred !== undefined;
}

// A Cred as a challenge may ask for.
const laterCred: Cred = {
  meta: { format: 'b64', type: 'syncml:auth-md5' },
  data: 'x'.repeat(24),
};

// Room for a Status for SyncHdr that is not known yet, with its Chal.
const headerStatusReserve = 220;

/** Makes messages 1, 2, 3 … of one end. */
export class MessageMaker {
  /** Where the next message goes; changes when the peer gives a RespURI. */
  target: Location;
  /** The version that the peer speaks, once known. */
  verProto: string;
  /** Octets that the peer takes in one message. */
  peerMaxMsgSize = Number.POSITIVE_INFINITY;
  readonly #options: MessageMakerOptions;
  #made: number;

  constructor(options: MessageMakerOptions) {
    this.#options = options;
    this.#made = options.messagesBefore ?? 0;
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

  /**
   * Octets that a message has room for beside its envelope and a Status for SyncHdr. `replies` are what the next message
   * begins with: all but their first, that Status, can go in a message before.
   */
  roomFor(attachment: Attachment, replies?: readonly DmCommand[]): number {
    const header = this.#header(attachment);
    if (replies === undefined) return this.#room(header, []) - headerStatusReserve;
    return Math.max(this.#room(header, replies), this.#room(header, this.#least(replies)));
  }

  /** What `roomFor` gives at least, without writing anything. */
  leastRoomFor(attachment: Attachment, replies: readonly DmCommand[]): number {
    return this.#leastRoom(this.#header(attachment), replies);
  }

  /** The next message. */
  make(draft: Draft): Made {
    this.#made += 1;
    const header = this.#header(draft.attachment);
    const first = draft.first ?? [];
    const last = draft.last ?? [];
    const others = [...first, ...last];
    // Most messages have room for all there is, which an estimate tells.
    const leastRoom = this.#leastRoom(header, others);
    const fits = leastRoom >= 0 && draft.from?.fitsWhole(leastRoom) !== false;
    const room = fits ? leastRoom : this.#room(header, others);
    const alone = fits ? room : Math.max(room, this.#room(header, this.#least(first)));
    const portion = draft.from?.take(room, draft.onlyStatuses, alone);
    const outbound = portion?.commands ?? [];
    const originals = new Map<string, Outbound>();
    const byCommand = new Map(outbound.map((entry) => [entry.command, entry]));
    const own = new Set<DmCommand>([...first, ...last]);
    const all = [...first, ...outbound.map(({ command }) => command), ...last];
    const pieceCommand = portion?.chunk === true ? outbound.at(-1)?.command : undefined;
    let piece: string | undefined;
    const commands = numberCommands(all, (given, cmdId) => {
      if (given === pieceCommand) piece = cmdId;
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
      overfull: !fits && room + this.#reserve(header) < 0,
      originals,
      ...(piece === undefined ? {} : { piece }),
    };
  }

  /** The message again, with the next MsgID and other credentials. */
  again(made: Made, attachment: Attachment): Made {
    this.#made += 1;
    const { hmac } = attachment;
    const message = { ...made.outgoing.message, header: this.#header(attachment) };
    return { ...made, outgoing: hmac === undefined ? { message } : { message, hmac } };
  }

  #leastRoom(header: SyncHdr, others: readonly DmCommand[]): number {
    if (this.peerMaxMsgSize === Number.POSITIVE_INFINITY) return this.peerMaxMsgSize;
    const { form } = this.#options;
    return this.peerMaxMsgSize - boundOfMessage(header, others, form) - boundOfCred(laterCred, form);
  }

  #room(header: SyncHdr, others: readonly DmCommand[]): number {
    if (this.peerMaxMsgSize === Number.POSITIVE_INFINITY) return this.peerMaxMsgSize;
    return this.peerMaxMsgSize - messageSize(header, others, this.#options.form) - this.#reserve(header);
  }

  /** Octets by which the header may grow, should the message go out again after a challenge. */
  #reserve(header: SyncHdr): number {
    const { form, mayNeedCred } = this.#options;
    if (!mayNeedCred || header.cred !== undefined) return 0;
    return messageSize({ ...header, cred: laterCred }, [], form) - messageSize(header, [], form);
  }

  /** What a message has to begin with when `replies` went out before: the Status for SyncHdr, and one for Alert 1222. */
  #least(replies: readonly DmCommand[]): DmCommand[] {
    const forAlert: Status = {
      name: 'Status',
      cmdId: unnumbered,
      msgRef: String(this.#made + 1),
      cmdRef: '9',
      cmd: 'Alert',
      targetRefs: [],
      sourceRefs: [],
      data: '200',
      items: [],
    };
    return [...replies.slice(0, 1), forAlert];
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
