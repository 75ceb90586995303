// Each single message of a session dropped, or delivered twice: both ends must end in a defined state, agree on what
// was done, and be able to hold the next session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../src/codec/syncml/index.ts';
import type { SessionCredentials } from '../../src/session/index.ts';
import {
  type Carrier,
  converse,
  effectsOf,
  get,
  noncesAfter,
  type Recorded,
  type Scene,
  stage,
  twoWay,
} from './conversation.ts';

const packages: readonly (readonly ManagementCommand[])[] = [
  [get('a', './A'), { name: 'Replace', cmdId: 'b', items: [{ target: { uri: './B' }, data: 'b' }] }],
  [get('c', './C')],
];

const scenes: readonly { readonly name: string; readonly scene: Scene; readonly messages: number }[] = [
  { name: 'no credentials', scene: {}, messages: 6 },
  { name: 'basic', scene: twoWay('basic'), messages: 6 },
  { name: 'MD5', scene: twoWay('md5'), messages: 6 },
  { name: 'HMAC', scene: twoWay('hmac'), messages: 6 },
  {
    name: 'MD5, stale client nonce',
    scene: twoWay('md5', { client: 'a', clientAtServer: 'b' }),
    messages: 8,
  },
  {
    name: 'MD5, stale server nonce',
    scene: twoWay('md5', { server: 'a', serverAtClient: 'b' }),
    messages: 8,
  },
  { name: 'HMAC, both stale', scene: stale('hmac'), messages: 10 },
  { name: 'resynchronisation', scene: resynchronising(), messages: 6 },
];

function stale(scheme: SessionCredentials['scheme']): Scene {
  return twoWay(scheme, { client: 'a', clientAtServer: 'b', server: 'c', serverAtClient: 'd' });
}

function resynchronising(): Scene {
  const { client, server } = stale('md5');
  return { client: { ...client, defaultNonce: true }, server: { ...server, acceptDefaultNonce: true } };
}

const only =
  (wanted: number, fate: 'drop' | 'twice'): Carrier =>
  (n) =>
    n === wanted ? fate : 'pass';

for (const { name, scene, messages } of scenes) {
  test(`${name}: takes ${messages} messages when none is lost`, async () => {
    const run = await converse(stage({ ...scene, packages }));
    assert.equal(run.messages.length, messages);
    assert.deepEqual(
      [run.session.ended, run.server.ended],
      [{ outcome: 'completed' }, { outcome: 'completed' }],
    );
  });

  for (let n = 1; n <= messages; n += 1) {
    test(`${name}: message ${n} lost: both ends end, and the next session works`, async () => {
      const run = await converse(stage({ ...scene, packages }), only(n, 'drop'));
      assertDefined(run);
      // Without the last message the server is done and the device cannot know it.
      assert.equal(run.session.ended?.outcome, 'failed');
      if (n === messages) assert.equal(run.server.ended?.outcome, 'completed');
      await assertNextSession(run, scene);
    });

    test(`${name}: message ${n} lost, and the client repeats itself: everything is done, once`, async () => {
      const run = await converse(stage({ ...scene, packages }), only(n, 'drop'), 1);
      assert.deepEqual(
        [run.session.ended, run.server.ended],
        [{ outcome: 'completed' }, { outcome: 'completed' }],
      );
      assert.deepEqual(run.executed, ['Get ./A', 'Replace ./B', 'Get ./C']);
      assert.equal(effectsOf(run.serverEffects, 'answered').length, 3);
    });

    test(`${name}: message ${n} sent twice changes nothing`, async () => {
      const run = await converse(stage({ ...scene, packages }), only(n, 'twice'));
      assert.deepEqual(
        [run.session.ended, run.server.ended],
        [{ outcome: 'completed' }, { outcome: 'completed' }],
      );
      assert.deepEqual(run.executed, ['Get ./A', 'Replace ./B', 'Get ./C']);
      assert.equal(effectsOf(run.serverEffects, 'answered').length, 3);
    });
  }
}

/** What was answered was done, each command at most once. */
function assertDefined(run: Recorded): void {
  assert.ok(run.session.ended !== undefined && run.server.ended !== undefined);
  assert.equal(new Set(run.executed).size, run.executed.length);
  const answered = effectsOf(run.serverEffects, 'answered').filter(({ statuses }) => statuses.length > 0);
  assert.ok(answered.length <= run.executed.length);
}

/** Each end with the nonces that it made durable; the notification is not in question here, so no resynchronisation. */
async function assertNextSession(run: Recorded, scene: Scene): Promise<void> {
  const { client, server } = scene;
  const account = client?.account;
  if (account?.client === undefined || account.server === undefined) return;
  if (server?.client === undefined || server.server === undefined) return;
  const atClient = noncesAfter(run.clientEffects, {
    client: account.client.nonce,
    server: account.server.nonce,
  });
  const atServer = noncesAfter(run.serverEffects, {
    client: server.client.nonce,
    server: server.server.nonce,
  });
  const next = await converse(
    stage({
      client: {
        account: {
          ...account,
          client: { ...account.client, nonce: atClient.client },
          server: { ...account.server, nonce: atClient.server },
        },
      },
      server: {
        client: { ...server.client, nonce: atServer.client },
        server: { ...server.server, nonce: atServer.server },
      },
      packages,
    }),
  );
  assert.deepEqual(
    [next.session.ended, next.server.ended],
    [{ outcome: 'completed' }, { outcome: 'completed' }],
  );
  assert.equal(next.executed.length, 3);
}
