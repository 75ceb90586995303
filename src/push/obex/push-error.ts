// What went wrong with a push over OBEX: responses, broken streams and failed connections as PushErrors.
import { type ObexRefusal, responseCodes, responseName } from '../../codec/obex/index.ts';
import { PushError } from '../../core/index.ts';

/** Responses after which the same push may succeed later. All others come back as often as it is sent. */
const passing: ReadonlySet<number> = new Set([
  responseCodes.requestTimeout,
  responseCodes.conflict,
  responseCodes.internalError,
  responseCodes.badGateway,
  responseCodes.serviceUnavailable,
  responseCodes.gatewayTimeout,
  responseCodes.databaseFull,
  responseCodes.databaseLocked,
]);

/** What the codes say about a push of ours. */
const explanations: ReadonlyMap<number, string> = new Map([
  [responseCodes.notFound, 'it has no DM client'],
  [responseCodes.unauthorized, 'it wants other credentials'],
  [responseCodes.entityTooLarge, 'the message is too large for it'],
  [responseCodes.unsupportedMediaType, 'it does not take this content type'],
  [responseCodes.serviceUnavailable, 'it is busy'],
  [responseCodes.databaseFull, 'its storage is full'],
]);

const refusalCodes: Readonly<Record<Exclude<ObexRefusal, 'response'>, string>> = {
  'credentials-missing': 'CREDENTIALS_MISSING',
  'credentials-refused': 'CREDENTIALS_REFUSED',
  'server-not-authenticated': 'PEER_NOT_AUTHENTICATED',
  'wrong-service': 'WRONG_SERVICE',
  protocol: 'PROTOCOL',
};

/** The error of a request that the device at `peer` did not carry out. */
export function refusedPushError(
  refusal: { readonly reason: ObexRefusal; readonly code: number; readonly detail: string },
  peer: string,
): PushError {
  const { reason, code, detail } = refusal;
  if (reason !== 'response') return new PushError(refusalCodes[reason], `${peer}: ${detail}`, false);
  const name = responseName(code);
  const why = explanations.get(code);
  const hex = code.toString(16).toUpperCase();
  const known = !name.startsWith('0x');
  const text = `${peer}: answered ${name} (${hex})${why === undefined ? '' : `: ${why}`}`;
  return new PushError(`OBEX_${known ? upperSnake(name) : name.toUpperCase()}`, text, passing.has(code));
}

function upperSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
