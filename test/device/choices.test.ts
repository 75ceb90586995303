import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printable, ValueError } from '../../src/core/index.ts';
import { backOffDefaults, pauseAfter } from '../../src/device/transport/back-off.ts';
import { chooseBearer, parseBearers } from '../../src/device/transport/bearers.ts';
import { chooseTransport } from '../../src/device/transport/transport-choice.ts';
import { chooseInteraction, noticeText } from '../../src/device/user/user-interface.ts';

const plain = 'http://dm.example/dm';
const secure = 'https://dm.example/dm';

test('DM-NOTI-1.3 §6.4.5: the addresses of the desired binding come first', () => {
  assert.deepEqual(chooseTransport('https', [plain, secure]), { addresses: [secure] });
  assert.deepEqual(chooseTransport('http', [secure, plain]), { addresses: [plain, secure] });
  assert.deepEqual(chooseTransport('not-specified', [secure, plain]), { addresses: [secure, plain] });
});

test('DM-NOTI-1.3 §6.4.5: a binding that the account lacks falls back to what it has, with a note', () => {
  assert.deepEqual(chooseTransport('https', [plain])?.addresses, [plain]);
  assert.match(chooseTransport('https', [plain])?.note ?? '', /no https address; using http/);
  for (const wanted of ['obex', 'wsp']) {
    assert.deepEqual(chooseTransport(wanted, [plain, secure])?.addresses, [plain, secure]);
  }
  assert.equal(chooseTransport('http', ['obex://dm.example', 'nonsense']), undefined);
  assert.equal(chooseTransport('not-specified', []), undefined);
});

test('N13-C-016 N13-C-017 DM-NOTI-1.3 §6.5.6: the preferred bearer that is available and stands first is taken', () => {
  const available = parseBearers(['wlan', { name: '3gpp-lte', localAddress: '127.0.0.2' }]);
  assert.equal(chooseBearer(['ethernet', '3gpp-lte', 'wlan'], available), available[1]);
  assert.equal(chooseBearer(['wlan', '3gpp-lte'], available), available[0]);
  assert.equal(chooseBearer(['not-specified', '3gpp-lte'], available), available[0]);
  assert.equal(chooseBearer([], available), available[0]);
});

test('N13-C-016 DM-NOTI-1.3 §6.5.6: where no preferred bearer is available the session has to wait', () => {
  assert.equal(chooseBearer(['ethernet', 'dsl'], parseBearers(['wlan'])), undefined);
  assert.equal(chooseBearer([], []), undefined);
  assert.equal(chooseBearer(['ethernet'], undefined), 'any');
});

test('bearers of the configuration: unknown and repeated names are errors that list what there is', () => {
  const message = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof ValueError);
      return error.message;
    }
    return '';
  };
  assert.match(
    message(() => parseBearers(['wifi'])),
    /bearers\[0\]: "wifi" is not one of .*wlan/,
  );
  assert.match(
    message(() => parseBearers(['not-specified'])),
    /is not one of/,
  );
  assert.match(
    message(() => parseBearers(['wlan', 'wlan'])),
    /bearers\[1\]: wlan stands there twice/,
  );
});

test('N13-C-007 DM-NOTI-1.3 §6.4.4: background is silent, informative informs, user interaction asks', () => {
  for (const accept of ['always', 'never', 'ask'] as const) {
    assert.deepEqual(chooseInteraction('not-specified', accept), { act: 'silent' });
    assert.deepEqual(chooseInteraction('background', accept), { act: 'silent' });
    assert.deepEqual(chooseInteraction('informative', accept), { act: 'inform' });
  }
  assert.deepEqual(chooseInteraction('user-interaction', 'ask'), { act: 'ask' });
  assert.deepEqual(chooseInteraction('user-interaction', 'always'), { act: 'inform' });
  const never = chooseInteraction('user-interaction', 'never');
  assert.equal('ignore' in never && never.ignore, 'declined');
});

test('N13-C-014 N13-C-015 DM-NOTI-1.3 §6.5.5: the reason is shown, and cannot play tricks on a terminal', () => {
  const notice = { uiMode: 'informative', from: 'com.mgmtsrv.manage', reason: 'Update FUMO' } as const;
  assert.equal(noticeText(notice), 'com.mgmtsrv.manage wants to manage this device: Update FUMO');
  assert.equal(noticeText({ ...notice, reason: '\u001b' }), 'com.mgmtsrv.manage wants to manage this device');
  assert.equal(printable('a\u001b[2Jb\r\nc\u202ed\u0007'), 'a [2Jb cd');
  assert.equal([...printable('é'.repeat(4095))].length, 513);
});

test('property: printable text has no control characters and is bounded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
      const shown = printable(text);
      assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      assert.ok([...shown].length <= 513);
    }),
  );
});

test('pauses between sessions double, are bounded and spread', () => {
  assert.equal(pauseAfter(1, backOffDefaults, 0), 500);
  assert.equal(pauseAfter(1, backOffDefaults, 1), 1000);
  assert.equal(pauseAfter(3, backOffDefaults, 1), 4000);
  assert.equal(pauseAfter(1000, backOffDefaults, 1), 60_000);
});
