// The answer to a message whose sender is not believed (DM-SEC-1.2): Statuses alone, and never much more than was sent.
import { type DmMessage, type MessageForm, writeMessage } from '../../codec/syncml/index.ts';
import { headerStatus } from '../message/replies.ts';
import type { HeaderStatus } from '../proof/verifier.ts';
import { refuseAll } from './client-input.ts';
import { serverMaker } from './server-maker.ts';

/** What the answer is made of. */
export interface RefusalOptions {
  /** The message, or its beginning: SyncHdr and the first commands. */
  readonly message: DmMessage;
  /** True when `message` has all commands: each gets a Status, as far as there is room. */
  readonly complete: boolean;
  /** What SyncHdr is told. */
  readonly header: HeaderStatus;
  /** Source/LocURI. */
  readonly serverUri: string;
  /** Where the client is to send its next message. Default: where it sent this one. */
  readonly respUri?: string;
  readonly form: MessageForm;
  /** Octets that the answer may take; the client's own MaxMsgSize holds besides. */
  readonly room: number;
  /** Octets of a message that this end takes; told to the client. */
  readonly maxMsgSize: number;
  /** Octets of an object that this end takes; told to the client. */
  readonly maxObjSize: number;
}

/** MsgIDs of clients count up from 1, and so do ours: the answer to the n-th is the n-th. */
const longestMsgId = 4;

/** The number of answers that the client has had before the one to this message, as its MsgID tells; else 0. */
export function messagesBefore({ header }: DmMessage): number {
  const msgId = header.msgId.trim();
  return /^[0-9]+$/.test(msgId) && msgId.length <= longestMsgId ? Math.max(0, Number(msgId) - 1) : 0;
}

/**
 * The encoded answer. What does not fit is left out: the Statuses of commands, then TargetRef and SourceRef.
 * @returns undefined when not even the Status for SyncHdr fits
 */
export function refusalMessage(options: RefusalOptions): Uint8Array | undefined {
  const { message, complete, header, form } = options;
  const { maxMsgSize } = message.header.meta ?? {};
  const room = Math.min(
    options.room,
    maxMsgSize !== undefined && maxMsgSize > 0 ? maxMsgSize : Number.POSITIVE_INFINITY,
  );
  const status = headerStatus(message.header, header);
  const short = { ...status, targetRefs: [], sourceRefs: [] };
  const all = complete ? [[status, ...refuseAll(message, header.status)]] : [];
  for (const commands of [...all, [status], [short]]) {
    const maker = makerFor(options);
    const { outgoing } = maker.make({ attachment: {}, first: commands, mayBeFinal: true });
    const octets = writeMessage(outgoing.message, form);
    if (octets.length <= room) return octets;
  }
  return undefined;
}

function makerFor({ message, serverUri, respUri, form, maxMsgSize, maxObjSize }: RefusalOptions) {
  return serverMaker(
    {
      sessionId: 1,
      serverId: serverUri,
      serverUri,
      deviceId: message.header.source.uri,
      commands: { next: async () => [] },
      encoding: form,
      maxMsgSize,
      maxObjSize,
      messagesBefore: messagesBefore(message),
      ...(respUri !== undefined && { respUri }),
    },
    message,
  );
}
