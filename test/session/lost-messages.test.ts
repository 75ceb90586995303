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
  { name: 'large objects both ways under MD5', scene: large(twoWay('md5')), messages: 18 },
  { name: 'large objects both ways under HMAC', scene: large(twoWay('hmac')), messages: 24 },
];

/** Everything that a run without losses does. */
const done: readonly string[] = ['Get ./A', 'Replace ./B', 'Get ./C'];

function large(scene: Scene): Scene {
  const { client, server } = scene;
  return { client: { ...client, maxMsgSize: 2600 }, server: { ...server, maxMsgSize: 2600 } };
}

function packagesOf(scene: Scene): readonly (readonly ManagementCommand[])[] {
  if (scene.client?.maxMsgSize === undefined) return packages;
  const data = 'x'.repeat(4000);
  return [
    [get('a', './A'), { name: 'Replace', cmdId: 'b', items: [{ target: { uri: './B' }, data }] }],
    [get('c', './C')],
  ];
}

function staged(scene: Scene): Recorded {
  const run: Recorded = stage({
    ...scene,
    client: {
      ...scene.client,
      execute: async ({ name, item }) => {
        const uri = item.target?.uri ?? '';
        run.executed.push(`${name} ${uri}`);
        const data = scene.client?.maxMsgSize === undefined ? 'v' : 'y'.repeat(4000);
        return name === 'Get' ? { status: 200, results: [{ source: { uri }, data }] } : { status: 200 };
      },
    },
    packages: packagesOf(scene),
  });
  return run;
}

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
    const run = await converse(staged(scene));
    assert.equal(run.messages.length, messages);
    assert.deepEqual(
      [run.session.ended, run.server.ended],
      [{ outcome: 'completed' }, { outcome: 'completed' }],
    );
  });

  for (let n = 1; n <= messages; n += 1) {
    test(`${name}: message ${n} lost: both ends end, and the next session works`, async () => {
      const run = await converse(staged(scene), only(n, 'drop'));
      assertDefined(run);
      // Without the last message the server is done and the device cannot know it.
      assert.equal(run.session.ended?.outcome, 'failed');
      if (n === messages) assert.equal(run.server.ended?.outcome, 'completed');
      await assertNextSession(run, scene);
    });

    test(`${name}: message ${n} lost, and the client repeats itself: everything is done, once`, async () => {
      const run = await converse(staged(scene), only(n, 'drop'), 1);
      assert.deepEqual(
        [run.session.ended, run.server.ended],
        [{ outcome: 'completed' }, { outcome: 'completed' }],
      );
      assert.deepEqual(run.executed, done);
      assert.equal(effectsOf(run.serverEffects, 'answered').length, 3);
    });

    test(`${name}: message ${n} sent twice changes nothing`, async () => {
      const run = await converse(staged(scene), only(n, 'twice'));
      assert.deepEqual(
        [run.session.ended, run.server.ended],
        [{ outcome: 'completed' }, { outcome: 'completed' }],
      );
      assert.deepEqual(run.executed, done);
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
    staged({
      client: {
        ...client,
        defaultNonce: false,
        account: {
          ...account,
          client: { ...account.client, nonce: atClient.client },
          server: { ...account.server, nonce: atClient.server },
        },
      },
      server: {
        ...server,
        acceptDefaultNonce: false,
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
