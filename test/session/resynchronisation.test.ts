import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToUtf8 } from '../../src/core/index.ts';
import type { SessionEffect } from '../../src/session/index.ts';
import {
  asIncoming,
  converse,
  credentials,
  effectsOf,
  get,
  lines,
  noncesAfter,
  type Scene,
  stage,
  twoWay,
} from './conversation.ts';

const rows = 'N12-C-003 N12-S-004 N10-C-003 N10-S-004';
const oneGet = [[get('a', './DevInfo/Man')]];
const completed = { outcome: 'completed' };
const kinds = (effects: readonly SessionEffect[]): string[] =>
  effects.map(({ effect }) => effect).filter((effect) => effect !== 'received' && effect !== 'answered');

/** Both ends in a resynchronisation; `nonces` as `twoWay`. */
function outOfStep(
  nonces: Parameters<typeof twoWay>[1],
  scheme: Parameters<typeof twoWay>[0] = 'md5',
  acceptDefaultNonce = true,
): Required<Pick<Scene, 'client' | 'server'>> {
  const { client, server } = twoWay(scheme, nonces);
  return { client: { ...client, defaultNonce: true }, server: { ...server, acceptDefaultNonce } };
}

for (const [what, nonces] of [
  ['the client nonce', { client: 'old', clientAtServer: 'new' }],
  ['the server nonce', { server: 'old', serverAtClient: 'new' }],
  ['both nonces', { client: 'a', clientAtServer: 'b', server: 'c', serverAtClient: 'd' }],
  ['both nonces, unknown to the server', { clientAtServer: '', server: '', serverAtClient: 'd' }],
] as const) {
  for (const packages of [[], oneGet]) {
    const doing = packages.length === 0 ? 'nothing to do' : 'a command';
    test(`${rows} DM-NOTI-1.2 §5.1: ${what} out of step, ${doing}: one exchange, both sides fresh`, async () => {
      const scene = await converse(stage({ ...outOfStep(nonces), packages }));
      assert.deepEqual(lines(scene), [
        'C1 Cred Alert:1200 Replace Final',
        `S1 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final`,
        `C2 SyncHdr=212+Chal Get=200 Results Final`,
        'S2 SyncHdr=212 Final',
      ]);
      // Step 3: credentials under the default nonce.
      assert.equal(scene.messages[0]?.message.header.cred?.data, 'cnPI6nO9RgujiHU0y58kNA==');
      const order = ['peer-authenticated', 'client-nonce', 'server-nonce', 'resynchronised'];
      assert.deepEqual(kinds(scene.clientEffects), order);
      assert.deepEqual(kinds(scene.serverEffects), order);
      for (const effects of [scene.clientEffects, scene.serverEffects]) {
        assert.equal(effectsOf(effects, 'peer-authenticated')[0]?.defaultNonce, true);
      }
      const none = { client: new Uint8Array(), server: new Uint8Array() };
      const held = noncesAfter(scene.clientEffects, none);
      assert.deepEqual(held, noncesAfter(scene.serverEffects, none));
      assert.equal(held.client.length, 16);
      assert.notDeepEqual(held.client, held.server);
      assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    });
  }
}

test(`${rows} DM-NOTI-1.2 §5.1: under HMAC as well`, async () => {
  const scene = await converse(
    stage({ ...outOfStep({ client: 'a', clientAtServer: 'b' }, 'hmac'), packages: oneGet }),
  );
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
  assert.ok(kinds(scene.clientEffects).includes('resynchronised'));
  assert.ok(kinds(scene.serverEffects).includes('resynchronised'));
});

test(`${rows} DM-NOTI-1.2 §5.1: with basic credentials the nonce of notifications is renewed all the same`, async () => {
  const scene = await converse(stage(outOfStep({}, 'basic')));
  assert.deepEqual(lines(scene), [
    'C1 Cred Alert:1200 Replace Final',
    'S1 Cred SyncHdr=212 Alert=200 Replace=200 Get Final',
    'C2 SyncHdr=212+Chal Get=200 Results Final',
    'S2 SyncHdr=212 Final',
  ]);
  assert.deepEqual(kinds(scene.clientEffects), ['peer-authenticated', 'server-nonce', 'resynchronised']);
  assert.deepEqual(kinds(scene.serverEffects), ['peer-authenticated', 'server-nonce', 'resynchronised']);
});

test('a device that knows of no resynchronisation has answered commands: the server does not wait for a nonce', async () => {
  const { client, server } = twoWay('basic');
  const scene = await converse(
    stage({ client, server: { ...server, acceptDefaultNonce: true }, packages: oneGet }),
  );
  assert.equal(lines(scene).at(-1), 'S2 SyncHdr=212 Final');
  assert.deepEqual(scene.server.ended, completed);
  assert.deepEqual(effectsOf(scene.serverEffects, 'note'), []);
});

test('spec-notes ruling 12: the default nonce is refused for any other Session-ID', async () => {
  const nonces = { client: 'a', clientAtServer: 'b', server: 'c', serverAtClient: 'd' };
  const scene = await converse(stage({ ...outOfStep(nonces, 'md5', false), packages: oneGet }));
  assert.deepEqual(lines(scene), [
    'C1 Cred Alert:1200 Replace Final',
    'S1 SyncHdr=401+Chal Alert=401 Replace=401 Final',
    'C2 Cred Alert:1200 Replace Final',
    'S2 Cred SyncHdr=212+Chal Alert=200 Replace=200 Get Final',
    'C3 SyncHdr=401+Chal Get=401 Final',
    'S3 Cred SyncHdr=212 Get Final',
    'C4 SyncHdr=212+Chal Get=200 Results Final',
    'S4 SyncHdr=212 Final',
  ]);
  assert.ok(!kinds(scene.serverEffects).includes('resynchronised'));
  assert.deepEqual(effectsOf(scene.serverEffects, 'peer-authenticated')[0]?.defaultNonce, false);
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
});

