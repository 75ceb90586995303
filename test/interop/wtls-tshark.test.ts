// Our secure pushes as Wireshark sees them on port 2949: handshakes, alerts and protected records, all well formed.
// Everything is sent before anything is asked for, because a live capture shows packets only about every second.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { alertDescriptions } from '../../src/codec/wtls/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import {
  createWapsSender,
  WapsListener,
  type WapsListenerOptions,
  type WapsSenderOptions,
  wapsPushPort,
} from '../../src/push/waps/index.ts';
import { type Capture, capture, type PacketFields } from './tshark.ts';

const fields = [
  'frame.protocols',
  'udp.srcport',
  'udp.dstport',
  'wtls.rec_type',
  'wtls.rec_length',
  'wtls.rec_seq',
  'wtls.rec_cipher',
  'wtls.handshake.type',
  'wtls.handshake.length',
  'wtls.handshake.client_hello.version',
  'wtls.handshake.client_hello.key.key_exchange.suite',
  'wtls.handshake.client_hello.ident_type',
  'wtls.handshake.client_hello.ident_size',
  'wtls.handshake.client_hello.cipher',
  'wtls.handshake.client_hello.compression',
  'wtls.handshake.client_hello.sequence_mode',
  'wtls.handshake.client_hello.refresh',
  'wtls.handshake.server_hello.version',
  'wtls.handshake.server_hello.key',
  'wtls.handshake.server_hello.cipher.bulk',
  'wtls.handshake.server_hello.cipher.mac',
  'wtls.handshake.server_hello.compression',
  'wtls.handshake.server_hello.sequence_mode',
  'wtls.handshake.server_hello.refresh',
  'wtls.alert.level',
  'wtls.alert.description',
  '_ws.malformed',
];

/** An address of loopback that nobody else is likely to use at the same time. */
const host = `127.29.${randomInt(1, 255)}.${randomInt(1, 255)}`;
const secret = { identity: 'dev1', secret: randomBytes(24).toString('base64') };
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const packets: PacketFields[] = [];
let tshark: Capture | undefined;

before(async () => {
  tshark = await capture(`udp port ${wapsPushPort} and host ${host}`, fields);
  await exchange({ secrets: [secret] }, { secrets: () => [secret] }, 17);
  await exchange({ secrets: [secret] }, { secrets: () => [secret], flow: 'full' }, 1);
  await exchange({ secrets: [], anonymous: true }, { secrets: () => [], rsaKey: privateKey }, 1);
  await exchange({ secrets: [{ ...secret, identity: 'dev2' }] }, { secrets: () => [secret] }, 0);
});
after(() => tshark?.stop());

/** Pushes to a device of ours on port 2949, one after the other, until both ends have ended what they began. */
async function exchange(
  device: Pick<WapsListenerOptions, 'secrets' | 'anonymous'>,
  options: WapsSenderOptions,
  pushes: number,
): Promise<void> {
  let heard: () => void = () => undefined;
  const notices: string[] = [];
  const listener = new WapsListener({
    ...device,
    address: host,
    handler: () => heard(),
    onNotice: ({ what }) => {
      notices.push(what);
      heard();
    },
  });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  await listener.start();
  const sender = createWapsSender(options);
  const push = { id: 'p', contentType: contentTypes['dm+wbxml'], body: Uint8Array.of(3, 0xa4, 1, 0x6a, 0) };
  const signal = AbortSignal.timeout(10_000);
  for (let i = 0; i < pushes; i += 1) {
    await sender.send(push, { host }, signal);
    await until(() => listener.counters().accepted > i);
  }
  if (pushes === 0) await assert.rejects(sender.send(push, { host }, signal));
  await sender.close();
  await until(() => notices.includes(pushes === 0 ? 'failed' : 'closed'));
  await listener.close();
}

/** Packet number `index` of the capture. */
async function packet(index: number): Promise<PacketFields> {
  while (packets.length <= index) {
    assert.ok(tshark !== undefined);
    packets.push(await tshark.next());
  }
  const found = packets[index];
  assert.ok(found !== undefined);
  assert.match(found['frame.protocols']?.[0] ?? '', /:ip:udp:wtls/);
  assert.deepEqual(found['_ws.malformed'], []);
  return found;
}

/** Asserts fields by the ends of their names. */
function assertFields(
  of: PacketFields,
  prefix: string,
  wanted: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [name, values] of Object.entries(wanted)) {
    assert.deepEqual(of[`${prefix}.${name}`], values, name);
  }
}

const protectedRecord = { handshake: '40', push: '32' } as const;

test('PB-S-003 DM-PUSH §5.1.2: tshark dissects our HelloRequest to port 2949', async () => {
  const first = await packet(0);
  assert.deepEqual(first['udp.dstport'], [String(wapsPushPort)]);
  assertFields(first, 'wtls', {
    rec_type: ['3'],
    rec_length: ['3'],
    rec_seq: ['0'],
    rec_cipher: [],
    'handshake.type': ['0'],
    'handshake.length': ['0'],
  });
});

