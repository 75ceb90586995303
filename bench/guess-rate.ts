// How many secrets one core can try against one captured message: the figures of docs/threat-model.md. What is captured
// is all that a guess needs; the parts that do not depend on the secret are computed once, as an attacker would.
import { hash, randomBytes } from 'node:crypto';
import { encodeNotification } from '../src/codec/notification/index.ts';
import {
  encodeHandshake,
  keyBlockOf,
  masterSecretOf,
  RecordProtection,
  recordHeaderOctets,
  recordIvOf,
  recordTypes,
  type SessionSecrets,
  tripleDesSuite,
  verifyDataOctets,
} from '../src/codec/wtls/index.ts';
import { nodeWtlsCrypto } from '../src/push/waps/index.ts';

const roundMs = 500;
const rounds = 5;

interface Target {
  readonly name: string;
  /** Tries one secret; true when it is the right one. */
  readonly tries: (secret: string) => boolean;
}

const right = 'zzzzzz';

/** dm1.2 and dm1.3-2010: two MD5 a guess; nonce and trigger are known, as after a resynchronisation. */
function md5Target(): Target {
  const octets = encodeNotification(
    { format: 'dm1.2', serverId: 'com.example.dm', sessionId: 0x1234 },
    { secret: right },
  );
  const digest = Buffer.from(octets.subarray(0, 16)).toString('hex');
  const trigger = hash('md5', octets.subarray(16), 'base64');
  const tail = Buffer.concat([Buffer.from(':'), Buffer.alloc(4), Buffer.from(`:${trigger}`)]);
  const tries = (secret: string): boolean => {
    const credential = hash('md5', `com.example.dm:${secret}`, 'base64');
    return hash('md5', Buffer.concat([Buffer.from(credential), tail]), 'hex') === digest;
  };
  return { name: 'dm1.2 Package #0 (MD5)', tries };
}

/** dm1.3: one SHA-256 a guess. */
function sha256Target(): Target {
  const octets = encodeNotification(
    {
      format: 'dm1.3',
      serverId: 'com.example.dm',
      sessionId: 0x1234,
      timestamp: 1_700_000_000,
      requestedMo: [0],
    },
    { secret: right },
  );
  const digest = Buffer.from(octets.subarray(-32)).toString('hex');
  const tail = Buffer.concat([
    Buffer.from(':'),
    octets.subarray(0, 12),
    Buffer.from(':'),
    octets.subarray(12, -32),
  ]);
  const tries = (secret: string): boolean =>
    hash('sha256', Buffer.concat([Buffer.from(secret), tail]), 'hex') === digest;
  return { name: 'dm1.3 Package #0 (SHA-256)', tries };
}

/**
 * The abbreviated flow of WTLS: whoever is at the device's address gets the server's Finished. Two HMAC-SHA-1 for the master
 * secret, six for the keys, one block of triple DES; a Finished begins with its type and its length.
 */
function wtlsTarget(): Target {
  const crypto = nodeWtlsCrypto;
  const [clientRandom, serverRandom] = [randomBytes(16), randomBytes(16)];
  const keysFrom = (secret: string): SessionSecrets => {
    const masterSecret = masterSecretOf(crypto, Buffer.from(secret), clientRandom, serverRandom);
    return { masterSecret, clientRandom, serverRandom, suite: tripleDesSuite };
  };
  const message = encodeHandshake({ type: 'finished', verifyData: new Uint8Array(verifyDataOctets) });
  const protection = new RecordProtection(crypto, keysFrom(right), 'server', 4);
  const firstBlock = protection
    .seal(recordTypes.handshake, 0, message)
    .subarray(recordHeaderOctets)
    .subarray(0, 8);
  const tries = (secret: string): boolean => {
    const { key, iv } = keyBlockOf(crypto, keysFrom(secret), 'server', 0);
    const plain = crypto.decryptTripleDes(key, recordIvOf(iv, 0), firstBlock);
    return plain[0] === message[0] && plain[1] === message[1] && plain[2] === message[2];
  };
  return { name: 'WTLS Finished (HMAC-SHA-1, triple DES)', tries };
}

function measure({ name, tries }: Target): void {
  if (!tries(right) || tries('wrong!'))
    throw new Error(`${name}: the guess is not computed as the digest is`);
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const end = performance.now() + roundMs;
    let count = 0;
    for (; performance.now() < end; count += 100) {
      for (let i = 0; i < 100; i += 1) tries(`guess${count + i}`);
    }
    // The first round warms up.
    if (round > 0) rates.push((count * 1000) / roundMs);
  }
  rates.sort((a, b) => a - b);
  const median = rates[rounds >> 1] ?? 0;
  const spread = ((rates.at(-1) ?? 0) - (rates[0] ?? 0)) / median;
  console.log(
    JSON.stringify({ what: name, guessesPerSecond: Math.round(median), spread: Number(spread.toFixed(2)) }),
  );
}

for (const target of [md5Target(), sha256Target(), wtlsTarget()]) measure(target);
