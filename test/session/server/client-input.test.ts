// What a client may say between the pieces of an object (DM-PRO-1.2, large objects).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../../src/codec/syncml/index.ts';
import type { SessionEffect } from '../../../src/session/index.ts';
import { asked, status } from '../asked-client.ts';
import { deviceId, effectsOf } from '../conversation.ts';

const more = { moreData: true };
const notes = (effects: readonly SessionEffect[]): string[] =>
  effectsOf(effects, 'note').map(({ text }) => text);
const alert = (data: string): Alert => ({ name: 'Alert', cmdId: '', data, items: [] });

test('DM-PRO-1.2, Alert 1222: it interrupts no object, be it behind a piece or before the next one', async () => {
  const { say, good, piece, goOn, outcomes } = await asked(['./Big']);
  assert.equal(
    await say([...good('./Big'), piece('./Big', 'abc', more, { size: 6 }), alert('1222')], false),
    'S2 SyncHdr=200 Results=213 Alert=200 Alert:1222',
  );
  assert.equal(
    await say([...goOn(), alert('1222'), piece('./Big', 'def')], true),
    'S3 SyncHdr=200 Alert=200 Final',
  );
  assert.deepEqual(outcomes(), [['./Big', ['abcdef']]]);
});

test('DM-PRO-1.2, Alert 1225: any other command, and a message without a piece, end the object', async () => {
  const ended = [['./Big', 'the device did not send the end of the value']];
  const other = await asked(['./Big']);
  await other.say([...other.good('./Big'), other.piece('./Big', 'abc', more, { size: 6 })], false);
  assert.equal(
    await other.say([...other.goOn(), alert('1224')], true),
    'S3 SyncHdr=200 Alert:1225 Alert=200 Final',
  );
  assert.deepEqual(other.outcomes(), ended);
  const silent = await asked(['./Big']);
  await silent.say([...silent.good('./Big'), silent.piece('./Big', 'abc', more, { size: 6 })], false);
  assert.equal(await silent.say(silent.goOn(), true), 'S3 SyncHdr=200 Alert:1225 Final');
  assert.deepEqual(silent.outcomes(), ended);
});

test('without an object that is open, nothing is said to be missing', async () => {
  const { say, good, piece, effects } = await asked(['./A']);
  assert.equal(
    await say([...good('./A'), piece('./A', 'v'), alert('1224'), alert('1222')], true),
    'S2 SyncHdr=200 Alert=200 Alert=200 Final',
  );
  assert.deepEqual(effectsOf(effects, 'note'), []);
});

test('an object of the client’s own comes in pieces too, and another Replace ends it', async () => {
  const { say, good, goOn, effects } = await asked(['./A']);
  const replace = (uri: string, data: string, item: object = {}) => ({
    name: 'Replace' as const,
    cmdId: '',
    items: [{ source: { uri }, data, ...item }],
  });
  const begun = { ...more, meta: { size: 6 } };
  assert.equal(
    await say([...good('./A'), replace('./DevInfo/Man', 'Exa', begun)], false),
    'S2 SyncHdr=200 Replace=213 Alert:1222',
  );
  assert.equal(
    await say([...goOn(), replace('./DevInfo/Man', 'mpl'), replace('./DevInfo/Mod', 'One', begun)], false),
    'S3 SyncHdr=200 Replace=200 Replace=213 Alert:1222',
  );
  assert.equal(
    await say([...goOn(), replace('./DevInfo/DevId', deviceId)], true),
    'S4 SyncHdr=200 Alert:1225 Replace=200 Final',
  );
  assert.deepEqual(
    effectsOf(effects, 'received').map(({ command }) =>
      'items' in command ? command.items[0]?.data : undefined,
    ),
    [undefined, 'Exampl', deviceId],
  );
});

test('a client that answers nothing and leaves Final out is asked for the rest, before it is taken to have said all', async () => {
  const { say, goOn, effects } = await asked(['./A']);
  assert.equal(await say([status('1', '0', 'SyncHdr', '200')], false), 'S2 SyncHdr=200 Alert:1222');
  assert.deepEqual(effectsOf(effects, 'note'), []);
  assert.equal(await say(goOn(), false), 'S3 SyncHdr=200 Final');
  assert.deepEqual(notes(effects), ['the client left Final out']);
});

test('Final in the middle of an object is noted, and a piece without it is not', async () => {
  for (const final of [false, true]) {
    const { say, good, piece, effects } = await asked(['./Big']);
    await say([...good('./Big'), piece('./Big', 'abc', more, { size: 6 })], final);
    assert.deepEqual(notes(effects), final ? ['the client set Final in the middle of an object'] : []);
  }
});

test('a Status for an alert of the session’s own is none of a command; one for another message is noted', async () => {
  const { say, good, piece, goOn, effects } = await asked(['./A']);
  await say(good('./A'), false);
  await say([...goOn(), piece('./A', 'v')], false);
  assert.deepEqual(notes(effects), []);
  await say([...goOn(), status('77', '5', 'Alert', '200')], true);
  assert.deepEqual(notes(effects), ['a Status is for no command that waits for one']);
});
