// A device's session: what it believes, what its host repeats, keeps and takes back, and how it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage, Status } from '../../../src/codec/syncml/index.ts';
import type { ClientSessionOptions, Outgoing, SessionStep } from '../../../src/session/index.ts';
import {
  asIncoming,
  converse,
  credentials,
  effectsOf,
  get,
  line,
  lines,
  serverId,
  serverUri,
  stage,
  twoWay,
} from '../conversation.ts';

const packages = [[get('a', './A')]];

function sentBy(step: SessionStep): Outgoing {
  assert.ok(step.send);
  return step.send;
}

/** A session whose server has answered package #1 with a Get. */
async function begun(scene: ReturnType<typeof stage>): Promise<Outgoing> {
  return sentBy(await scene.server.receive(asIncoming(sentBy(scene.session.start()))));
}

test('the last message can be repeated while its answer is waited for, and neither before nor after', async () => {
  const scene = stage({ packages });
  assert.equal(scene.session.repeat(), undefined);
  const first = sentBy(scene.session.start());
  assert.equal(scene.session.repeat(), first);
  const answer = sentBy(await scene.server.receive(asIncoming(first)));
  const second = sentBy(await scene.session.receive(asIncoming(answer)));
  assert.equal(scene.session.repeat(), second);
  scene.session.timeout();
  assert.equal(scene.session.repeat(), undefined);
});

/** A device whose command waits until it is let go. */
function held(): {
  readonly execute: ClientSessionOptions['execute'];
  release(): void;
  readonly begun: Promise<void>;
} {
  let release = (): void => undefined;
  let begin = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const beginning = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return {
    execute: async () => {
      begin();
      await released;
      return { status: 200 };
    },
    release: () => release(),
    begun: beginning,
  };
}

test('an abort while a command runs keeps what the message led to, but no nonce that the server never got', async () => {
  const { client, server } = twoWay('md5');
  const { execute, release, begun: running } = held();
  const scene = stage({ client: { ...client, execute }, server, packages });
  const receiving = scene.session.receive(asIncoming(await begun(scene)));
  await running;
  scene.session.abort('stop');
  release();
  const step = await receiving;
  assert.deepEqual(step.end, { outcome: 'aborted', by: 'client', reason: 'stop' });
  assert.equal(effectsOf(step.effects, 'peer-authenticated').length, 1);
  assert.equal(effectsOf(step.effects, 'client-nonce').length, 1, 'the server gave it');
  assert.deepEqual(effectsOf(step.effects, 'server-nonce').at(-1)?.nonce, client.account.server?.nonce);
});

for (const unsent of [true, false]) {
  test(`an abort in place of a message that ${unsent ? 'was not sent takes its nonce back' : 'may have arrived leaves its nonce'}`, async () => {
    const { client, server } = twoWay('md5');
    const scene = stage({ client, server, packages });
    const answer = await scene.session.receive(asIncoming(await begun(scene)));
    assert.equal(effectsOf(answer.effects, 'server-nonce').length, 1);
    const step = scene.session.abort('stop', unsent);
    assert.equal(step.end?.outcome, 'aborted');
    assert.deepEqual(
      effectsOf(step.effects, 'server-nonce').map(({ nonce }) => nonce),
      unsent ? [client.account.server?.nonce] : [],
    );
  });
}

/** A session under MD5 whose answer, with a fresh nonce for the server, is on its way; and that answer. */
async function renewing() {
  const { client, server } = twoWay('md5');
  const scene = stage({ client, server, packages: [...packages, [get('b', './B')]] });
  const answer = await scene.session.receive(asIncoming(await begun(scene)));
  assert.equal(effectsOf(answer.effects, 'server-nonce').length, 1);
  return { scene, answer: sentBy(answer), before: client.account.server?.nonce };
}

test('a server that refuses the message itself did not take the nonce that came with it', async () => {
  const { scene, answer, before } = await renewing();
  const { send } = await scene.server.receive(asIncoming(answer));
  assert.ok(send);
  const commands = send.message.commands.map((command) =>
    command.name === 'Status' && command.cmdRef === '0' ? { ...command, data: '503' } : command,
  );
  const step = await scene.session.receive(asIncoming({ message: { ...send.message, commands } }));
  assert.equal(step.end?.outcome, 'failed');
  assert.deepEqual(
    effectsOf(step.effects, 'server-nonce').map(({ nonce }) => nonce),
    [before],
  );
});