test('spec-notes ruling 12: the default nonce is taken once, not after it failed', async () => {
  const { client, server } = twoWay('md5');
  const account = { ...client.account, client: { ...credentials('client', 'md5'), secret: 'guess' } };
  const scene = stage({
    client: { account, defaultNonce: true },
    server: { ...server, acceptDefaultNonce: true },
  });
  await converse(scene);
  assert.equal(scene.server.ended?.outcome, 'unauthenticated');
});

test('a device in step does not take the default nonce from a server', async () => {
  const { client } = twoWay('md5');
  const { server } = outOfStep({ server: '' });
  const scene = await converse(
    stage({ client, server: { ...server, acceptDefaultNonce: true }, packages: oneGet }),
  );
  // The server proves itself under the default nonce, is refused, and then takes the fresh one.
  assert.match(lines(scene)[2] ?? '', /^C2 SyncHdr=401\+Chal Get=401 Final$/);
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
});

test('a device that answers an earlier notification in step is believed under its stored nonce', async () => {
  const { client, server } = twoWay('md5');
  const scene = await converse(
    stage({ client, server: { ...server, acceptDefaultNonce: true }, packages: oneGet }),
  );
  assert.equal(scene.messages.length, 4);
  assert.equal(effectsOf(scene.serverEffects, 'peer-authenticated')[0]?.defaultNonce, false);
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
});

test('DM-NOTI-1.2 §5.1: a device that does not go on after package 2 leaves the server nonce as it was', async () => {
  for (const confirmCredentials of [true, false]) {
    const { client, server } = outOfStep({});
    const scene = stage({ client, server: { ...server, confirmCredentials } });
    await converse(scene, (n) => (n === 3 ? 'drop' : 'pass'));
    assert.equal(scene.server.ended?.outcome, confirmCredentials ? 'failed' : 'completed');
    assert.deepEqual(
      effectsOf(scene.serverEffects, 'note').map(({ text }) => text),
      confirmCredentials ? [] : ['the client did not renew the server nonce'],
    );
    assert.ok(!kinds(scene.serverEffects).includes('resynchronised'));
    assert.deepEqual(effectsOf(scene.serverEffects, 'server-nonce'), []);
  }
});

test('DM-NOTI-1.2 §5.1: without a command of the session, the renewal itself goes on to package 3', async () => {
  const { client, server } = outOfStep({ client: 'a', clientAtServer: 'b' });
  const scene = await converse(stage({ client, server: { ...server, confirmCredentials: false } }));
  assert.deepEqual(lines(scene).slice(1), [
    'S1 Cred SyncHdr=212+Chal Alert=200 Replace=200 Final',
    'C2 SyncHdr=212+Chal Final',
    'S2 SyncHdr=212 Final',
  ]);
  assert.ok(kinds(scene.clientEffects).includes('resynchronised'));
});

for (const before of ['server nonce', '']) {
  const what = before === '' ? 'none' : 'the one before';
  test(`DM-NOTI-1.2 §5.1: a server that certainly did not take the renewal leaves the device with ${what}`, async () => {
    // A server that did not offer the default nonce, and is over after package 2.
    const { client, server } = outOfStep({ server: before }, 'md5', false);
    for (const arrived of [false, true]) {
      const scene = stage({ client, server: { ...server, confirmCredentials: false } });
      let step = scene.session.start();
      while (!step.effects.some(({ effect }) => effect === 'server-nonce')) {
        assert.ok(step.send);
        const answer = await scene.server.receive(asIncoming(step.send));
        assert.ok(answer.send);
        step = await scene.session.receive(asIncoming(answer.send));
      }
      const end = arrived ? scene.session.fail('no connection') : scene.session.refused('HTTP status 409');
      assert.equal(end.end?.outcome, 'failed');
      const takenBack = effectsOf(end.effects, 'server-nonce').map(({ nonce }) => bytesToUtf8(nonce));
      assert.deepEqual(takenBack, arrived ? [] : [before]);
    }
  });
}

test('DM-NOTI-1.2 §5.1, step 5: a device without a server nonce gives one, though the server has no commands', async () => {
  const { client, server } = twoWay('md5', { server: '', serverAtClient: '' });
  const scene = await converse(stage({ client, server: { ...server, confirmCredentials: false } }));
  assert.deepEqual(lines(scene).slice(-2), ['C2 SyncHdr=212+Chal Final', 'S2 SyncHdr=212 Final']);
  assert.equal(effectsOf(scene.serverEffects, 'server-nonce').length, 1);
});

test('DM-NOTI-1.2 §5.1, step 6: without a fresh client nonce the ends are not in step again', async () => {
  const { client, server } = outOfStep({ client: 'a', clientAtServer: 'b' });
  const scene = stage({ client, server, packages: [...oneGet, ...oneGet] });
  let step = scene.session.start();
  const effects = [...step.effects];
  for (let rounds = 0; rounds < 5 && step.send !== undefined && step.end === undefined; rounds += 1) {
    const { send } = await scene.server.receive(asIncoming(step.send));
    assert.ok(send);
    const commands = send.message.commands.map((command) => {
      if (command.name !== 'Status') return command;
      const { chal: _chal, ...bare } = command;
      return bare;
    });
    step = await scene.session.receive(asIncoming({ ...send, message: { ...send.message, commands } }));
    effects.push(...step.effects);
  }
  assert.deepEqual(step.end, completed);
  assert.deepEqual(kinds(effects), ['peer-authenticated', 'server-nonce']);
});
