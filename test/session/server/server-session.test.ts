// What a server's session tells its host of commands that do not go out, and of messages that come again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage, ManagementCommand } from '../../../src/codec/syncml/index.ts';
import type { Outgoing, SessionEffect, SessionStep } from '../../../src/session/index.ts';
import { asIncoming, converse, effectsOf, get, line, stage } from '../conversation.ts';

const completed = { outcome: 'completed' };
const exec = (cmdId: string, length: number): ManagementCommand => ({
  name: 'Exec',
  cmdId,
  items: [{ target: { uri: './X' }, data: 'x'.repeat(length) }],
});

function sentBy(step: SessionStep): Outgoing {
  assert.ok(step.send);
  return step.send;
}

const answers = (effects: readonly SessionEffect[]): unknown[] =>
  effectsOf(effects, 'answered').map(({ command, sent, statuses }) => [
    command.cmdId,
    sent,
    ...statuses.map(({ status }) => status),
  ]);
const notes = (effects: readonly SessionEffect[]): string[] =>
  effectsOf(effects, 'note').map(({ text }) => text);

test('of commands that cannot go out the host is told before others are asked for', async () => {
  const scene = stage({
    client: { maxMsgSize: 2000 },
    packages: [[exec('long', 3000)], [get('short', './A')]],
  });
  const step = await scene.server.receive(asIncoming(sentBy(scene.session.start())));
  assert.deepEqual(answers(step.effects), [['long', false]]);
  assert.deepEqual(notes(step.effects), [
    "Exec fits into no message of the client's MaxMsgSize and is left out",
  ]);
  assert.match(line({ from: 'server', message: sentBy(step).message }), / Get Final$/);
});

test('an object beyond the client’s MaxObjSize keeps back its whole group', async () => {
  const add: ManagementCommand = {
    name: 'Add',
    cmdId: 'big',
    items: [{ target: { uri: './Big' }, data: 'x'.repeat(101) }],
  };
  const group: ManagementCommand = { name: 'Sequence', cmdId: 'group', commands: [get('a', './A'), add] };
  const scene = await converse(
    stage({ client: { maxObjSize: 100 }, packages: [[group, get('after', './B')]] }),
  );
  assert.deepEqual(scene.executed, ['Get ./B']);
  assert.deepEqual(answers(scene.serverEffects), [
    ['a', false],
    ['big', false],
    ['group', false],
    ['after', true, 200],
  ]);
  assert.ok(notes(scene.serverEffects).some((text) => /^Sequence .*MaxObjSize/.test(text)));
});

test('a client that takes less in the middle of a package gets what fits, and the host is told of the rest', async () => {
  const scene = stage({
    client: { maxMsgSize: 5000 },
    packages: [[exec('first', 2500), exec('second', 2500), get('third', './A')]],
  });
  const less = (outgoing: Outgoing): Outgoing => {
    const { message } = outgoing;
    const header: DmMessage['header'] = { ...message.header, meta: { maxMsgSize: 1500 } };
    return { ...outgoing, message: { ...message, header } };
  };
  const one = await scene.server.receive(asIncoming(sentBy(scene.session.start())));
  assert.match(line({ from: 'server', message: sentBy(one).message }), / Exec$/);
  const two = await scene.session.receive(asIncoming(sentBy(one)));
  const three = await scene.server.receive(asIncoming(less(sentBy(two))));
  assert.match(line({ from: 'server', message: sentBy(three).message }), / Get Final$/);
  assert.deepEqual(notes(three.effects), [
    "Exec fits into no message of the client's MaxMsgSize and is left out",
  ]);
  const four = await scene.session.receive(asIncoming(sentBy(three)));
  const five = await scene.server.receive(asIncoming(less(sentBy(four))));
  assert.deepEqual(five.end, completed);
  assert.deepEqual(answers(five.effects), [
    ['first', true, 200],
    ['second', false],
    ['third', true, 200],
  ]);
});

test('a message that comes again gets the same answer, and its commands went out more than once', async () => {
  const scene = stage({ packages: [[get('a', './A')], [get('b', './B')]] });
  const first = asIncoming(sentBy(scene.session.start()));
  const one = await scene.server.receive(first);
  const again = await scene.server.receive(first);
  assert.equal(again.send, one.send);
  assert.equal(again.end, undefined);
  const two = await scene.server.receive(
    asIncoming(sentBy(await scene.session.receive(asIncoming(sentBy(one))))),
  );
  const three = asIncoming(sentBy(await scene.session.receive(asIncoming(sentBy(two)))));
  const four = await scene.server.receive(three);
  assert.deepEqual(
    [...effectsOf(two.effects, 'answered'), ...effectsOf(four.effects, 'answered')].map(
      ({ command, again: repeated }) => [command.cmdId, repeated],
    ),
    [
      ['a', true],
      ['b', undefined],
    ],
  );
  const late = await scene.server.receive(three);
  assert.equal(late.send, four.send);
  assert.deepEqual(late.end, completed);
});