test('a nonce that the server has taken is not taken back when a later message is refused, nor any after the end', async () => {
  const taken = await renewing();
  const next = sentBy(await taken.scene.server.receive(asIncoming(taken.answer)));
  sentBy(await taken.scene.session.receive(asIncoming(next)));
  const step = taken.scene.session.refused('HTTP status 409');
  assert.equal(step.end?.outcome, 'failed');
  assert.deepEqual(effectsOf(step.effects, 'server-nonce'), []);
  const over = await renewing();
  over.scene.session.fail('no connection');
  assert.deepEqual(effectsOf(over.scene.session.refused('HTTP status 409').effects, 'server-nonce'), []);
});

/** A session in which the device has sent the first piece of a value, and what the server says then. */
async function inPieces(more: Parameters<typeof stage>[0] = {}) {
  const execute: ClientSessionOptions['execute'] = async () => ({
    status: 200,
    results: [{ source: { uri: './A' }, data: 'x'.repeat(5000) }],
  });
  const scene = stage({
    client: { ...more.client, execute },
    server: { ...more.server, maxMsgSize: 2000 },
    packages,
  });
  const piece = sentBy(await scene.session.receive(asIncoming(await begun(scene))));
  assert.equal(piece.message.final, false);
  return { scene, answer: sentBy(await scene.server.receive(asIncoming(piece))) };
}

test('a server that has nothing more to say does not end a session in which the device has', async () => {
  const { scene, answer } = await inPieces();
  const { message } = answer;
  const commands = message.commands.filter(({ name }) => name === 'Status');
  const step = await scene.session.receive(asIncoming({ message: { ...message, commands, final: true } }));
  assert.equal(step.end, undefined);
  assert.match(line({ from: 'client', message: sentBy(step).message }), / Results$/);
});

test('a message of a server that is not believed is not the end of what the device has to say', async () => {
  const { scene, answer } = await inPieces(twoWay('hmac'));
  const { hmac: _hmac, ...bare } = answer;
  const step = await scene.session.receive(asIncoming(bare));
  assert.equal(step.end?.outcome, 'unauthenticated');
  assert.equal(line({ from: 'client', message: sentBy(step).message }), 'C3 SyncHdr=407 Alert=407');
});

test('a MaxMsgSize or MaxObjSize of 0 says nothing of what the server takes', async () => {
  const scene = stage({ packages });
  const { message } = await begun(scene);
  const header = { ...message.header, meta: { maxMsgSize: 0, maxObjSize: 0 } };
  const step = await scene.session.receive(asIncoming({ message: { ...message, header } }));
  assert.equal(
    line({ from: 'client', message: sentBy(step).message }),
    'C2 SyncHdr=200 Get=200 Results Final',
  );
});

test('a session that its host fails while a command runs ends there: nothing goes out any more', async () => {
  const { execute, release, begun: running } = held();
  const scene = stage({ client: { execute }, packages });
  const receiving = scene.session.receive(asIncoming(await begun(scene)));
  await running;
  const failed = scene.session.fail('the disk is full');
  assert.equal(failed.end?.outcome, 'failed');
  release();
  const step = await receiving;
  assert.deepEqual([step.send, step.end], [undefined, failed.end]);
  assert.deepEqual(effectsOf(step.effects, 'peer-authenticated'), [], 'told already');
});

test('package #1 that has to go out again is cut anew by what the server has said it takes', async () => {
  const devInfo = Array.from({ length: 12 }, (_, index) => ({
    uri: `./DevInfo/Ext/Leaf${index}`,
    data: 'x'.repeat(40),
  }));
  const { client, server } = twoWay('md5', { client: 'old', clientAtServer: 'new' });
  const requestedObjects = [devInfo, devInfo];
  const scene = await converse(
    stage({ client: { ...client, requestedObjects }, server: { ...server, maxMsgSize: 3000 }, packages }),
  );
  assert.deepEqual(lines(scene).slice(0, 5), [
    'C1 Cred Alert:1200 Replace Replace Replace Final',
    'S1 SyncHdr=401+Chal Alert=401 Replace=401 Replace=401 Replace=401 Final',
    'C2 Cred Alert:1200 Replace Replace',
    'S2 Cred SyncHdr=212+Chal Alert=200 Replace=200 Replace=200 Alert:1222',
    'C3 SyncHdr=212+Chal Alert=200 Replace Final',
  ]);
  assert.deepEqual(scene.server.ended, { outcome: 'completed' });
  assert.equal(effectsOf(scene.serverEffects, 'received').length, 4);
});

