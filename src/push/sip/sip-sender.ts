// Package #0 and DM messages as SIP MESSAGE in pager mode (DM-NOTI-1.3 §7.3, DM-PUSH §5.2, RFC 3428).
import { lookup } from 'node:dns/promises';
import {
  applicationFeatureTags,
  dmApplicationId,
  formatNameAddr,
  formatSipHeaders,
  quote,
  type SipHeader,
  type SipUri,
  sipLimits,
} from '../../codec/sip/index.ts';
import { longestMs, systemClock, ValueError, wholeNumber } from '../../core/index.ts';
import {
  type Binding,
  contentTypes,
  contentTypeText,
  type Push,
  requireSize,
  type SendResult,
  tracked,
} from '../index.ts';
import { addressOfRecord, requestUriOf, toUriOf, userUri } from './addresses.ts';
import { Authenticator, checkCredentials } from './authenticator.ts';
import { SipEndpoint } from './endpoint.ts';
import { expiryFields, maxExpires, splitExpires } from './expiry.ts';
import { hopOf, proxyHop, type SipHop, showHop } from './hop.ts';
import { maxUdpRequest, type OutgoingRequest, requestOctets } from './outgoing-request.ts';
import {
  abortError,
  credentialsPushError,
  responsePushError,
  SipPushError,
  timeoutPushError,
  transportPushError,
} from './push-error.ts';
import { checkHeaders, type SipSenderOptions, type SipTarget, sipSenderDefaults } from './sender-options.ts';
import { timersFrom, transactionMs } from './timers.ts';

/**
 * Makes a sender. A receipt says *delivered* when the device answered 200, and *accepted* when somebody on the way keeps
 * the push for it (202); its reference is the Call-ID. Requests are sent again as RFC 3261 has it; connections are used
 * again. Redirections are not followed.
 * @throws {ValueError} for an option that cannot be used
 */
