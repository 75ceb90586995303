// What went wrong with a push over SIP: responses, lost connections and silence as PushErrors.
import {
  headersOf,
  headerValue,
  listOf,
  retryAfterSeconds,
  type SipResponse,
} from '../../codec/sip/index.ts';
import { DecodeError, PushError, toLine } from '../../core/index.ts';
import { abortError as pushAbortError, refusalDetails, socketFault } from '../index.ts';

/** A push that SIP did not deliver. */
export class SipPushError extends PushError {
  /** Status code of the response; `undefined` when there was none. */
  readonly status: number | undefined;
  /** How long the peer asks us to wait, in milliseconds (Retry-After); `undefined` when it does not. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    retryable: boolean,
    details: { readonly status?: number; readonly retryAfterMs?: number | undefined } & ErrorOptions = {},
  ) {
    super(code, message, retryable, 'cause' in details ? { cause: details.cause } : {});
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/**
 * Responses after which the same push may succeed later: the device is not registered or busy, or a server on the way
 * has trouble of its own. All others come back as often as it is sent.
 */
const passing: ReadonlySet<number> = new Set([404, 408, 430, 480, 486, 487, 491]);

/** Failures of a server that will not pass; all others of 5xx may, those that nobody knows included (§8.1.3.2). */
const lasting: ReadonlySet<number> = new Set([501, 505, 513, 555, 580]);

/** What the codes say about a push of ours. */
const explanations: ReadonlyMap<number, string> = new Map([
  [400, 'it could not read the request'],
  [401, 'it wants other credentials'],
  [403, 'it refuses pushes from us'],
  [404, 'the device is not registered, or unknown'],
  [405, 'it takes no MESSAGE'],
  [406, 'it takes nothing of what we would send'],
  [407, 'the proxy wants other credentials'],
  [408, 'the device did not answer in time'],
  [410, 'the device is gone for good'],
  [413, 'the message is too large for it'],
  [415, 'it does not take this content type'],
  [416, 'it does not take this kind of address'],
  [420, 'it lacks an extension that the request needs'],
  [421, 'it wants an extension that we do not have'],
  [480, 'the device is not registered at the moment'],
  [482, 'the request went round in a loop'],
  [483, 'the request passed too many hops'],
  [486, 'the device is busy'],
  [488, 'it does not take this content'],
  [503, 'it is overloaded, or closed for maintenance'],
  [513, 'the message is too large for it'],
  [606, 'it does not take this content'],
]);

/** Characters of a reason phrase and of an address that are told, at most. */
const maxReason = 100;
const maxAddress = 200;

/** The error of a final response that is no success: what it means, and what it says would be taken instead. */
export function responsePushError(response: SipResponse, peer: string): SipPushError {
  const { status, reason } = response;
  const seconds = retryAfterSeconds(response);
  const retryAfterMs = seconds === undefined ? undefined : seconds * 1000;
  // A server that says when its refusal ends does not mean it for good (§21.4.11); with 6xx nobody else will (§21.6).
  const retryable =
    passing.has(status) ||
    (status >= 500 && status < 600 && !lasting.has(status)) ||
    (status === 413 && retryAfterMs !== undefined);
  const why = status < 400 ? redirection(response) : explanations.get(status);
  const said = reason === '' ? '' : ` ${toLine(reason, maxReason)}`;
  const { unreadable = [] } = response;
  const valuesOf = (name: string): string[] => headersOf(response, name).map(({ value }) => value);
  const details = refusalDetails(status, valuesOf, unreadable);
  const leftOut =
    unreadable.length === 0 ? [] : [`unreadable in the answer, left out: ${unreadable.join(', ')}`];
  const more = [...(why === undefined ? [] : [why]), ...details, ...leftOut].join('; ');
  const text = `${peer}: answered ${status}${said}${more === '' ? '' : `: ${more}`}`;
  return new SipPushError(`SIP_${status}`, text, retryable, { status, retryAfterMs });
}

/** The error of a challenge that was not answered, or whose answer was refused. */
export function credentialsPushError(
  problem: { readonly reason: string; readonly detail: string },
  { status }: SipResponse,
  peer: string,
): SipPushError {
  const code = problem.reason.replaceAll('-', '_').toUpperCase();
  return new SipPushError(code, `${peer}: answered ${status}: ${problem.detail}`, false, { status });
}

/** The error of a request that nobody answered. */
export function timeoutPushError(peer: string, waitedMs: number): SipPushError {
  return new SipPushError('TIMEOUT', `${peer}: no final answer within ${waitedMs} ms`, true);
}

/** The error of a push that its caller gave up. */
export function abortError(signal: AbortSignal): SipPushError {
  const { code, message, retryable } = pushAbortError(signal);
  return new SipPushError(code, message, retryable, { cause: signal.reason });
}

/** The error of a transport that failed. Unknown errors may pass, so they are retryable. */
export function transportPushError(error: unknown, peer: string): SipPushError {
  if (error instanceof DecodeError) {
    const text = `${peer}: does not answer in SIP: ${error.message}`;
    return new SipPushError('PROTOCOL', text, false, { cause: error });
  }
  const { code, why, retryable } = socketFault(error);
  return new SipPushError(code, `${peer}: ${why}`, retryable, { cause: error });
}

/** Redirections are not followed: where pushes go is the operator's choice. */
function redirection(response: SipResponse): string {
  const contact = headerValue(response, 'Contact') === undefined ? undefined : firstContact(response);
  return contact === undefined ? 'it points elsewhere' : `it points to ${contact}`;
}

function firstContact(response: SipResponse): string | undefined {
  try {
    const first = listOf(response, 'Contact')[0];
    return first === undefined ? undefined : toLine(first.text, maxAddress);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
