// One round of signing or opening one pushed message, as one process: `sign.ts SPEC`, a `SignSpec` as JSON; prints a
// `SignCount` on its last line.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readMessage } from '../../src/codec/syncml/index.ts';
import { openMessage, PrivateKey, PublicKey, SharedKey, sealMessage } from '../../src/security/index.ts';
import type { SignFiles } from '../lib/xmlsec.ts';

/** What is measured. */
export interface SignSpec {
  /** `sign`: a typed message to signed WBXML; `verify`: that to a typed message. */
  readonly work: 'sign' | 'verify';
  readonly method: 'hmac' | 'rsa';
  readonly files: SignFiles;
  /** How long to measure, in milliseconds of processor time. */
  readonly ms: number;
}

/** What came of it. */
export interface SignCount {
  readonly perSecond: number;
}

const { work, method, files, ms } = JSON.parse(process.argv[2] ?? '') as SignSpec;
const message = readMessage(readFileSync(files.message), 'xml');
const [signing, verifying] = method === 'rsa' ? rsaKeys() : sharedKeys();
const { octets } = sealMessage(message, signing);

function rsaKeys() {
  const key = createPrivateKey(readFileSync(files.rsa));
  return [new PrivateKey(key), new PublicKey(createPublicKey(key))] as const;
}

function sharedKeys() {
  const key = new SharedKey(readFileSync(files.secret));
  return [key, key] as const;
}

const does = {
  sign: () => void sealMessage(message, signing),
  verify: () => {
    const { verdict } = openMessage(octets, () => [verifying]);
    if (verdict !== 'accepted') throw new Error(verdict);
  },
}[work];

/** Times in a row that are measured at once. */
const row = 200;
// The engine compiles what it runs for a while, and that counts as processor time too.
for (let at = 0; at < 100 * row; at += 1) does();
let times = 0;
let spentMs = 0;
while (spentMs < ms) {
  const begin = process.cpuUsage();
  for (let at = 0; at < row; at += 1) does();
  const { user, system } = process.cpuUsage(begin);
  spentMs += (user + system) / 1000;
  times += row;
}
const count: SignCount = { perSecond: (times / spentMs) * 1000 };
console.log(JSON.stringify(count));
