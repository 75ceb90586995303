// A server's session: whom and what it answers, what it tells its host of commands that do not go out, how it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage, ManagementCommand } from '../../../src/codec/syncml/index.ts';
import type { Incoming, Outgoing, SessionEffect, SessionStep } from '../../../src/session/index.ts';
import { asIncoming, converse, effectsOf, get, line, lines, stage, twoWay } from '../conversation.ts';

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

/** The client's first message, changed. */
function first(scene: ReturnType<typeof stage>, change: (message: DmMessage) => DmMessage): Incoming {
  return asIncoming({ message: change(sentBy(scene.session.start()).message) });
}

const sent = (step: SessionStep): string =>
  step.send === undefined ? '' : line({ from: 'server', message: step.send.message });

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

test('a MaxMsgSize or MaxObjSize of 0 says nothing of what the client takes', async () => {
  const scene = stage({ packages: [[exec('1', 500)]] });
  const begin = first(scene, (message) => ({
    ...message,
    header: { ...message.header, meta: { maxMsgSize: 0, maxObjSize: 0 } },
  }));
  const step = await scene.server.receive(begin);
  assert.deepEqual(notes(step.effects), []);
  assert.equal(sent(step), 'S1 SyncHdr=200 Alert=200 Replace=200 Exec Final');
});

test('without room for its last message a session ends as it would have, only that it is not completed', async () => {
  const small = (message: DmMessage) => ({
    ...message,
    header: { ...message.header, meta: { maxMsgSize: 100 } },
  });
  const done = stage();
  const step = await done.server.receive(first(done, small));
  assert.equal(step.send, undefined);
  assert.deepEqual(step.end, {
    outcome: 'failed',
    reason: "the client's MaxMsgSize of 100 octets leaves no room for an answer",
  });
  const aborted = stage();
  aborted.server.abort('cancelled');
  const last = await aborted.server.receive(first(aborted, small));
  assert.equal(last.send, undefined);
  assert.deepEqual(last.end, { outcome: 'aborted', by: 'server', reason: 'cancelled' });
});

