// The maker of a server's messages, which speaks as the client's first message does.
import { type DmMessage, versionFailure } from '../../codec/syncml/index.ts';
import { defaultMaxObjSize } from '../contract/limits.ts';
import { MessageMaker } from '../message/message-maker.ts';
import type { ServerSessionOptions } from './server-options.ts';

/** The maker for the session that `message` begins; a version that is not known is answered in 1.2. */
export function serverMaker(options: ServerSessionOptions, { header }: DmMessage): MessageMaker {
  const { server, serverUri } = options;
  const known = versionFailure(header) === undefined;
  return new MessageMaker({
    form: options.encoding ?? 'xml',
    verDtd: known ? header.verDtd.trim() : '1.2',
    verProto: known ? header.verProto.trim() : 'DM/1.2',
    sessionId: header.sessionId,
    source: server === undefined ? { uri: serverUri } : { uri: serverUri, name: server.name },
    target: header.source,
    respUri: options.respUri,
    maxMsgSize: options.maxMsgSize ?? 65_536,
    maxObjSize: options.maxObjSize ?? defaultMaxObjSize,
    mayNeedCred: server !== undefined,
    messagesBefore: options.messagesBefore ?? 0,
  });
}

/** Why a message cannot go out to the client. */
export function tooSmall(maker: MessageMaker): string {
  return `the client's MaxMsgSize of ${maker.peerMaxMsgSize} octets leaves no room for an answer`;
}
