// The answer to a message that gets no session: an unknown device, too many attempts, a server that is going down.
import type { DmMessage } from '../../codec/syncml/index.ts';
import { numberCommands } from '../message/numbering.ts';
import { headerStatus } from '../message/replies.ts';
import { refuseAll } from './client-input.ts';

/**
 * A message of Statuses only that refuses everything in `message` with `status`, such as 401, 404 or 503. It has no
 * challenge, so the client gives up.
 */
export function refusalOf(message: DmMessage, status: number, serverUri: string): DmMessage {
  const { header } = message;
  const { verDtd, verProto, sessionId, source } = header;
  return {
    header: { verDtd, verProto, sessionId, msgId: '1', target: source, source: { uri: serverUri } },
    commands: numberCommands([headerStatus(header, { status }), ...refuseAll(message, status)]),
    final: true,
  };
}
