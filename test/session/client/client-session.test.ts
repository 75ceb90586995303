// What a device's session tells its host besides the messages themselves: what to repeat, what to keep, what to take back.
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
