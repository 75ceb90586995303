// One round of composing or checking Package #0, or of the hashes alone that it needs, as one process: `package0.ts SPEC`, a
// `Package0Spec` as JSON; prints a `Package0Count` on its last line.
import { hash, randomBytes } from 'node:crypto';
import {
  decodeNotification,
  encodeNotification,
  md5CredentialHash,
  type NotificationInput,
  verifyNotification,
} from '../../src/codec/notification/index.ts';

/** What is measured. */
export interface Package0Spec {
  readonly format: 'dm1.2' | 'dm1.3-2010' | 'dm1.3';
  /** `hash`: the platform's hashes of the same octets, and nothing else. */
  readonly work: 'compose' | 'verify' | 'hash';
  /** How long to measure, in milliseconds of processor time. */
  readonly ms: number;
}

/** What came of it. */
export interface Package0Count {
  readonly perSecond: number;
}

const { format, work, ms } = JSON.parse(process.argv[2] ?? '') as Package0Spec;
const serverId = 'com.mgmtsrv.manage';
const secret = 'bench-secret-16b';
const nonce = randomBytes(16);
const credentialHash = md5CredentialHash(serverId, secret);
const key = { secret, nonce, credentialHash };
const messages = Array.from({ length: 1024 }, (_, at) => message(at + 1));
const octets = messages.map((each) => encodeNotification(each, key));

function message(sessionId: number): NotificationInput {
  if (format === 'dm1.2') return { format, serverId, sessionId };
  if (format === 'dm1.3-2010') return { format, serverId, sessionId, uiMode: 'background' };
  return { format, serverId, sessionId, timestamp: 1_700_000_000 + sessionId, requestedMo: [1] };
}

/** One after the other, over and over. */
function each<Item>(items: readonly Item[], does: (item: Item) => void): (at: number) => void {
  return (at) => {
    const item = items[at & 1023];
    if (item !== undefined) does(item);
  };
}

const does = {
  compose: () => each(messages, (one) => void encodeNotification(one, key)),
  verify: () =>
    each(octets, (one) => {
      if (verifyNotification(decodeNotification(one), key) !== 'given')
        throw new Error('the digest does not hold');
    }),
  hash: () =>
    format === 'dm1.3'
      ? each(
          octets.map((one) => Buffer.concat([Buffer.from(`${secret}::`), one.subarray(0, one.length - 32)])),
          (one) => void hash('sha256', one, 'buffer'),
        )
      : each(
          octets.map((one) => {
            const trigger = Buffer.from(one.subarray(16));
            const inner = hash('md5', trigger, 'base64');
            return {
              trigger,
              outer: Buffer.concat([Buffer.from(`${credentialHash}:`), nonce, Buffer.from(`:${inner}`)]),
            };
          }),
          ({ trigger, outer }) => {
            hash('md5', trigger, 'base64');
            hash('md5', outer, 'buffer');
          },
        ),
}[work]();

/** Times in a row that are measured at once. */
const row = 20_000;
for (let at = 0; at < 10 * row; at += 1) does(at);
let times = 0;
let spentMs = 0;
while (spentMs < ms) {
  const begin = process.cpuUsage();
  for (let at = 0; at < row; at += 1) does(at);
  const { user, system } = process.cpuUsage(begin);
  spentMs += (user + system) / 1000;
  times += row;
}
const count: Package0Count = { perSecond: (times / spentMs) * 1000 };
console.log(JSON.stringify(count));
