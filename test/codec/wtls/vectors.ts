// test/vectors/wtls.json as values.
import { type SessionSecrets, tripleDesSuite } from '../../../src/codec/wtls/index.ts';
import { hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import raw from '../../vectors/wtls.json' with { type: 'json' };

const records = raw.records;

export const vectors = {
  ...raw,
  clientRandom: hexToBytes(raw.clientRandom),
  serverRandom: hexToBytes(raw.serverRandom),
  secret: hexToBytes(raw.secret),
  identity: utf8ToBytes(raw.identity),
  sessionId: hexToBytes(raw.sessionId),
  masterSecret: hexToBytes(raw.masterSecret),
  push: hexToBytes(raw.push),
  /** Every record of the handshake by its name. */
  records: Object.entries(records).map(([name, hex]) => ({ name, bytes: hexToBytes(hex) })),
};

/** The octets of a record. */
export function recordBytes(name: keyof typeof records): Uint8Array {
  return hexToBytes(records[name]);
}

/** What the handshake of the vectors agrees on. */
export const secrets: SessionSecrets = {
  masterSecret: vectors.masterSecret,
  clientRandom: vectors.clientRandom,
  serverRandom: vectors.serverRandom,
  suite: tripleDesSuite,
};
