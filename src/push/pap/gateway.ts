// Push gateways: what is configured for each, and one exchange with it.
import {
  type MimePart,
  type PapMessage,
  type PapVersion,
  papVersions,
  type QualityOfService,
  type ReadPapEntities,
  readPapEntities,
  writePapEntities,
} from '../../codec/pap/index.ts';
import { type Clock, DecodeError, ValueError, wholeNumber } from '../../core/index.ts';
import {
  HttpClient,
  type HttpClientOptions,
  type HttpCredentials,
  peerOf,
  statusPushError,
} from '../http/index.ts';
import type { Pace } from '../index.ts';
import {
  type GatewayKind,
  type PapGatewayKind,
  type PushToGateway,
  papGatewayKinds,
} from './gateway-kind.ts';
import { documentOf } from './http-form.ts';
import { kannel } from './kannel-losses.ts';
import { codePushError, lossError, protocolError } from './push-error.ts';

/** A gateway. */
export interface PapGateway extends Omit<HttpClientOptions, 'clock' | 'random'>, Pace {
  /**
   * What it is, where we know what it loses: pushes that no device could take then are refused before they are sent, and
   * settings that cannot work when the sender is made. `kannel` sends Basic credentials unasked (`preemptiveBasic`), and
   * asks for no result notifications. Default: nothing is known of it.
   */
  readonly kind?: PapGatewayKind | undefined;
  /** True sends what a gateway of this kind is known to lose all the same: told as a warning. Default false. */
  readonly force?: boolean | undefined;
  /**
   * Short messages that it makes of one push at most, 1–255; of Kannel, `max-messages` in its group `wapbox`. Default 10 for
   * `kind: 'kannel'`, else no bound.
   */
  readonly maxMessages?: number | undefined;
  /** What device addresses say behind the "@". Case does not matter. */
  readonly name: string;
  /** `http:` or `https:` URL of its push service. It may hold credentials in its query; errors leave that out. */
  readonly url: string;
  /** Proved when it asks. Default none. */
  readonly credentials?: HttpCredentials | undefined;
  /** Version of PAP that it understands. Default `2.0`. */
  readonly version?: PapVersion | undefined;
  /**
   * How pushes are to be carried. Default: `unconfirmed` delivery and nothing more; *confirmed* makes gateways open a
   * session to the device first.
   */
  readonly qualityOfService?: QualityOfService | undefined;
  /** URL under which we take result notifications. Default: none are asked for. */
  readonly notifyTo?: string | undefined;
  /**
   * URL under which we take delivery reports of Kannel, which has no result notifications: it reports what it pushed over
   * SMS, through its smsbox (`ppg-smsbox-id`). Default: none are asked for.
   */
  readonly kannelReportsTo?: string | undefined;
  /** Names the source of the content. Default none. */
  readonly sourceReference?: string | undefined;
  /**
   * How long the gateway may try to deliver at most, in milliseconds; a push whose own life is shorter says that. Default:
   * only the push says.
   */
  readonly lifetimeMs?: number | undefined;
  /** Further header fields of the HTTP request, such as `X-Kannel-SMSC`. Gateways may pass them on to the device. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Octets of a body, at most. Default 262 144. */
  readonly maxPayload?: number | undefined;
}

const kinds: Readonly<Record<PapGatewayKind, GatewayKind>> = { kannel };

/** Defaults of `PapGateway`. */
export const papGatewayDefaults = Object.freeze({
  version: '2.0',
  qualityOfService: Object.freeze({ deliveryMethod: 'unconfirmed' }),
  maxPayload: 262_144,
});

/** A gateway that requests can be sent to. */
export class GatewayLink {
  readonly gateway: PapGateway;
  readonly maxPayload: number;
  /** Names it in errors. */
  readonly peer: string;
  /** What is known of it. */
  readonly kind: GatewayKind | undefined;
  readonly #url: URL;
  readonly #client: HttpClient;
  readonly #onWarning: ((detail: string) => void) | undefined;
  /** Warnings that were given, without the numbers in them; there are few, for each names a setting or a media type. */
  readonly #warned = new Set<string>();

