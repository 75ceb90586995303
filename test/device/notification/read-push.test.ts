// From a push to what it may be read as.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeNotification } from '../../../src/codec/notification/index.ts';
import { readPush } from '../../../src/device/notification/read-push.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { dm12, dm13, dm2010, examples, pushOf, received } from '../fixtures.ts';

const named = (mime: string | undefined) => ({ contentType: { code: undefined, mime } });

test('spec-notes ruling 7: one reading where the octets tell, two where only the digest can', () => {
  // Server-ID and Requested-MO put 02C0 where an MD5 form has its version; the blank of the reason is a length, 32.
  const twoFaced = { ...dm13, serverId: 'x', requestedMo: [0xc000], reason: `ab ${'n'.repeat(27)}.test` };
  const both = pushOf({ ...twoFaced, transport: 'https' }).body;
  for (const input of examples) {
    const push = pushOf(input);
    for (const each of [push, { ...push, ...named(contentTypes['dm1.3'].mime) }]) {
      assert.deepEqual(readPush(each, false), {
        act: [decodeNotification(push.body, { format: input.format })],
      });
    }
  }
  const readings = readPush(received(both, undefined, named(contentTypes['dm1.2'].mime)), false);
  const expected = decodeNotification(both);
  assert.equal(expected.alternatives?.length, 1);
  assert.deepEqual(readings, { act: [expected, ...(expected.alternatives ?? [])] });
});

test('what is not a notification is told by the type that it came under', () => {
  for (const [contentType, shown] of [
    [{ code: 0x42, mime: undefined }, '0x42'],
    [{ code: undefined, mime: 'text/plain' }, 'text/plain'],
    [{ code: undefined, mime: undefined }, 'none'],
  ] as const) {
    assert.deepEqual(readPush({ ...pushOf(dm12), contentType }, false), {
      ignore: 'not-a-notification',
      detail: `content type ${shown}`,
    });
  }
});

test('cut off anywhere, in the middle of the Session-ID too, it is undecodable and nothing else', () => {
  for (const input of [dm12, dm2010, dm13]) {
    const push = pushOf(input);
    for (let length = 0; length < 22; length += 1) {
      const verdict = readPush({ ...push, body: push.body.subarray(0, length) }, false);
      assert.equal('ignore' in verdict && verdict.ignore, 'undecodable', `${input.format}, ${length}`);
    }
  }
});
