// The PDUs of test/vectors/smpp.json as values, and PDUs in a form that deepEqual compares as JSON does.
import type { SmppPdu } from '../../../src/codec/smpp/index.ts';
import { bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import raw from '../../vectors/smpp.json' with { type: 'json' };

export const vectors = raw.pdus.map(({ name, hex, pdu }) => ({
  name,
  hex,
  bytes: hexToBytes(hex),
  plain: pdu as unknown,
  pdu: revived(pdu) as SmppPdu,
}));

/** Octets as hex, everything else as it is. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function revived(value: object): unknown {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      if (typeof inner === 'string' && raw.octetFields.includes(name)) return [name, hexToBytes(inner)];
      return [name, typeof inner === 'object' && inner !== null ? revived(inner) : inner];
    }),
  );
}
