// What the peer says to a piece of an object that is not the last: 213, and nothing else (DM-PRO-1.2, large objects).
import { type DmMessage, type ManagementCommand, statusCodes } from '../../codec/syncml/index.ts';
import type { Made } from './message-maker.ts';
import { shownStatus, statusNumber } from './replies.ts';

/** Codes of the 200s that say that nothing was done: the piece was not taken for anything (DM-REPPRO-1.2, response codes). */
const notDone: ReadonlySet<number> = new Set([
  statusCodes.operationCancelled,
  statusCodes.notExecuted,
  statusCodes.atomicRollBackOk,
]);

/** A piece that the peer does not keep for the rest: that must not go out any more. */
export interface LostPiece {
  /** For the log. */
  readonly note: string;
  /** The command that the piece is of, where it is one of the host. */
  readonly command: ManagementCommand | undefined;
  /** Set when the peer took it for the whole, so that what it says is not true of the object. */
  readonly problem?: string;
}

/**
 * What `message` says to the piece in `last`, the message `msgId`; `undefined` when it kept it or says nothing, or there
 * was no piece.
 */
export function lostPiece(message: DmMessage, last: Made | undefined, msgId: string): LostPiece | undefined {
  const { piece, originals } = last ?? {};
  if (piece === undefined) return undefined;
  for (const status of message.commands) {
    if (status.name !== 'Status' || status.msgRef !== msgId || status.cmdRef !== piece) continue;
    const code = statusNumber(status.data);
    if (code === statusCodes.chunkedItemAccepted) continue;
    const lost = {
      note: `a piece of an object is answered with ${shownStatus(status.data)}: the rest of it is not sent`,
      command: originals?.get(piece)?.original,
    };
    const whole = `the device took a piece of the object for the whole: it answered ${code} instead of 213`;
    return code >= 200 && code <= 299 && !notDone.has(code) ? { ...lost, problem: whole } : lost;
  }
  return undefined;
}