test('a message that comes again gets the same answer, and its commands went out more than once', async () => {
  const scene = stage({ packages: [[get('a', './A')], [get('b', './B')]] });
  const begin = asIncoming(sentBy(scene.session.start()));
  const one = await scene.server.receive(begin);
  const again = await scene.server.receive(begin);
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

test('a session that the client begins has any SessionID, which matches as it is', async () => {
  for (const sessionId of ['0', '1382345678', '5f3a', '{A-1}']) {
    const scene = stage({ server: { sessionId }, packages: [[get('a', './A')]] });
    const { send } = scene.session.start();
    assert.ok(send);
    const { message } = send;
    const under = (text: string) =>
      asIncoming({ message: { ...message, header: { ...message.header, sessionId: text } } });
    for (const other of [`0${sessionId}`, `${sessionId}0`]) {
      assert.equal(scene.server.order(under(other)), 'stale');
    }
    const step = await scene.server.receive(under(sessionId));
    assert.equal(sent(step), 'S1 SyncHdr=200 Alert=200 Replace=200 Get Final');
    assert.equal(step.send?.message.header.sessionId, sessionId);
  }
});

test('a client of DM 1.1 is answered in DM 1.1', async () => {
  const scene = stage({ packages: [[get('a', './A')]] });
  const incoming = first(scene, (message) => ({
    ...message,
    header: { ...message.header, verDtd: '1.1', verProto: 'DM/1.1' },
  }));
  const { verDtd, verProto } = (await scene.server.receive(incoming)).send?.message.header ?? {};
  assert.deepEqual([verDtd, verProto], ['1.1', 'DM/1.1']);
});

test('the server answers under the SessionID as the client spelled it, and in its version', async () => {
  const scene = stage();
  const incoming = first(scene, (message) => ({
    ...message,
    header: { ...message.header, sessionId: '04660', verProto: 'DM/1.3' },
  }));
  const step = await scene.server.receive(incoming);
  assert.equal(step.send?.message.header.sessionId, '04660');
  assert.equal(step.send?.message.header.verProto, 'DM/1.3');
});

for (const [field, value, status] of [
  ['verProto', 'DM/2.0', 513],
  ['verProto', 'SyncML/1.1', 513],
  ['verDtd', '2.0', 505],
] as const) {
  test(`DM-PRO-1.2: ${field} ${value} is answered with ${status}`, async () => {
    const scene = stage({ packages: [[get('a', './A')]] });
    const incoming = first(scene, (message) => ({
      ...message,
      header: { ...message.header, [field]: value },
    }));
    const step = await scene.server.receive(incoming);
    assert.equal(sent(step), `S1 SyncHdr=${status} Alert=${status} Replace=${status} Final`);
    assert.equal(step.end?.outcome, 'failed');
  });
}

test('a message of another device or session is ignored, and the session goes on', async () => {
  const scene = stage();
  const change = (header: Partial<DmMessage['header']>) => (message: DmMessage) => ({
    ...message,
    header: { ...message.header, ...header },
  });
  const { send } = scene.session.start();
  assert.ok(send);
  for (const header of [{ source: { uri: 'IMEI:1' } }, { sessionId: '9999' }]) {
    const incoming = asIncoming({ message: change(header)(send.message) });
    assert.equal(scene.server.order(incoming), 'stale');
    const step = await scene.server.receive(incoming);
    assert.deepEqual([step.send, step.end], [undefined, undefined]);
  }
  assert.equal((await scene.server.receive(asIncoming(send))).end?.outcome, 'completed');
});

test('a repeated message gets the very same answer, also after the end; another under its MsgID does not', async () => {
  const scene = stage({ ...twoWay('md5'), packages: [[get('a', './A')]] });
  const { send } = scene.session.start();
  assert.ok(send);
  const incoming = asIncoming(send);
  assert.equal(scene.server.order(incoming), 'next');
  const answer = await scene.server.receive(incoming);
  assert.equal(scene.server.order(incoming), 'repeat');
  const again = await scene.server.receive(incoming);
  assert.equal(again.send, answer.send);
  assert.deepEqual(
    again.effects.map(({ effect }) => effect),
    ['note'],
  );
  const other = asIncoming({ message: { ...send.message, final: false } });
  assert.equal(scene.server.order(other), 'restart');
  const restarted = await scene.server.receive(other);
  assert.deepEqual([restarted.send, restarted.end], [undefined, undefined]);
});

test('overlapping repeats of a message are worked on once', async () => {
  let asked = 0;
  const commands = {
    next: async () => {
      asked += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return [get('a', './A')];
    },
  };
  const scene = stage({ server: { commands } });
  const { send } = scene.session.start();
  assert.ok(send);
  const incoming = asIncoming(send);
  const steps = await Promise.all([scene.server.receive(incoming), scene.server.receive(incoming)]);
  assert.equal(asked, 1);
  assert.equal(steps[0]?.send, steps[1]?.send);
});

test('an older message is stale and is ignored', async () => {
  const scene = stage({ packages: [[get('a', './A')], [get('b', './B')]] });
  const run = await converse(scene);
  const [, , second] = run.messages;
  assert.ok(second);
  assert.equal(run.server.order(asIncoming({ message: second.message })), 'stale');
  const step = await run.server.receive(asIncoming({ message: second.message }));
  assert.deepEqual([step.send, step.end], [undefined, undefined]);
});

test('Statuses and Results that refer to nothing are noted and change nothing', async () => {
  const scene = stage({ packages: [[get('a', './A')]] });
  const { send } = scene.session.start();
  assert.ok(send);
  const answer = await scene.server.receive(asIncoming(send));
  assert.ok(answer.send);
  const reply = await scene.session.receive(asIncoming(answer.send));
  assert.ok(reply.send);
  const forged = {
    ...reply.send.message,
    commands: reply.send.message.commands.map((command) =>
      (command.name === 'Status' || command.name === 'Results') && command.cmdRef !== '0'
        ? { ...command, msgRef: '77' }
        : command,
    ),
  };
  const step = await scene.server.receive(asIncoming({ message: forged }));
  assert.equal(step.end?.outcome, 'completed');
  assert.equal(effectsOf(step.effects, 'note').length, 2);
  assert.deepEqual(effectsOf(step.effects, 'answered')[0]?.statuses, []);
});

test('DM-PRO-1.2, Alert 1223 from the client: Statuses only, and the session is aborted', async () => {
  const scene = stage({ packages: [[get('a', './A')]] });
  const { send } = scene.session.start();
  assert.ok(send);
  const answer = await scene.server.receive(asIncoming(send));
  assert.ok(answer.send);
  const abort = scene.session.abort('the battery is low');
  assert.deepEqual(abort.end, { outcome: 'aborted', by: 'client', reason: 'the battery is low' });
  assert.ok(abort.send);
  const step = await scene.server.receive(asIncoming(abort.send));
  assert.equal(sent(step), 'S2 SyncHdr=200 Alert=200 Final');
  assert.equal(step.end?.outcome, 'aborted');
  const late = await scene.session.receive(asIncoming(answer.send));
  assert.deepEqual([late.send, late.end], [undefined, undefined]);
});

test('a command provider that fails ends the session with Alert 1223', async () => {
  const commands = { next: () => Promise.reject(new Error('secret of the store')) };
  const scene = await converse(stage({ server: { commands } }));
  assert.match(lines(scene)[1] ?? '', /Alert:1223 Final$/);
  assert.equal(scene.server.ended?.outcome, 'failed');
  assert.equal(scene.session.ended?.outcome, 'aborted');
  assert.ok(!JSON.stringify(scene.serverEffects).includes('secret of the store'));
});

test('a session that does not end is given up', async () => {
  const commands = { next: async () => [get('a', './A')] };
  const scene = await converse(stage({ server: { commands, maxMessages: 20 } }));
  assert.deepEqual(scene.server.ended, { outcome: 'failed', reason: 'the session does not end' });
  assert.equal(scene.messages.filter(({ from }) => from === 'server').length, 20);
  const other = await converse(stage({ server: { commands }, client: { maxMessages: 20 } }));
  assert.deepEqual(other.session.ended, { outcome: 'failed', reason: 'the session does not end' });
});