export function createSipSender(options: SipSenderOptions): Binding<SipTarget> {
  const from = addressOfRecord(options.from, 'from');
  const proxy =
    options.outboundProxy === undefined ? undefined : proxyHop(options.outboundProxy, 'outboundProxy');
  const { clock = systemClock(), featureTag = sipSenderDefaults.featureTag } = options;
  const whole = (name: 'maxPayload' | 'connectMs' | 'idleMs', maximum: number): number =>
    wholeNumber(options[name] ?? sipSenderDefaults[name], 1, maximum, name);
  const timers = timersFrom(options.timers);
  const limit = whole('maxPayload', 0x7fffffff);
  const { fields: headers, longest } = splitExpires(checkHeaders(options.headers ?? []));
  const endpoint = new SipEndpoint(
    {
      clock,
      timers,
      limits: sipLimits,
      connectMs: whole('connectMs', longestMs),
      idleMs: whole('idleMs', longestMs),
      messageMs: transactionMs(timers),
      inboundIdleMs: whole('idleMs', longestMs),
      inbound: {},
      maxServerTransactions: 1000,
      tls: options.tls ?? {},
      resolve: options.resolve ?? lookup,
      random: options.random,
    },
    {
      // Nobody has business with a sender; a peer that asks is told so.
      request: ({ respond }) => respond(405, { headers: [{ name: 'Allow', value: '' }] }),
      dropped: () => {},
      error: (error) => report(options.onError, error),
    },
  );
  const authenticator = new Authenticator({
    ...checkCredentials(options.credentials, options.algorithms),
    cnonce: () => endpoint.token(16),
    remember: 'proxies',
  });
  const acceptContact = `*;${applicationFeatureTags[featureTag]}=${quote(dmApplicationId)};require;explicit`;
  const fromAddress = formatNameAddr({ uri: from });
  /** What all pushes have. */
  const prepared = formatSipHeaders([{ name: 'Accept-Contact', value: acceptContact }, ...headers]);

  /** Everything else that stays the same when the push is sent again with credentials. */
  const fieldsOf = (push: Push, target: SipUri, callId: string): readonly SipHeader[] => [
    { name: 'From', value: `${fromAddress};tag=${endpoint.token(6)}` },
    { name: 'To', value: formatNameAddr({ uri: toUriOf(target) }) },
    { name: 'Call-ID', value: callId },
    { name: 'Content-Type', value: contentTypeText(push.contentType) },
  ];

  const deliver = async (push: Push, to: SipTarget, signal: AbortSignal): Promise<SendResult> => {
    requireSize(push, limit);
    const target = userUri(to.uri, 'uri');
    const hop = firstHop(target, proxy);
    const requestUri = requestUriOf(target);
    const peer = `${requestUri} by way of ${showHop(hop)}`;
    const callId = endpoint.token(16);
    const fields = fieldsOf(push, target, callId);
    const exchange = authenticator.exchange();
    for (let sequence = 1; ; sequence += 1) {
      const expiry = expiryFields(push, longest, clock.now());
      const cseq = { name: 'CSeq', value: `${sequence} MESSAGE` };
      const proofs = exchange.headers('MESSAGE', requestUri);
      const request = {
        method: 'MESSAGE',
        requestUri,
        headers: [...fields, cseq, ...expiry, ...proofs],
        prepared,
        body: push.body,
      };
      const end = await requestOnce(request, hop, signal, sequence, peer);
      if (end.kind === 'aborted') throw abortError(signal);
      if (end.kind === 'timeout') throw timeoutPushError(peer, transactionMs(timers));
      if (end.kind === 'failed') throw transportPushError(end.error, peer);
      const { response } = end;
      if (response.status === 202) return { outcome: 'accepted', reference: callId };
      if (response.status < 300) return { outcome: 'delivered', reference: callId };
      if (response.status !== 401 && response.status !== 407) throw responsePushError(response, peer);
      const challenged = exchange.challenged(response);
      if (!challenged.retry) throw credentialsPushError(challenged, response, peer);
    }
  };

  /** A request that grows beyond what UDP takes only by its credentials is the carrier's refusal, not the caller's fault. */
  const requestOnce = async (
    request: OutgoingRequest,
    hop: SipHop,
    signal: AbortSignal,
    sequence: number,
    peer: string,
  ): ReturnType<SipEndpoint['request']> => {
    try {
      return await endpoint.request(request, hop, signal);
    } catch (error) {
      if (sequence === 1 || !(error instanceof ValueError)) throw error;
      throw new SipPushError('TOO_LONG', `${peer}: ${error.message}`, false, { cause: error });
    }
  };

  /** What is left of 1300 octets for a body, for a device address of usual length and with room for credentials. */
  const udpPayload = (): number => {
    const target = userUri(`sip:${'u'.repeat(usualUriOctets - 15)}@device.test`, 'uri');
    const push = { id: '', contentType: contentTypes['dm1.3'], body: new Uint8Array() };
    const cseq = { name: 'CSeq', value: '1 MESSAGE' };
    const request = {
      method: 'MESSAGE',
      requestUri: requestUriOf(target),
      headers: [...fieldsOf(push, target, endpoint.token(16)), cseq, ...expiryFields(push, maxExpires, 0)],
      prepared,
      body: push.body,
    };
    const octets = requestOctets(request) + (options.credentials === undefined ? 0 : credentialsOctets);
    return Math.max(maxUdpRequest - octets, 0);
  };

  return tracked<SipTarget>({
    name: 'sip',
    maxPayload: proxy?.protocol === 'UDP' ? Math.min(limit, udpPayload()) : limit,
    deliver,
    close: () => endpoint.close(),
  });
}

/** Octets of a device address up to which a body of `maxPayload` fits a datagram. */
const usualUriOctets = 100;

/** Room for the fields that a challenge makes necessary. */
const credentialsOctets = 400;

function firstHop(target: SipUri, proxy: SipHop | undefined): SipHop {
  const hop = proxy ?? hopOf(target, 'uri');
  if (target.scheme === 'sips' && hop.protocol !== 'TLS') {
    const detail = 'a sips: address needs a proxy that is reached over TLS (sips:HOST, or transport=tls)';
    throw new ValueError('BAD_FORMAT', detail, 'uri');
  }
  return hop;
}

function report(onError: ((error: unknown) => void) | undefined, error: unknown): void {
  try {
    onError?.(error);
  } catch {
    // A log that fails must not stop the sender.
  }
}
