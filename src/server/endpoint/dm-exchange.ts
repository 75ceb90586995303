// One exchange of the DM HTTP binding as data (DM-HTTP-1.2): request in, response out, no sockets.
import { type MessageForm, messageContentType, writeMessage } from '../../codec/syncml/index.ts';
import { utf8ToBytes } from '../../core/index.ts';
import type { Outgoing } from '../../session/index.ts';
import type { DropReason } from '../metrics/session-metrics.ts';

/** A request to the DM endpoint. */
export interface DmRequest {
  readonly method: string;
  /** Value of Content-Type. */
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  /** Value of `x-syncml-hmac`. */
  readonly hmac?: string;
  /** Session token of the address, as the endpoint put it into RespURI. */
  readonly token?: string;
  /** SHA-256 of the client certificate that TLS verified, 64 lower-case hex digits; absent without one. */
  readonly certificate?: string;
  /** Address of the other end, for counting failures and for the log. */
  readonly peer: string;
}

/** Its response. */
export interface DmResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Why nothing came of the request, where its status does not say it; for counts. */
  readonly reason?: DropReason;
}

/** A response that is no DM message: one line of text for whoever reads the device's log. */
export function refusal(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
  reason?: DropReason,
): DmResponse {
  return {
    ...(reason !== undefined && { reason }),
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: utf8ToBytes(`${text}\n`),
  };
}

/** The response that carries a message: in the type that came, as far as that fits the encoding. */
export function answerOf(
  { message, hmac }: Outgoing,
  form: MessageForm,
  asked: string | undefined,
): DmResponse {
  const body = writeMessage(message, form);
  return {
    status: 200,
    headers: {
      'content-type': messageContentType(form, asked),
      'cache-control': 'no-store, private',
      ...(hmac !== undefined && { 'x-syncml-hmac': hmac(body) }),
    },
    body,
  };
}
