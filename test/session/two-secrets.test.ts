// A secret that is being replaced: either of the two is taken from the client, and the server shows the other one when the
// client refuses the first (DM-SEC-1.2, DM-NOTI-1.2 §5.1 step 6).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8ToBytes } from '../../src/core/index.ts';
import { makeCred, type SessionCredentials, verifyCred } from '../../src/security/index.ts';
import { converse, credentials, get, lines, type Scene, stage } from './conversation.ts';

const completed = { outcome: 'completed' };
const schemes = ['basic', 'md5', 'hmac'] as const;

/** Both ends, with what each holds of a side's secret. */
function scene(
  scheme: SessionCredentials['scheme'],
  side: 'client' | 'server',
  held: string,
  known: { readonly secret: string; readonly otherSecret?: string },
): Scene {
  const other = side === 'client' ? 'server' : 'client';
  const both = credentials(other, 'md5', 'Other');
  const ofDevice = { ...credentials(side, scheme, 'Nonce'), secret: held };
  const ofServer = { ...credentials(side, scheme, 'Nonce'), ...known };
  return {
    client: {
      account: {
        serverId: 'com.mgmtsrv.manage',
        serverUri: 'https://dm.example/',
        [side]: ofDevice,
        [other]: both,
      },
    },
    server: { [side]: ofServer, [other]: both },
    packages: [[get('a', './A')], [get('b', './B')]],
  };
}

for (const scheme of schemes) {
  test(`${scheme}: the client may prove itself under either secret, and under no third`, async () => {
    for (const held of ['old', 'new']) {
      const played = await converse(
        stage(scene(scheme, 'client', held, { secret: 'old', otherSecret: 'new' })),
      );
      assert.deepEqual([played.session.ended, played.server.ended], [completed, completed], held);
      assert.deepEqual(played.executed, ['Get ./A', 'Get ./B']);
      // At once: no challenge was needed.
      assert.doesNotMatch(lines(played).join('\n'), /SyncHdr=40[17]/);
    }
    const third = await converse(
      stage(scene(scheme, 'client', 'third', { secret: 'old', otherSecret: 'new' })),
    );
    assert.equal(third.server.ended?.outcome, 'unauthenticated');
    assert.deepEqual(third.executed, []);
  });

  test(`${scheme}: a client that holds the other secret refuses the first one, and takes the server then`, async () => {
    for (const [held, known] of [
      ['new', { secret: 'old', otherSecret: 'new' }],
      ['old', { secret: 'new', otherSecret: 'old' }],
    ] as const) {
      const played = await converse(stage(scene(scheme, 'server', held, known)));
      assert.deepEqual([played.session.ended, played.server.ended], [completed, completed], held);
      assert.deepEqual(played.executed, ['Get ./A', 'Get ./B']);
      const refusals = lines(played).filter((line) => /^C\d+ .*SyncHdr=401/.test(line));
      assert.equal(refusals.length, 1, lines(played).join('\n'));
    }
  });

  test(`${scheme}: the first secret is enough where the client holds it`, async () => {
    const played = await converse(
      stage(scene(scheme, 'server', 'old', { secret: 'old', otherSecret: 'new' })),
    );
    assert.deepEqual(played.server.ended, completed);
    assert.doesNotMatch(lines(played).join('\n'), /SyncHdr=40[17]/);
  });

  test(`${scheme}: a client that holds neither is given up`, async () => {
    const played = await converse(
      stage(scene(scheme, 'server', 'third', { secret: 'old', otherSecret: 'new' })),
    );
    assert.equal(played.server.ended?.outcome, 'unauthenticated');
    assert.deepEqual(played.executed, []);
  });
}

test('a client that asks for another scheme has not refused the secret: it is shown again, under that scheme', async () => {
  const shown = scene('md5', 'server', 'old', { secret: 'old', otherSecret: 'new' });
  const { server } = shown;
  assert.ok(server?.server);
  const played = await converse(
    stage({ ...shown, server: { ...server, server: { ...server.server, scheme: 'basic' } } }),
  );
  assert.deepEqual(played.server.ended, completed);
});

test('credentials under the other secret are as good as under the first, each nonce tried', () => {
  const nonces = ['a', 'b'].map((text) => utf8ToBytes(text));
  const both = { name: 'n', secret: 'old', otherSecret: 'new' };
  for (const secret of ['old', 'new', 'third']) {
    for (const nonce of nonces) {
      const cred = makeCred('md5', { name: 'n', secret }, nonce);
      const verdict = verifyCred(
        { cred, body: new Uint8Array() },
        { credentials: both, schemes: ['md5'], nonces },
      );
      const accepted = { verdict: 'accepted', scheme: 'md5', nonce } as const;
      assert.deepEqual(verdict, secret === 'third' ? { verdict: 'wrong' } : accepted);
    }
  }
});