test('a message with Statuses that has to go out again goes out as it was', async () => {
  const scene = stage({ ...twoWay('hmac'), packages });
  const answer = await begun(scene);
  const reply = sentBy(await scene.session.receive(asIncoming(answer)));
  const nextNonce = new Uint8Array(16).fill(5);
  const challenge: Status = {
    name: 'Status',
    cmdId: '1',
    msgRef: reply.message.header.msgId,
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [],
    sourceRefs: [],
    chal: { meta: { type: 'syncml:auth-MAC', format: 'b64', nextNonce } },
    data: '401',
    items: [],
  };
  const message: DmMessage = {
    header: { ...answer.message.header, msgId: '2' },
    commands: [challenge],
    final: true,
  };
  const again = sentBy(await scene.session.receive(asIncoming({ message })));
  assert.deepEqual(again.message.commands, reply.message.commands);
  assert.equal(again.message.header.msgId, '3');
  assert.deepEqual(scene.executed, ['Get ./A'], 'nothing is carried out twice');
});

test('a device that names no encoding has XML', async () => {
  const execute: ClientSessionOptions['execute'] = async ({ item: { target } }) => ({
    status: 200,
    results: [{ source: { uri: target?.uri ?? '' }, data: '<&>'.repeat(1000) }],
  });
  const talk = async (client: Partial<ClientSessionOptions>) =>
    await converse(stage({ client: { execute, ...client }, server: { maxMsgSize: 2000 }, packages }));
  const unnamed = await talk({});
  assert.deepEqual(unnamed.server.ended, { outcome: 'completed' });
  assert.ok(unnamed.messages.length > 10);
  assert.deepEqual(unnamed.octets, (await talk({ encoding: 'xml' })).octets);
});

test('a device whose account has neither credentials nor a name says what it is by its DevId alone', () => {
  const bare = sentBy(stage().session.start()).message.header;
  assert.deepEqual([bare.source.name, bare.cred], [undefined, undefined]);
  assert.deepEqual(bare.meta, { maxMsgSize: 16_384, maxObjSize: 1_048_576 });
  const account = { serverId, serverUri, client: credentials('client', 'basic') };
  assert.equal(sentBy(stage({ client: { account } }).session.start()).message.header.source.name, 'Bruce2');
});

test('what the server says of commands is noted: failures, and Statuses for messages that wait for none', async () => {
  const scene = stage({ packages });
  const answer = await begun(scene);
  const { message } = answer;
  const said = (more: Partial<Status>): Status => ({
    name: 'Status',
    cmdId: '9',
    msgRef: '1',
    cmdRef: '2',
    cmd: 'Replace',
    targetRefs: [],
    sourceRefs: [],
    data: '200',
    items: [],
    ...more,
  });
  for (const [more, notes] of [
    [{}, []],
    [{ data: '299' }, []],
    [{ data: '300' }, ['the server answers a command with a failure']],
    [{ data: '500' }, ['the server answers a command with a failure']],
    [{ msgRef: '7', data: '500' }, ['a Status is for no message that waits for one']],
    // Of a SyncHdr: the first one for the last message counts, and no other is one of a command.
    [{ cmdRef: '0', cmd: 'SyncHdr', data: '500' }, []],
    [{ msgRef: '7', cmdRef: '0', cmd: 'SyncHdr' }, []],
  ] as const) {
    const one = stage();
    one.session.start();
    const step = await one.session.receive(
      asIncoming({ message: { ...message, commands: [...message.commands, said(more)] } }),
    );
    assert.deepEqual(
      effectsOf(step.effects, 'note').map(({ text }) => text),
      notes,
      JSON.stringify(more),
    );
  }
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
  assert.match(line({ from: 'server', message: step.send.message }), /Alert:1223 Final$/);
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
