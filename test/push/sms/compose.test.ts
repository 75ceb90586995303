import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePdu, type PduOf } from '../../../src/codec/smpp/index.ts';
import { decodeUserData } from '../../../src/codec/sms/index.ts';
import { bytesToHex, concatBytes, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { composeSettings, type SmsSenderOptions } from '../../../src/push/sms/sender-options.ts';
import { Composer } from '../../../src/push/sms/submit/compose.ts';
import { pushOf } from './support.ts';

const to = { ton: 1, npi: 1, address: '447700900123' };
const now = Date.UTC(2026, 10, 29, 12);

function composer(options: Partial<SmsSenderOptions> = {}): Composer {
  return new Composer(composeSettings({ smscs: [], ...options }));
}

function compose(options: Partial<SmsSenderOptions>, push = pushOf(3, 'dm1.2'), reference = 0x2a) {
  return composer(options)
    .compose(push, to, () => reference, now)
    .map((pdu) => decodePdu(pdu) as PduOf<'submit_sm'>);
}

test('DM-NOTI-1.3-2010 appendix C: the example as one short message of 68 octets', () => {
  const body = hexToBytes(
    '00112233445566778899aabbccddeeff03 12d10000123412636f6d2e6d676d747372762e6d616e616765000b5570646174652046554d4f',
  );
  const [message, ...more] = compose({}, { id: 'c', contentType: contentTypes['dm1.3-2010'], body });
  assert.equal(more.length, 0);
  assert.equal(
    bytesToHex(message?.shortMessage ?? new Uint8Array()),
    `0605040b84c002010603c4af87${bytesToHex(body)}`,
  );
  assert.equal(message?.shortMessage.length, 68);
  const { esmClass, dataCoding, protocolId, registeredDelivery, sourceAddress } = message ?? {};
  assert.deepEqual(
    [esmClass, dataCoding, protocolId, registeredDelivery, sourceAddress],
    [0x40, 0xf5, 0, 0, ''],
  );
});

const codes: readonly (readonly [string, keyof typeof contentTypes, string])[] = [
  ['DM-NOTI-1.2 §7.1', 'dm1.2', 'c4'],
  ['N10-S-005 DM-NOTI-1.3-2010 §7.1', 'dm1.3-2010', 'c4'],
  ['N13-S-012 DM-NOTI-1.3 §7.1', 'dm1.3', 'd8'],
  ['PB-S-002 DM-PUSH §5.1.1', 'dm+wbxml', 'c2'],
  ['PB-S-002 DM-PUSH §5.1.1', 'dm+xml', 'c3'],
];
for (const [rule, type, code] of codes) {
  test(`${rule}: ${type} goes to port 2948 with its content type and application id as codes`, () => {
    const [message] = compose({}, pushOf(2, type));
    assert.equal(
      bytesToHex(message?.shortMessage ?? new Uint8Array()),
      `0605040b84c002010603${code}af870007`,
    );
  });
}

test('SMPP 3.4 §4.4.1: fields by option', () => {
  const [message] = compose({
    source: { address: 'DM' },
    serviceType: 'WAP',
    priority: 2,
    storeAndForward: true,
    dataCoding: 4,
    validitySeconds: 3600,
    receipts: 'failures',
    destinationPort: 2949,
    sourcePort: 9200,
  });
  const { sourceTon, sourceNpi, sourceAddress, serviceType, priorityFlag, esmClass, dataCoding } =
    message ?? {};
  assert.deepEqual(
    [sourceTon, sourceNpi, sourceAddress, serviceType, priorityFlag, esmClass, dataCoding],
    [5, 0, 'DM', 'WAP', 2, 0x43, 4],
  );
  assert.deepEqual([message?.validityPeriod, message?.registeredDelivery], ['000000010000000R', 2]);
  const { header } = decodeUserData(message?.shortMessage ?? new Uint8Array());
  assert.deepEqual(header.ports, { destination: 2949, source: 9200, bits: 16 });
  assert.equal(compose({ onReceipt: () => {} })[0]?.registeredDelivery, 1);
  assert.equal(compose({ onReceipt: () => {}, receipts: 'none' })[0]?.registeredDelivery, 0);
});

test('3GPP TS 23.040 §9.2.3.24: 127 octets of Package #0 fit one message, 128 take two', () => {
  const one = compose({}, pushOf(127, 'dm1.2'));
  assert.deepEqual(
    one.map(({ shortMessage }) => shortMessage.length),
    [140],
  );
  const two = compose({}, pushOf(128, 'dm1.2'));
  assert.deepEqual(
    two.map(({ shortMessage }) => shortMessage.length),
    [140, 12 + 6],
  );
});

for (const [referenceBits, size] of [
  [8, 128],
  [16, 127],
] as const) {
  test(`3GPP TS 23.040 §9.2.3.24.1: parts carry ${size} octets with references of ${referenceBits} bits, and the ports`, () => {
    const push = pushOf(300);
    const parts = compose({ referenceBits }, push, 0xa5);
    const read = parts.map(({ shortMessage }) => decodeUserData(shortMessage));
    assert.deepEqual(
      read.map(({ header }) => header.concatenation),
      [1, 2, 3].map((sequence) => ({ reference: 0xa5, referenceBits, total: 3, sequence })),
    );
    assert.ok(read.every(({ header }) => header.ports?.destination === 2948));
    assert.deepEqual(
      read.map(({ payload }) => payload.length),
      [size, size, 306 - 2 * size],
    );
    assert.deepEqual(concatBytes(...read.map(({ payload }) => payload)).subarray(6), push.body);
  });
}

test('SMPP 3.4 §5.3.2.32: form payload, one message with ports and the content as parameters', () => {
  const push = pushOf(1000);
  const [message, ...more] = compose({ form: 'payload' }, push);
  assert.equal(more.length, 0);
  assert.deepEqual([message?.esmClass, message?.shortMessage.length], [0, 0]);
  const { destinationPort, sourcePort, messagePayload } = message?.parameters ?? {};
  assert.deepEqual([destinationPort, sourcePort], [2948, 49154]);
  assert.deepEqual(messagePayload?.subarray(6), push.body);
});

test('SMPP 3.4 §5.3.2.22: form sar, parts without a user data header that leave room for one', () => {
  const push = pushOf(300);
  const parts = compose({ form: 'sar', referenceBits: 16 }, push, 0x1234);
  assert.deepEqual(
    parts.map(({ esmClass }) => esmClass),
    [0, 0, 0],
  );
  assert.deepEqual(
    parts.map(({ parameters }) => parameters),
    [1, 2, 3].map((sarSequence) => ({
      sourcePort: 49154,
      destinationPort: 2948,
      sarReference: 0x1234,
      sarTotal: 3,
      sarSequence,
    })),
  );
  assert.deepEqual(
    parts.map(({ shortMessage }) => shortMessage.length),
    [127, 127, 52],
  );
  assert.deepEqual(concatBytes(...parts.map(({ shortMessage }) => shortMessage)).subarray(6), push.body);
  const [single] = compose({ form: 'sar' }, pushOf(3));
  assert.deepEqual(single?.parameters, { sourcePort: 49154, destinationPort: 2948 });
  assert.equal(single?.shortMessage.length, 9);
});

const limits: readonly (readonly [string, Partial<SmsSenderOptions>, number, number])[] = [
  ['255 parts of 128', {}, 32_640 - 6, 255],
  ['255 parts of 127', { referenceBits: 16 }, 32_385 - 6, 255],
  ['one message', { maxSegments: 1 }, 133 - 6, 1],
  ['two messages', { maxSegments: 2 }, 256 - 6, 2],
  ['as optional parameters', { form: 'sar' }, 32_640 - 6, 255],
  ['as one payload', { form: 'payload' }, 32_640 - 6, 1],
];
for (const [name, options, maxPayload, messages] of limits) {
  test(`the largest body: ${name}; one octet more is refused with size and limit`, () => {
    const made = composer(options);
    assert.equal(made.maxPayload, maxPayload);
    assert.equal(made.compose(pushOf(maxPayload, 'dm+xml'), to, () => 1, now).length, messages);
    assert.throws(
      () => made.compose(pushOf(maxPayload + 1, 'dm+xml'), to, () => 1, now),
      (error) =>
        error instanceof ValueError &&
        error.code === 'TOO_LONG' &&
        error.message.includes(String(maxPayload + 1)) &&
        error.message.includes(String(maxPayload)),
    );
    assert.equal(made.compose(pushOf(0), to, () => 1, now).length, 1);
  });
}

test('ruling 13: WDP and WSP headers together take at most 48 octets before Package #0, in one message or several', () => {
  // TID, type, length, content type, application id: 6. A header adds its octet, its text and a 00.
  const headers = (octets: number) => [{ name: 'X-Wap-Initiator-URI', value: 'u'.repeat(octets - 2) }];
  const isTooLong = (error: unknown): boolean => error instanceof ValueError && error.code === 'TOO_LONG';
  assert.equal(compose({ headers: headers(35) }, pushOf(10, 'dm1.3')).length, 1);
  assert.throws(() => compose({ headers: headers(36) }, pushOf(10, 'dm1.3')), isTooLong);
  assert.equal(compose({ headers: headers(30) }, pushOf(200, 'dm1.3')).length, 2);
  assert.throws(() => compose({ headers: headers(31) }, pushOf(200, 'dm1.3')), isTooLong);
  assert.equal(compose({ headers: headers(100) }, pushOf(10, 'dm+xml')).length, 1);
});

test('transaction ids count up over all pushes and wrap round; a single message takes no reference', () => {
  const made = composer();
  const failing = (): number => assert.fail('no reference is needed');
  for (let count = 1; count <= 257; count += 1) {
    const [pdu] = made.compose(pushOf(1), to, failing, now);
    const { shortMessage } = decodePdu(pdu ?? new Uint8Array()) as PduOf<'submit_sm'>;
    assert.equal(shortMessage[7], count % 256);
  }
});

const impossible: readonly (readonly [string, Partial<SmsSenderOptions>])[] = [
  ['dataCoding', { dataCoding: 8 }],
  ['dataCoding', { dataCoding: 256 }],
  ['maxSegments', { maxSegments: 0 }],
  ['maxSegments', { maxSegments: 256 }],
  ['serviceType', { serviceType: 'TOOLONG' }],
  ['priority', { priority: 4 }],
  ['validitySeconds', { validitySeconds: 0 }],
  ['destinationPort', { destinationPort: 65_536 }],
  ['source', { source: { address: '' } }],
];
for (const [path, options] of impossible) {
  test(`settings that cannot be are refused: ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => composer(options),
      (error) => error instanceof ValueError && error.path === path,
    );
  });
}
