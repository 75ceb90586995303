import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyPush, contentTypeNames, decodePush, dmContentKind } from '../../../src/codec/wsp/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';

const classify = (hex: string): ReturnType<typeof classifyPush> => classifyPush(decodePush(hexToBytes(hex)));

test('DM-NOTI §7.1.1: an accepted push tells its type, and whether it came as a code', () => {
  assert.deepEqual(classify('010603d8af87'), {
    accepted: true,
    kind: 'notification',
    contentType: { mime: 'application/vnd.syncml.dm.notification', code: 0x58 },
    parameters: {},
  });
  const text = classify('0106206170706c69636174696f6e2f766e642e73796e636d6c2e646d2b786d6c00af87');
  assert.deepEqual(text, {
    accepted: true,
    kind: 'dm+xml',
    contentType: { mime: 'application/vnd.syncml.dm+xml', code: undefined },
    parameters: {},
  });
});

test('DM-NOTI §7.1.1: a refusal says what was found', () => {
  const details = ['010703c4af87', '014000', '010601c4', '010603c4af82', '010603ceaf87', '010603f0af87'].map(
    (hex) => {
      const verdict = classify(hex);
      return verdict.accepted ? '' : `${verdict.reason}: ${verdict.detail}`;
    },
  );
  assert.deepEqual(details, [
    'pdu-type: PDU type 0x07 (ConfirmedPush), not Push',
    'pdu-type: PDU type 0x40 (Get), not Push',
    'application-id: no application id, which means wml.ua',
    'application-id: application id 2 (wml.ua), not syncml.dm',
    'content-type: content type 0x4E "application/vnd.syncml.ds.notification"',
    'content-type: content type 0x70',
  ]);
});

test("a peer's text is shortened and escaped in a refusal", () => {
  const text = `0d0a1b${'61'.repeat(100)}`;
  const verdict = classify(`01066bc4af20${text}00`);
  assert.ok(!verdict.accepted);
  assert.ok(verdict.detail.length < 130);
  assert.ok(!verdict.detail.includes('\n') && !verdict.detail.includes('\u001b'));
});

test('DM-PUSH §5.1: the content types of the binding contract are those of the codec', () => {
  for (const { code, mime } of Object.values(contentTypes)) {
    assert.notEqual(dmContentKind({ code }), undefined);
    assert.equal(dmContentKind({ mime }), dmContentKind({ code }));
    assert.ok([...contentTypeNames.values()].includes(mime));
  }
  assert.equal(dmContentKind({}), undefined);
  assert.equal(dmContentKind({ mime: 'application/vnd.syncml+wbxml' }), undefined);
});