  /** `index` is its place among the gateways, for paths in errors. @throws {ValueError} for a setting */
  constructor(
    gateway: PapGateway,
    index: number,
    sources: {
      readonly clock: Clock;
      readonly random: (length: number) => Uint8Array;
      readonly onWarning?: ((detail: string) => void) | undefined;
    },
  ) {
    const path = `gateways[${index}]`;
    const { url, version = '2.0', maxPayload = papGatewayDefaults.maxPayload, lifetimeMs = 1 } = gateway;
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::[0-9]{1,5})?$/.test(gateway.name)) {
      throw new ValueError(
        'BAD_FORMAT',
        `${JSON.stringify(gateway.name)} is not a host name`,
        `${path}.name`,
      );
    }
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new ValueError('BAD_FORMAT', 'is not an http: or https: URL', `${path}.url`);
    }
    if (!papVersions.includes(version))
      throw new ValueError('BAD_FORMAT', 'is not a version', `${path}.version`);
    const { kannelReportsTo = 'http://localhost/' } = gateway;
    if (!/^https?:\/\/[^\s%#]+$/.test(kannelReportsTo)) {
      throw new ValueError(
        'BAD_FORMAT',
        'is not an http: or https: URL without escapes',
        `${path}.kannelReportsTo`,
      );
    }
    wholeNumber(maxPayload, 1, 2 ** 30, `${path}.maxPayload`);
    // Time on the gateway's clock, not a timer of ours.
    wholeNumber(lifetimeMs, 1, Number.MAX_SAFE_INTEGER, `${path}.lifetimeMs`);
    wholeNumber(gateway.maxMessages ?? 1, 1, 255, `${path}.maxMessages`);
    if (gateway.kind !== undefined && !papGatewayKinds.includes(gateway.kind)) {
      throw new ValueError('BAD_FORMAT', `is none of ${papGatewayKinds.join(', ')}`, `${path}.kind`);
    }
    this.kind = gateway.kind === undefined ? undefined : kinds[gateway.kind];
    this.gateway = { ...this.kind?.defaults, ...definedOf(gateway) };
    this.#onWarning = sources.onWarning;
    const fault = this.kind?.settingFault(gateway);
    if (fault !== undefined && gateway.force !== true) {
      const detail = `cannot work: ${this.kind?.name} ${fault.what}; ${fault.remedy}`;
      throw new ValueError('BAD_FORMAT', detail, `${path}.${fault.setting}`);
    }
    this.maxPayload = maxPayload;
    this.#url = new URL(url);
    if (this.#url.username !== '' || this.#url.password !== '') {
      throw new ValueError('BAD_FORMAT', 'must not hold a user name: use credentials', `${path}.url`);
    }
    this.#url.hash = '';
    this.peer = peerOf(this.#url);
    this.#client = new HttpClient({ ...this.gateway, clock: sources.clock, random: sources.random });
  }

  /**
   * Refuses a push that no device could take as this kind of gateway carries it, and tells once what else becomes of it.
   * @throws {PushError} GATEWAY_LOSS, not retryable
   */
  requireCarried(push: PushToGateway): void {
    if (this.kind === undefined) return;
    const loss = this.kind.loss(push, this.gateway);
    if (loss !== undefined) {
      if (this.gateway.force !== true) throw lossError(this.peer, this.kind.name, loss);
      this.#warn(`sent by force although ${this.kind.name} ${loss.what}`);
    }
    for (const text of this.kind.warnings(push, this.gateway)) this.#warn(text);
  }

  /** Warns, once of each thing. */
  #warn(detail: string): void {
    const what = detail.replace(/[0-9]+/g, '#');
    if (this.#warned.has(what) || this.#warned.size >= maxWarnings) return;
    this.#warned.add(what);
    try {
      this.#onWarning?.(`${this.gateway.name}: ${detail}`);
    } catch {
      // A log that fails must not stop a push.
    }
  }

  /**
   * Sends a message; gives the answer, which is `wanted`.
   * @throws {ValueError} for a value that cannot be written
   * @throws {PushError} when there is no such answer; a badmessage-response by its code
   */
  async ask<Element extends PapMessage['element']>(
    message: PapMessage,
    wanted: Element,
    signal: AbortSignal,
    content?: MimePart,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Element>> {
    const { version, credentials, headers = {}, force = false } = this.gateway;
    const unknown = this.kind?.unknownMessage(message);
    if (this.kind !== undefined && unknown !== undefined && !force)
      throw lossError(this.peer, this.kind.name, unknown);
    const document = documentOf(message);
    const { contentType, body } = writePapEntities(
      content === undefined ? { document } : { document, content },
      version,
    );
    const response = await this.#client.exchange(
      {
        method: 'POST',
        url: this.#url,
        credentials,
        headers: { 'Content-Type': contentType, ...headers, ...fields },
        body,
      },
      signal,
    );
    if (response.status < 200 || response.status > 299) throw statusPushError(response, this.peer);
    const read = this.#read(response.header('content-type'), response.body);
    const answer = read.document.message;
    if (answer.element === wanted) {
      const { content: capabilities } = read;
      const wantedMessage = answer as Answer<Element>['message'];
      return capabilities === undefined
        ? { message: wantedMessage }
        : { message: wantedMessage, content: capabilities };
    }
    if (answer.element !== 'badmessage-response') {
      throw protocolError(this.peer, `${answer.element} instead of ${wanted}`);
    }
    const error = codePushError(answer.code, answer.desc, this.peer);
    throw error ?? protocolError(this.peer, `badmessage-response with code ${answer.code}`);
  }

  /** Ends its connections. */
  close(): Promise<void> {
    return this.#client.close();
  }

  #read(contentType: string | undefined, body: Uint8Array): ReadPapEntities {
    if (body.length === 0) throw protocolError(this.peer, 'the answer is empty');
    try {
      return readPapEntities(contentType, body, { unknown: 'ignore' });
    } catch (error) {
      if (error instanceof DecodeError) throw protocolError(this.peer, error.message, error);
      throw error;
    }
  }
}

/** Warnings about one gateway, at most. */
const maxWarnings = 100;

/** Without what is there but `undefined`, so that it does not hide a default. */
function definedOf<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

/** An answer, and the entity beside it. */
export interface Answer<Element extends PapMessage['element']> {
  readonly message: Extract<PapMessage, { readonly element: Element }>;
  readonly content?: MimePart;
}
