import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeNotification, parseNotification } from '../../../src/codec/notification/index.ts';
import { fullMessages, key, notificationFormats, valueErrorOf } from './support.ts';

const dm12 = { format: 'dm1.2', serverId: 'dm', sessionId: 1 };
const draft = { format: 'dm1.3-2010', serverId: 'dm', sessionId: 1 };
const dm13 = { format: 'dm1.3', serverId: 'dm', sessionId: 1, timestamp: 0, requestedMo: [1] };

const refusal = (value: unknown): [string, string, string] => {
  const error = valueErrorOf(() => parseNotification(value));
  assert.doesNotMatch(error.message, /[\r\n]/);
  return [error.code, error.path, error.spec?.section ?? ''];
};

test('defaults are filled in, and fields come in the order of the JSON form', () => {
  assert.deepEqual(Object.entries(parseNotification({ sessionId: 1, serverId: 'dm', format: 'dm1.2' })), [
    ['format', 'dm1.2'],
    ['serverId', 'dm'],
    ['sessionId', 1],
    ['uiMode', 'not-specified'],
    ['initiator', 'server'],
  ]);
  assert.deepEqual(Object.entries(parseNotification(draft)).slice(3), [
    ['uiMode', 'not-specified'],
    ['initiator', 'server'],
    ['transport', 'not-specified'],
    ['authType', 'not-specified'],
    ['sendDevDetail', false],
    ['timeoutDays', 0],
  ]);
  assert.deepEqual(Object.entries(parseNotification(dm13)).slice(3), [
    ['uiMode', 'not-specified'],
    ['initiator', 'server'],
    ['transport', 'not-specified'],
    ['timeoutMinutes', 0],
    ['timestamp', 0],
    ['requestedMo', [1]],
  ]);
});

test('encoding refuses a format that there is none of', () => {
  for (const format of [undefined, 'dm1.4', 'constructor']) {
    assert.equal(valueErrorOf(() => encodeNotification({ ...dm12, format } as never, key)).path, 'format');
  }
});

test('encoding takes the same defaults', () => {
  for (const given of [dm12, draft, dm13]) {
    const complete = parseNotification(given);
    // The shape is right; only the literal's type is wider.
    assert.deepEqual(encodeNotification(given as typeof complete, key), encodeNotification(complete, key));
  }
});

test('a complete message of each format is taken as it is', () => {
  for (const format of notificationFormats) {
    assert.deepEqual(parseNotification(fullMessages[format]), fullMessages[format]);
    for (const field of [
      'vendorData',
      'reason',
      'vendorInfo',
      'targetedMo',
      'moIdentifier',
      'preferredBearer',
    ]) {
      const without = Object.fromEntries(
        Object.entries(fullMessages[format]).filter(([name]) => name !== field),
      );
      assert.deepEqual(parseNotification(without), without);
      assert.deepEqual(parseNotification({ ...without, [field]: undefined }), without);
    }
  }
});

test('what is no object is refused', () => {
  for (const value of [null, undefined, 1, 'dm1.2', [], [dm12]]) {
    assert.deepEqual(refusal(value), ['WRONG_TYPE', '', '']);
  }
});

test('the format must be given and known', () => {
  assert.deepEqual(refusal({ ...dm12, format: undefined }), ['MISSING', 'format', '']);
  assert.deepEqual(refusal({ ...dm12, format: 'dm1.4' }), ['OUT_OF_RANGE', 'format', '']);
  assert.deepEqual(refusal({ ...dm12, format: 12 }), ['WRONG_TYPE', 'format', '']);
  const { message } = valueErrorOf(() => parseNotification({}));
  assert.equal(message, 'format: must be one of dm1.2, dm1.3-2010, dm1.3');
});

test('required fields must be given', () => {
  for (const [value, section] of [
    [dm12, ['6.2.12', '6.2.10']],
    [draft, ['6.2.17', '6.2.15']],
    [dm13, ['6.5.1', '6.4.8']],
  ] as const) {
    assert.deepEqual(refusal({ ...value, serverId: undefined }), ['MISSING', 'serverId', section[0]]);
    assert.deepEqual(refusal({ ...value, sessionId: undefined }), ['MISSING', 'sessionId', section[1]]);
  }
  assert.deepEqual(refusal({ ...dm13, timestamp: undefined }), ['MISSING', 'timestamp', '6.4.9']);
  assert.deepEqual(refusal({ ...dm13, requestedMo: undefined }), ['MISSING', 'requestedMo', '6.5.4']);
});

