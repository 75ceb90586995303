// Requests and answers of PAP as plain data, for whoever serves or makes the connections.
import {
  type PapDocument,
  type PapMessage,
  type PapVersion,
  writePapEntities,
} from '../../codec/pap/index.ts';
import { utf8ToBytes } from '../../core/index.ts';

/** A request that came over HTTP, whole. */
export interface PapHttpRequest {
  readonly method: string;
  /** Request target as on the wire, such as `/pap`. */
  readonly target: string;
  readonly contentType: string | undefined;
  /** Value of Authorization. */
  readonly authorization: string | undefined;
  readonly body: Uint8Array;
  readonly tls: boolean;
  /** IP address of the peer. */
  readonly peer: string;
}

/** What it is answered. */
export interface PapHttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  /** True when the request proved who sent it: its connection may stay. Default false. */
  readonly proved?: boolean;
}

/** Program name in the documents that we write. */
export const productName = 'Reveille';

/** A document of ours around a message. */
export function documentOf(message: PapMessage): PapDocument {
  return { message, productName };
}

/** An answer in PAP. It is 202 whatever it says (PAP §14.4.1), unless the peer is to send the request again. */
export function papResponse(message: PapMessage, version?: PapVersion, status = 202): PapHttpResponse {
  const { contentType, body } = writePapEntities({ document: documentOf(message) }, version);
  return { status, headers: { 'Content-Type': contentType }, body };
}

/** An answer that is not PAP. */
export function plainResponse(
  status: number,
  text: string,
  headers: PapHttpResponse['headers'] = {},
): PapHttpResponse {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
    body: utf8ToBytes(`${text}\n`),
  };
}
