// One REGISTER and what has to be sent again for it: challenges, and an interval that is too brief (RFC 3261 §10.2, §22).
import {
  dmApplicationId,
  formatNameAddr,
  formatSipUri,
  numberField,
  parseSipUri,
  quote,
  retryAfterSeconds,
  type SipHeader,
  type SipParameters,
} from '../../codec/sip/index.ts';
import { DecodeError } from '../../core/index.ts';
import { Authenticator } from './authenticator.ts';
import type { RequestEnd, SipEndpoint } from './endpoint.ts';
import type { SipFlow } from './flow.ts';
import { showHop } from './hop.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import {
  credentialsPushError,
  responsePushError,
  SipPushError,
  timeoutPushError,
  transportPushError,
} from './push-error.ts';
import { type RegistrarAnswer, readRegistrarAnswer } from './registrar-answer.ts';
import type { SipRegistrationSettings } from './registration-options.ts';
import { transactionMs } from './timers.ts';

/** How a try ended. */
export type RegisterOutcome =
  | {
      readonly kind: 'registered';
      readonly answer: RegistrarAnswer;
      /** The URI that is bound now. */
      readonly contact: string;
      readonly flow: SipFlow | undefined;
      /** Seconds asked for in the end: more than wanted when the registrar has a minimum. */
      readonly askedSeconds: number;
    }
  /** It will be the same until somebody changes something. */
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'failed'; readonly error: Error; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'aborted' };

/** Requests of one try, at most. */
const maxRounds = 8;

/** Sends REGISTER for one device: one Call-ID, a sequence that counts up, nonces that are used again. */
export class Registrant {
  readonly #endpoint: SipEndpoint;
  readonly #settings: SipRegistrationSettings;
  readonly #authenticator: Authenticator;
  readonly #callId: string;
  readonly #user: string | undefined;
  #sequence = 0;

  constructor(endpoint: SipEndpoint, settings: SipRegistrationSettings) {
    this.#endpoint = endpoint;
    this.#settings = settings;
    this.#callId = endpoint.token(16);
    this.#user = parseSipUri(settings.addressOfRecord).user;
    this.#authenticator = new Authenticator({
      credentials: settings.credentials,
      algorithms: settings.algorithms,
      cnonce: () => endpoint.token(16),
      remember: 'all',
    });
  }

  /** One try, for `expiresSeconds`; 0 takes the binding back. `before` is a URI that is still bound, if there is one. */
  async register(
    expiresSeconds: number,
    before: string | undefined,
    signal: AbortSignal,
  ): Promise<RegisterOutcome> {
    const { hop, registrarUri, instanceId } = this.#settings;
    const peer = `registrar ${registrarUri} by way of ${showHop(hop)}`;
    const exchange = this.#authenticator.exchange();
    let expires = expiresSeconds;
    for (let round = 0; ; round += 1) {
      this.#sequence += 1;
      const proofs = exchange.headers('REGISTER', registrarUri);
      let contact = '';
      const make = (flow: SipFlow): OutgoingRequest => {
        contact = this.#contactUri(flow);
        const headers = [...this.#fields(contact, before, expires), ...proofs];
        return { method: 'REGISTER', requestUri: registrarUri, headers, body: new Uint8Array() };
      };
      const end = await this.#endpoint.request(make, hop, signal);
      if (end.kind !== 'response') return this.#withoutResponse(end, peer);
      const { response, flow } = end;
      const { status } = response;
      if (status < 300) {
        const answer = readRegistrarAnswer(response, { contact, instanceId }, expires);
        if (answer.expiresSeconds > 0 || expires === 0) {
          return { kind: 'registered', answer, contact, flow, askedSeconds: expires };
        }
        const error = new SipPushError(
          'NOT_BOUND',
          `${peer}: answered ${status}, but keeps no binding`,
          true,
        );
        return { kind: 'failed', error, retryAfterMs: undefined };
      }
      if (status === 401 || status === 407) {
        const challenged = exchange.challenged(response);
        if (challenged.retry && round < maxRounds) continue;
        const problem = challenged.retry
          ? { reason: 'credentials-refused', detail: 'it asks for credentials again and again' }
          : challenged;
        return { kind: 'refused', error: credentialsPushError(problem, response, peer) };
      }
      const minimum = status === 423 ? minExpires(response) : undefined;
      if (minimum !== undefined && minimum > expires && expires > 0 && round < maxRounds) {
        expires = minimum;
        continue;
      }
      const error = responsePushError(response, peer);
      if (status === 403) return { kind: 'refused', error };
      const seconds = retryAfterSeconds(response);
      return { kind: 'failed', error, retryAfterMs: seconds === undefined ? undefined : seconds * 1000 };
    }
  }

  #withoutResponse(end: Exclude<RequestEnd, { readonly kind: 'response' }>, peer: string): RegisterOutcome {
    if (end.kind === 'aborted') return { kind: 'aborted' };
    if (end.kind === 'failed') {
      return { kind: 'failed', error: transportPushError(end.error, peer), retryAfterMs: undefined };
    }
    // A connection on which nothing comes back may be dead without anybody having said so.
    end.flow?.discard();
    const error = timeoutPushError(peer, transactionMs(this.#endpoint.timers));
    return { kind: 'failed', error, retryAfterMs: undefined };
  }

  #contactUri(flow: SipFlow): string {
    const { contact } = this.#settings;
    const parameters: SipParameters = new Map([['transport', flow.protocol.toLowerCase()]]);
    const user = this.#user === undefined ? {} : { user: this.#user };
    const host = contact?.host ?? flow.local.address;
    return formatSipUri({ scheme: 'sip', ...user, host, port: contact?.port ?? flow.local.port, parameters });
  }

  #fields(contact: string, before: string | undefined, expires: number): readonly SipHeader[] {
    const { addressOfRecord: uri, instanceId, featureTags, headers } = this.#settings;
    const features: SipParameters = new Map([
      ['+sip.instance', quote(`<${instanceId}>`)],
      ...featureTags.map((name) => [name, quote(dmApplicationId)] as const),
      ['methods', quote('MESSAGE')],
    ]);
    const gone = new Map([['expires', '0']]);
    return [
      {
        name: 'From',
        value: formatNameAddr({ uri, parameters: new Map([['tag', this.#endpoint.token(6)]]) }),
      },
      { name: 'To', value: formatNameAddr({ uri }) },
      { name: 'Call-ID', value: this.#callId },
      { name: 'CSeq', value: `${this.#sequence} REGISTER` },
      { name: 'Contact', value: formatNameAddr({ uri: contact, parameters: features }) },
      ...(before === undefined || before === contact
        ? []
        : [{ name: 'Contact', value: formatNameAddr({ uri: before, parameters: gone }) }]),
      { name: 'Supported', value: 'gruu, path' },
      { name: 'Allow', value: 'MESSAGE, OPTIONS' },
      { name: 'Expires', value: String(expires) },
      ...headers,
    ];
  }
}

function minExpires(response: { readonly headers: readonly SipHeader[] }): number | undefined {
  try {
    return numberField(response, 'Min-Expires', '20.23');
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