test('unknown fields are refused and the known ones named', () => {
  const { message, code } = valueErrorOf(() => parseNotification({ ...dm12, uimode: 'background' }));
  assert.equal(code, 'UNKNOWN_FIELD');
  assert.equal(
    message,
    'uimode: not a field of dm1.2; its fields are serverId, sessionId, uiMode, initiator, vendorData',
  );
  assert.equal(
    refusal(JSON.parse('{"format":"dm1.2","serverId":"a","sessionId":1,"__proto__":1}'))[0],
    'UNKNOWN_FIELD',
  );
  assert.equal(refusal({ ...dm12, constructor: 1 })[0], 'UNKNOWN_FIELD');
  assert.equal(refusal({ ...dm12, 'two\nlines': 1 })[0], 'UNKNOWN_FIELD');
  assert.ok(valueErrorOf(() => parseNotification({ ...dm12, ['x'.repeat(10_000)]: 1 })).message.length < 300);
  // Header rows that the codec computes are no fields.
  for (const name of ['version', 'optionCount', 'reserved']) {
    assert.equal(refusal({ ...dm13, [name]: 1 })[0], 'UNKNOWN_FIELD');
  }
  assert.equal(refusal({ ...draft, vendorPresent: true })[0], 'UNKNOWN_FIELD');
});

test('a field of another format is refused with the formats that have it', () => {
  const of = (value: unknown): string => valueErrorOf(() => parseNotification(value)).message;
  assert.equal(of({ ...dm13, timeoutDays: 2 }), 'timeoutDays: not a field of dm1.3, but of dm1.3-2010');
  assert.equal(of({ ...draft, timestamp: 2 }), 'timestamp: not a field of dm1.3-2010, but of dm1.3');
  assert.equal(of({ ...dm12, reason: 'x' }), 'reason: not a field of dm1.2, but of dm1.3-2010 and dm1.3');
  assert.equal(
    of({ ...dm13, vendorData: '00' }),
    'vendorData: not a field of dm1.3, but of dm1.2 and dm1.3-2010',
  );
});

