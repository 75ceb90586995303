// Tells push initiators what became of their pushes: result notifications (PAP 2.0).

import {
  type PapVersion,
  type ResultNotificationMessage,
  readPapEntities,
  writePapEntities,
} from '../../codec/pap/index.ts';
import { DecodeError, ValueError } from '../../core/index.ts';
import {
  HttpClient,
  type HttpClientOptions,
  type HttpCredentials,
  peerOf,
  statusPushError,
} from '../http/index.ts';
import { InFlight } from '../index.ts';
import { documentOf } from './http-form.ts';
import { codePushError, protocolError } from './push-error.ts';

/** What became of a push to one address. */
export type ResultNotification = Omit<ResultNotificationMessage, 'element'>;

/** Whom to tell. */
export interface NotificationTarget {
  /** The `notifyTo` of the submission. */
  readonly url: string;
  /** Proved when the initiator asks. Default none. */
  readonly credentials?: HttpCredentials | undefined;
  /** Version of PAP that it understands. Default `2.0`. */
  readonly version?: PapVersion | undefined;
}

/** Sends result notifications. */
export class PapNotifier {
  readonly #client: HttpClient;
  readonly #inFlight = new InFlight('pap notifier');

  /** @throws {ValueError} for a setting */
  constructor(options: HttpClientOptions = {}) {
    this.#client = new HttpClient(options);
  }

  /**
   * Sends a result notification; resolves when the initiator has taken it. One that answers 2xx without a body has.
   * @throws {ValueError} for a URL or a value that cannot be used
   * @throws {PushError} when it has not; `retryable` says whether to tell it again later
   */
  notify(to: NotificationTarget, notification: ResultNotification, signal: AbortSignal): Promise<void> {
    return this.#inFlight.run(() => this.#notify(to, notification, signal));
  }

  /** Waits for what is under way, and ends the connections. */
  async close(): Promise<void> {
    await this.#inFlight.close();
    await this.#client.close();
  }

  async #notify(
    { url: text, credentials, version }: NotificationTarget,
    notification: ResultNotification,
    signal: AbortSignal,
  ): Promise<void> {
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
      throw new ValueError('BAD_FORMAT', 'is not an http: or https: URL', 'url');
    }
    const url = new URL(text);
    const peer = peerOf(url);
    const document = documentOf({ element: 'resultnotification-message', ...notification });
    const { contentType, body } = writePapEntities({ document }, version);
    const headers = { 'Content-Type': contentType };
    const response = await this.#client.exchange({ method: 'POST', url, credentials, headers, body }, signal);
    if (response.status < 200 || response.status > 299) throw statusPushError(response, peer);
    if (response.body.length === 0) return;
    const answer = readAnswer(response.header('content-type'), response.body, peer);
    const error = codePushError(answer.code, answer.desc, peer);
    if (error !== undefined) throw error;
  }
}

function readAnswer(
  contentType: string | undefined,
  body: Uint8Array,
  peer: string,
): { readonly code: number; readonly desc?: string } {
  try {
    const { message } = readPapEntities(contentType, body, { unknown: 'ignore' }).document;
    if (message.element === 'resultnotification-response' || message.element === 'badmessage-response') {
      return message;
    }
    throw protocolError(peer, `${message.element} instead of resultnotification-response`);
  } catch (error) {
    if (error instanceof DecodeError) throw protocolError(peer, error.message, error);
    throw error;
  }
}
