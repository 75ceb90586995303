// Spec-notes ruling 15: a session without commands makes the client say whether the server's credentials hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientReport } from '../../src/session/index.ts';
import { converse, credentials, effectsOf, get, lines, noncesAfter, stage, twoWay } from './conversation.ts';

const completed = { outcome: 'completed' };

for (const scheme of ['basic', 'md5', 'hmac'] as const) {
  test(`ruling 15: nothing to do under ${scheme}: one Get, completed on both ends, both hold the same nonces`, async () => {
    const said: (readonly ClientReport[])[] = [];
    const { client, server } = twoWay(scheme);
    const commands = {
      next: async (reports: readonly ClientReport[]) => {
        said.push(reports);
        return [];
      },
    };
    const scene = await converse(stage({ client, server: { ...server, commands } }));
    assert.equal(scene.messages.length, 4);
    assert.match(lines(scene)[1] ?? '', / Replace=200 Get Final$/);
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    assert.deepEqual(effectsOf(scene.serverEffects, 'answered'), [], 'its own command is not reported');
    assert.deepEqual(effectsOf(scene.serverEffects, 'note'), []);
    assert.deepEqual(
      said.map((reports) => reports.map(({ effect }) => effect)),
      [['received', 'received'], []],
      'the provider gets another chance, and is told nothing',
    );
    const none = { client: new Uint8Array(0), server: new Uint8Array(0) };
    const held = noncesAfter(scene.clientEffects, none);
    assert.deepEqual(held, noncesAfter(scene.serverEffects, none));
    assert.equal(held.server.length, scheme === 'basic' ? 0 : 16);
  });

  test(`ruling 15: a server that does not know its secret under ${scheme} is not completed`, async () => {
    const { client, server } = twoWay(scheme);
    const wrong = { ...credentials('server', scheme, 'server nonce'), secret: 'guess' };
    const scene = await converse(stage({ client, server: { ...server, server: wrong } }));
    assert.equal(scene.session.ended?.outcome, 'unauthenticated');
    assert.equal(scene.server.ended?.outcome, 'unauthenticated');
    assert.deepEqual(effectsOf(scene.serverEffects, 'answered'), []);
  });
}

for (const scheme of ['md5', 'hmac'] as const) {
  test(`ruling 15: a client reset to older nonces recovers in the same session under ${scheme}`, async () => {
    const nonces = { client: 'a', clientAtServer: 'b', server: 'c', serverAtClient: 'd' };
    const scene = await converse(stage(twoWay(scheme, nonces)));
    assert.equal(lines(scene)[4], 'C3 SyncHdr=401+Chal Get=401 Final');
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    const none = { client: new Uint8Array(0), server: new Uint8Array(0) };
    const held = noncesAfter(scene.clientEffects, none);
    assert.deepEqual(held, noncesAfter(scene.serverEffects, none));
    assert.equal(held.server.length, 16);
  });
}

test('ruling 15: work that comes up while the client confirms is done in the same session', async () => {
  const packages = [[], [get('a', './A')]];
  const scene = await converse(stage({ ...twoWay('md5'), packages }));
  assert.deepEqual(scene.executed, ['Get ./DevInfo/DevId', 'Get ./A']);
  assert.equal(effectsOf(scene.serverEffects, 'answered').length, 1);
  assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
});

test('ruling 15: a client that does not answer package 2 has not completed the session', async () => {
  const scene = await converse(stage(twoWay('md5')), (n) => (n === 3 ? 'drop' : 'pass'));
  assert.deepEqual(scene.server.ended, {
    outcome: 'failed',
    reason: "the client did not answer in time, nor say that the server's credentials hold",
  });
});

test('ruling 15: switched off, or without credentials of the server, package 2 is the last', async () => {
  const { client, server } = twoWay('md5');
  const off = await converse(stage({ client, server: { ...server, confirmCredentials: false } }));
  assert.equal(off.messages.length, 2);
  assert.deepEqual([off.session.ended, off.server.ended], [completed, completed]);
  const bare = await converse(stage());
  assert.equal(bare.messages.length, 2);
});