test('wrong types and values out of range are refused, with path and section', () => {
  const cases: readonly (readonly [object, string, string, string])[] = [
    [{ ...dm12, serverId: 1 }, 'WRONG_TYPE', 'serverId', '6.2.12'],
    [{ ...dm12, serverId: null }, 'WRONG_TYPE', 'serverId', '6.2.12'],
    [{ ...dm12, serverId: '' }, 'OUT_OF_RANGE', 'serverId', '6.2.12'],
    [{ ...dm12, serverId: '\ud800' }, 'BAD_FORMAT', 'serverId', '6.2.12'],
    [{ ...dm12, serverId: 'é'.repeat(128) }, 'TOO_LONG', 'serverId', '6.2.12'],
    [{ ...dm12, sessionId: '1' }, 'WRONG_TYPE', 'sessionId', '6.2.10'],
    [{ ...dm12, sessionId: null }, 'WRONG_TYPE', 'sessionId', '6.2.10'],
    [{ ...dm12, sessionId: 0 }, 'OUT_OF_RANGE', 'sessionId', '6.2.10'],
    [{ ...dm12, sessionId: 65536 }, 'OUT_OF_RANGE', 'sessionId', '6.2.10'],
    [{ ...dm12, sessionId: 1.5 }, 'OUT_OF_RANGE', 'sessionId', '6.2.10'],
    [{ ...dm12, sessionId: Number.NaN }, 'OUT_OF_RANGE', 'sessionId', '6.2.10'],
    [{ ...dm12, uiMode: 'Background' }, 'OUT_OF_RANGE', 'uiMode', '6.2.7'],
    [{ ...dm12, uiMode: 1 }, 'WRONG_TYPE', 'uiMode', '6.2.7'],
    [{ ...dm12, initiator: 'client' }, 'OUT_OF_RANGE', 'initiator', '6.2.8'],
    [{ ...dm12, vendorData: 'abc' }, 'BAD_FORMAT', 'vendorData', '6.2.13'],
    [{ ...dm12, vendorData: 'zz' }, 'BAD_FORMAT', 'vendorData', '6.2.13'],
    [{ ...dm12, vendorData: [0] }, 'WRONG_TYPE', 'vendorData', '6.2.13'],
    [{ ...dm12, vendorData: '' }, 'OUT_OF_RANGE', 'vendorData', '6.2.13'],
    [{ ...draft, transport: 'obex' }, 'OUT_OF_RANGE', 'transport', '6.2.9'],
    [{ ...draft, authType: 'basic' }, 'OUT_OF_RANGE', 'authType', '6.2.10'],
    [{ ...draft, sendDevDetail: 1 }, 'WRONG_TYPE', 'sendDevDetail', '6.2.11'],
    [{ ...draft, timeoutDays: 8 }, 'OUT_OF_RANGE', 'timeoutDays', '6.2.12'],
    [{ ...draft, timeoutDays: -1 }, 'OUT_OF_RANGE', 'timeoutDays', '6.2.12'],
    [{ ...draft, moIdentifier: 'm'.repeat(256) }, 'TOO_LONG', 'moIdentifier', '6.2.21'],
    [{ ...draft, reason: 'r'.repeat(65536) }, 'TOO_LONG', 'reason', '6.2.23'],
    [{ ...draft, vendorData: '00'.repeat(65536) }, 'TOO_LONG', 'vendorData', '6.2.19'],
    [{ ...dm13, transport: 'sip' }, 'OUT_OF_RANGE', 'transport', '6.4.5'],
    [{ ...dm13, timeoutMinutes: 65536 }, 'OUT_OF_RANGE', 'timeoutMinutes', '6.4.7'],
    [{ ...dm13, timestamp: 2 ** 32 }, 'OUT_OF_RANGE', 'timestamp', '6.4.9'],
    [{ ...dm13, timestamp: '2012' }, 'WRONG_TYPE', 'timestamp', '6.4.9'],
    [{ ...dm13, requestedMo: 1 }, 'WRONG_TYPE', 'requestedMo', '6.5.4'],
    [{ ...dm13, requestedMo: [] }, 'OUT_OF_RANGE', 'requestedMo', '6.5.4'],
    [{ ...dm13, requestedMo: [1, '2'] }, 'WRONG_TYPE', 'requestedMo[1]', '6.5.4'],
    [{ ...dm13, requestedMo: [65536] }, 'OUT_OF_RANGE', 'requestedMo[0]', '6.5.4'],
    [{ ...dm13, targetedMo: [] }, 'OUT_OF_RANGE', 'targetedMo', '6.5.2'],
    [{ ...dm13, targetedMo: [1, -1] }, 'OUT_OF_RANGE', 'targetedMo[1]', '6.5.2'],
    [{ ...dm13, preferredBearer: ['wlan', 'lte'] }, 'OUT_OF_RANGE', 'preferredBearer[1]', '6.5.6'],
    [{ ...dm13, preferredBearer: [6] }, 'WRONG_TYPE', 'preferredBearer[0]', '6.5.6'],
    [{ ...dm13, preferredBearer: 'wlan' }, 'WRONG_TYPE', 'preferredBearer', '6.5.6'],
    [{ ...dm13, reason: '' }, 'OUT_OF_RANGE', 'reason', '6.5.5'],
    [{ ...dm13, vendorInfo: 'v'.repeat(4096) }, 'TOO_LONG', 'vendorInfo', '6.5.3'],
    [{ ...dm13, requestedMo: [1, 2, 3, 4, 5, 6, 7] }, 'OUT_OF_RANGE', 'requestedMo', '6.4.2'],
  ];
  for (const [value, ...expected] of cases) {
    assert.deepEqual(refusal(value), expected, JSON.stringify(value).slice(0, 200));
    // Encoding without parsing first refuses the same, with the same path.
    const error = valueErrorOf(() => encodeNotification(value as never, key));
    assert.equal(error.path, expected[1]);
  }
});

test('errors say what to do', () => {
  const of = (value: unknown): string => valueErrorOf(() => parseNotification(value)).message;
  assert.equal(
    of({ ...dm12, serverId: 'x'.repeat(300) }),
    'serverId: 300 octets, at most 255 fit (DM-NOTI-1.2 §6.2.12)',
  );
  assert.equal(
    of({ ...dm12, uiMode: 'loud' }),
    'uiMode: must be one of not-specified, background, informative, user-interaction (DM-NOTI-1.2 §6.2.7)',
  );
  assert.equal(
    of({ ...dm13, targetedMo: [] }),
    'targetedMo: must not be empty: leave it out (DM-NOTI-1.3 §6.5.2)',
  );
  assert.equal(
    of({ ...dm12, vendorData: 'abc' }),
    'vendorData: odd number of hex digits (3): a digit is missing (DM-NOTI-1.2 §6.2.13)',
  );
});

test('hex is taken in either case and kept in lower case; the given value is not shared', () => {
  assert.equal('vendorData' in parseNotification({ ...dm12, vendorData: 'C0FFEE' }), true);
  assert.deepEqual(parseNotification({ ...dm12, vendorData: 'C0FFEE' }), {
    ...parseNotification(dm12),
    vendorData: 'c0ffee',
  });
  const parsed = parseNotification(dm13);
  assert.equal(parsed.format === 'dm1.3' && parsed.requestedMo === dm13.requestedMo, false);
});