test('PB-C-003 DM-PUSH §5.1.2: tshark dissects the ClientHello with which our device answers from port 2949', async () => {
  const hello = await packet(1);
  assert.deepEqual(hello['udp.srcport'], [String(wapsPushPort)]);
  assertFields(hello, 'wtls', { rec_type: ['3'], rec_seq: ['0'], 'handshake.type': ['1'] });
  assertFields(hello, 'wtls.handshake.client_hello', {
    version: ['1'],
    'key.key_exchange.suite': ['1'],
    ident_type: ['2'],
    ident_size: ['4'],
    compression: ['0x00'],
    sequence_mode: ['2'],
    refresh: ['4'],
  });
  assert.match(hello['wtls.handshake.client_hello.cipher']?.[0] ?? '', /^3DES CBC .*, SHA$/);
});

const serverHello = {
  version: ['1'],
  key: ['0x01'],
  'cipher.bulk': ['6'],
  'cipher.mac': ['3'],
  compression: ['0x00'],
  sequence_mode: ['2'],
  refresh: ['4'],
};

test('PB-S-003 DM-PUSH §5.1.2: tshark dissects the abbreviated flow: ServerHello, change_cipher_spec and the protected Finished in one datagram', async () => {
  const flight = await packet(2);
  assertFields(flight, 'wtls', {
    rec_type: ['3', '1', '3'],
    rec_seq: ['1', '2', '0'],
    rec_length: ['27', '1', protectedRecord.handshake],
    rec_cipher: ['1'],
    'handshake.type': ['2'],
  });
  assertFields(flight, 'wtls.handshake.server_hello', serverHello);
});

test("PB-C-003 DM-PUSH §5.1.2: tshark dissects the terminal's answer to it", async () => {
  assertFields(await packet(3), 'wtls', {
    rec_type: ['1', '3'],
    rec_length: ['1', protectedRecord.handshake],
    rec_seq: ['1', '0'],
    rec_cipher: ['1'],
    'handshake.type': [],
  });
});

test('PB-S-003 DM-PUSH §5.1.2: tshark dissects the full flow: ServerHello and ServerHelloDone', async () => {
  const hello = await packet(24);
  assertFields(hello, 'wtls', {
    rec_type: ['3', '3'],
    rec_seq: ['1', '2'],
    rec_length: ['27', '3'],
    'handshake.type': ['2', '14'],
  });
  assertFields(hello, 'wtls.handshake.server_hello', serverHello);
});

test('PB-C-003 PB-S-003 DM-PUSH §5.1.2: tshark dissects change_cipher_spec and the protected Finished of both ends in the full flow', async () => {
  for (const [index, sequenceNumber] of [
    [25, '1'],
    [26, '3'],
  ] as const) {
    assertFields(await packet(index), 'wtls', {
      rec_type: ['1', '3'],
      rec_length: ['1', protectedRecord.handshake],
      rec_seq: [sequenceNumber, '0'],
      rec_cipher: ['1'],
      'handshake.type': [],
    });
  }
});

test('PB-S-003 DM-PUSH §5.1.2: tshark dissects 17 pushes, over a renewal of the keys, as protected records in one session', async () => {
  for (let i = 0; i < 17; i += 1) {
    const push = await packet(4 + i);
    assert.deepEqual(push['udp.dstport'], [String(wapsPushPort)]);
    assertFields(push, 'wtls', {
      rec_type: ['4'],
      rec_length: [protectedRecord.push],
      rec_seq: [String(1 + i)],
      rec_cipher: ['1'],
    });
  }
});

test('WTLS §10.2.1: tshark dissects the alert with which our sender closes the session', async () => {
  assertFields(await packet(21), 'wtls', { rec_type: ['2'], rec_seq: ['18'], rec_cipher: ['1'] });
});

test('profile 9: tshark dissects the RSA_anon handshake, keys exchanged, and the push after it', async () => {
  assertFields(await packet(30), 'wtls.handshake.client_hello', {
    'key.key_exchange.suite': ['5'],
    ident_type: ['0'],
    cipher: ['3DES CBC cwEDE40, SHA', 'DES CBC, SHA'],
  });
  assertFields(await packet(31), 'wtls', {
    rec_type: ['3', '3', '3'],
    rec_length: ['27', '139', '3'],
    rec_seq: ['1', '2', '3'],
    'handshake.type': ['2', '12', '14'],
  });
  assertFields(await packet(32), 'wtls', {
    rec_type: ['3', '1', '3'],
    rec_length: ['133', '1', protectedRecord.handshake],
    rec_seq: ['1', '2', '0'],
    'handshake.type': ['16'],
  });
  assertFields(await packet(33), 'wtls', { rec_type: ['1', '3'], rec_seq: ['4', '0'] });
  assertFields(await packet(34), 'wtls', { rec_type: ['4'], rec_seq: ['1'], rec_cipher: ['1'] });
});

test('WTLS §10.2.2: tshark dissects the alert about an identity that we do not know', async () => {
  assertFields(await packet(38), 'wtls', {
    rec_type: ['2'],
    rec_length: ['6'],
    rec_seq: ['1'],
    rec_cipher: [],
    'alert.level': ['3'],
    'alert.description': [String(alertDescriptions.unknown_key_id)],
  });
});
