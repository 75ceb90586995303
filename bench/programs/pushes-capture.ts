// Makes a capture of pushes: `node pushes-capture.ts SPEC`, SPEC being a `CaptureSpec` as JSON. Prints a `MadeCapture`. Package
// #0 in its three formats by turns, over UDP and IPv4 in Ethernet, 250 octets of the file each.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { NotificationInput } from '../../src/codec/notification/index.ts';
import { contentTypeOf, encodeNotification } from '../../src/codec/notification/index.ts';
import { encodePush } from '../../src/codec/wsp/index.ts';

/** What is to be made. */
export interface CaptureSpec {
  readonly file: string;
  readonly pushes: number;
}

/** What was made. */
export interface MadeCapture {
  readonly pushes: number;
  readonly octets: number;
}

const perPush = 250;
const heads = { record: 16, ethernet: 14, ip: 20, udp: 8 } as const;
const headOctets = heads.record + heads.ethernet + heads.ip + heads.udp;

/** The message with this number; `fill` is what its last field is filled with, so that all have one length. */
function messageOf(index: number, fill: number): NotificationInput {
  const serverId = `com.example.dm${index % 1000}`;
  const sessionId = (index % 65_535) + 1;
  const initiator = index % 2 === 0 ? 'server' : 'user';
  if (index % 3 === 0)
    return { format: 'dm1.2', serverId, sessionId, initiator, vendorData: '5a'.repeat(fill) };
  if (index % 3 === 1) {
    const more = { sendDevDetail: true, timeoutDays: 3, vendorData: 'a5'.repeat(fill) };
    return { format: 'dm1.3-2010', serverId, sessionId, initiator, ...more };
  }
  const more = { timestamp: 1_700_000_000 + index, requestedMo: [1], vendorInfo: 'v'.repeat(fill) };
  return { format: 'dm1.3', serverId, sessionId, initiator, ...more };
}

function pushOf(index: number, fill: number): Uint8Array {
  const message = messageOf(index, fill);
  const nonce = Uint8Array.of(index >> 16, index >> 8, index, 1);
  const body = encodeNotification(message, { secret: 'a secret of the bench', nonce });
  const { code } = contentTypeOf(message.format);
  return encodePush({ transactionId: index & 255, contentType: { code }, body });
}

/** A push of just the length that is wanted. */
function filledPush(index: number): Uint8Array {
  const wanted = perPush - headOctets;
  // Lengths before the filling grow with it: a second try is enough, and a third for their steps.
  let fill = 100;
  for (let tries = 0; tries < 4; tries += 1) {
    const push = pushOf(index, fill);
    if (push.length === wanted) return push;
    fill += wanted - push.length;
  }
  throw new RangeError(`push ${index} cannot be made ${wanted} octets long`);
}

function writePacket(view: DataView, at: number, index: number, push: Uint8Array): void {
  const length = perPush - heads.record;
  view.setUint32(at, 1_700_000_000 + Math.floor(index / 1000), true);
  view.setUint32(at + 4, (index % 1000) * 1000, true);
  view.setUint32(at + 8, length, true);
  view.setUint32(at + 12, length, true);
  const ethernet = at + heads.record;
  for (let i = 0; i < 12; i += 1) view.setUint8(ethernet + i, i === 0 || i === 6 ? 2 : i);
  view.setUint16(ethernet + 12, 0x0800);
  const ip = ethernet + heads.ethernet;
  view.setUint16(ip, 0x4500);
  view.setUint16(ip + 2, length - heads.ethernet);
  view.setUint16(ip + 4, index & 0xffff);
  view.setUint16(ip + 8, 0x4011);
  view.setUint32(ip + 12, 0xc0000201);
  view.setUint32(ip + 16, 0xc6336400 + (index & 255));
  let sum = 0;
  for (let i = 0; i < heads.ip; i += 2) sum += view.getUint16(ip + i);
  view.setUint16(ip + 10, 0xffff - ((sum & 0xffff) + (sum >>> 16)));
  const udp = ip + heads.ip;
  view.setUint16(udp, 49_152 + (index % 1000));
  view.setUint16(udp + 2, 2948);
  view.setUint16(udp + 4, push.length + heads.udp);
  new Uint8Array(view.buffer).set(push, udp + heads.udp);
}

function make({ file, pushes }: CaptureSpec): MadeCapture {
  const out = openSync(file, 'w');
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, 262_144, true);
  header.setUint32(20, 1, true);
  writeSync(out, header);
  const atOnce = 1000;
  for (let from = 0; from < pushes; from += atOnce) {
    const count = Math.min(atOnce, pushes - from);
    const view = new DataView(new ArrayBuffer(count * perPush));
    for (let i = 0; i < count; i += 1) writePacket(view, i * perPush, from + i, filledPush(from + i));
    writeSync(out, view);
  }
  closeSync(out);
  return { pushes, octets: 24 + pushes * perPush };
}

console.log(JSON.stringify(make(JSON.parse(process.argv[2] ?? '{}') as CaptureSpec)));
