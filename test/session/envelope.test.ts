import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage } from '../../src/codec/syncml/index.ts';
import { ValueError } from '../../src/core/index.ts';
import {
  ClientSession,
  type Incoming,
  refusalOf,
  ServerSession,
  type SessionStep,
  sessionIdMatches,
  sessionIdOf,
} from '../../src/session/index.ts';
import { asIncoming, converse, effectsOf, get, line, lines, stage, twoWay } from './conversation.ts';

/** The client's first message, changed. */
function first(scene: ReturnType<typeof stage>, change: (message: DmMessage) => DmMessage): Incoming {
  const { send } = scene.session.start();
  assert.ok(send);
  return asIncoming({ message: change(send.message) });
}

const sent = (step: SessionStep): string =>
  step.send === undefined ? '' : line({ from: 'server', message: step.send.message });

test('spec-notes ruling 10: SessionID is matched as clients write it', () => {
  for (const text of ['1234', '01234', ' 1234 ']) assert.equal(sessionIdMatches(text, 0x1234), true, text);
  assert.equal(sessionIdMatches('00AF', 0xaf), true);
  assert.equal(sessionIdMatches('af', 0xaf), true);
  assert.equal(sessionIdMatches('175', 0xaf), true, 'decimal');
  assert.equal(sessionIdMatches('0', 0xaf), false);
  assert.equal(sessionIdMatches('nonsense', 0xaf), false);
  // Both hex 175 and decimal 175 may be alive: hex goes first.
  assert.equal(
    sessionIdOf('175', (id) => id === 0x175 || id === 0xaf),
    0x175,
  );
  assert.equal(
    sessionIdOf('175', (id) => id === 0xaf),
    0xaf,
  );
  assert.equal(
    sessionIdOf('175', () => false),
    undefined,
  );
});

test('a session with an id that no notification can have is refused', () => {
  const { session, server } = stage();
  for (const sessionId of [0, 65_536, 1.5, Number.NaN]) {
    assert.throws(() => new ClientSession({ ...session.options, sessionId }), ValueError);
    assert.throws(() => new ServerSession({ ...server.options, sessionId }), ValueError);
  }
  assert.throws(() => new ServerSession({ ...server.options, sessionId: ' ' }), ValueError);
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

test('a message without a session is refused by Statuses only, and the client gives up', async () => {
  const scene = stage(twoWay('md5'));
  const { send } = scene.session.start();
  assert.ok(send);
  for (const [status, outcome] of [
    [401, 'unauthenticated'],
    [503, 'failed'],
  ] as const) {
    const message = refusalOf(send.message, status, 'https://dm.example/');
    const expected = `S1 SyncHdr=${status} Alert=${status} Replace=${status} Final`;
    assert.equal(line({ from: 'server', message }), expected);
    const session = new ClientSession(scene.session.options);
    session.start();
    const step = await session.receive(asIncoming({ message }));
    assert.equal(step.end?.outcome, outcome);
    assert.equal(step.send, undefined);
  }
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

test('an answer without a Status for our SyncHdr, or of another session, ends in Alert 1223', async () => {
  for (const change of [
    (message: DmMessage) => ({ ...message, commands: [] }),
    (message: DmMessage) => ({ ...message, header: { ...message.header, sessionId: '1' } }),
    (message: DmMessage) => ({ ...message, header: { ...message.header, verProto: 'DM/9' } }),
  ]) {
    const scene = stage();
    const { send } = scene.session.start();
    assert.ok(send);
    const answer = await scene.server.receive(asIncoming(send));
    assert.ok(answer.send);
    const step = await scene.session.receive(asIncoming({ message: change(answer.send.message) }));
    assert.equal(step.end?.outcome, 'failed');
    assert.ok(step.send);
    assert.equal(line({ from: 'client', message: step.send.message }), 'C2 Alert:1223 Final');
  }
});

test('a server that refuses the message itself ends the session', async () => {
  const scene = stage();
  const { send } = scene.session.start();
  assert.ok(send);
  const answer = await scene.server.receive(asIncoming(send));
  assert.ok(answer.send);
  const { message } = answer.send;
  const commands = message.commands.map((command) => ({ ...command, data: '503' }));
  const step = await scene.session.receive(asIncoming({ message: { ...message, commands } }));
  assert.deepEqual(step.end, { outcome: 'failed', reason: 'the server refuses the message with status 503' });
  assert.equal(step.send, undefined);
});

test('DM-PRO-1.2, RespURI: the next message goes there, but never from https to http', async () => {
  for (const [respUri, expected] of [
    ['https://dm.example/s/1', 'https://dm.example/s/1'],
    ['/s/1?t=2', 'https://dm.example/s/1?t=2'],
    ['http://dm.example/s/1', 'https://dm.example/'],
    ['https://', 'https://dm.example/'],
  ] as const) {
    const scene = await converse(stage({ server: { respUri }, packages: [[get('a', './A')]] }));
    const targets = scene.messages.filter(({ from }) => from === 'client');
    assert.deepEqual(
      targets.map(({ message }) => message.header.target.uri),
      ['https://dm.example/', expected],
    );
  }
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

test('an abort while a command runs takes the place of the answer', async () => {
  let release = (): void => undefined;
  const running = new Promise<void>((resolve) => {
    release = resolve;
  });
  const execute = async (): Promise<{ status: number }> => {
    await running;
    return { status: 200 };
  };
  const scene = stage({ client: { execute }, packages: [[get('a', './A')]] });
  const { send } = scene.session.start();
  assert.ok(send);
  const answer = await scene.server.receive(asIncoming(send));
  assert.ok(answer.send);
  const receiving = scene.session.receive(asIncoming(answer.send));
  await Promise.resolve();
  assert.equal(scene.session.repeat(), undefined);
  assert.deepEqual(scene.session.abort('stop'), { effects: [] });
  release();
  const step = await receiving;
  assert.equal(step.end?.outcome, 'aborted');
  assert.ok(
    step.send?.message.commands.some((command) => command.name === 'Alert' && command.data === '1223'),
  );
});

test('DM-PRO-1.2, Alert 1223 from the server: the client ends and answers nothing', async () => {
  const scene = stage({ packages: [[get('a', './A')]] });
  const { send } = scene.session.start();
  assert.ok(send);
  scene.server.abort('cancelled');
  const step = await scene.server.receive(asIncoming(send));
  assert.ok(step.send);
  assert.match(sent(step), /Alert:1223 Final$/);
  assert.deepEqual(step.end, { outcome: 'aborted', by: 'server', reason: 'cancelled' });
  const end = await scene.session.receive(asIncoming(step.send));
  assert.equal(end.send, undefined);
  assert.equal(end.end?.outcome, 'aborted');
  assert.deepEqual(scene.executed, []);
});

test('an abort before the start sends nothing; after the end every input is ignored', async () => {
  const scene = stage();
  assert.equal(scene.session.abort('no').send, undefined);
  assert.equal(scene.session.ended?.outcome, 'aborted');
  for (const step of [
    scene.session.start(),
    scene.session.fail('x'),
    scene.session.timeout(),
    scene.session.abort('y'),
  ]) {
    assert.deepEqual([step.send, step.end], [undefined, undefined]);
  }
  assert.equal(scene.session.repeat(), undefined);
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
  assert.equal(scene.server.ended?.outcome, 'failed');
  const other = await converse(stage({ server: { commands }, client: { maxMessages: 20 } }));
  assert.deepEqual(other.session.ended, { outcome: 'failed', reason: 'the session does not end' });
});
