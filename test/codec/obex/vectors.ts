// The vectors of test/vectors/obex.json as values.
import type { ObexHeader } from '../../../src/codec/obex/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import raw from '../../vectors/obex.json' with { type: 'json' };

interface RawHeader {
  readonly id: number;
  readonly octets?: string;
  readonly text?: string;
  readonly number?: number;
}

export const vectors = {
  ...raw,
  requests: raw.requests.map(({ name, hex, request }) => ({
    name,
    bytes: hexToBytes(hex),
    request: { ...request, headers: request.headers.map(header) },
  })),
  responses: raw.responses.map(({ name, hex, toConnect, response }) => ({
    name,
    toConnect,
    bytes: hexToBytes(hex),
    response: { ...response, headers: response.headers.map(header) },
  })),
};

/** Octets of the request of this name. */
export function requestBytes(name: string): Uint8Array {
  const found = vectors.requests.find((vector) => vector.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found.bytes;
}

/** Octets of the response of this name. */
export function responseBytes(name: string): Uint8Array {
  const found = vectors.responses.find((vector) => vector.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found.bytes;
}

function header({ id, octets, text, number }: RawHeader): ObexHeader {
  return { id, value: octets === undefined ? (text ?? number ?? 0) : hexToBytes(octets) };
}
