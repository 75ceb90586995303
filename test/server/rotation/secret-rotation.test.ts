// A secret is replaced on the device, in the session that follows (DM-NOTI-1.2 §5.1 and DM-NOTI-1.3-2010 §5.1, step 6;
// spec-notes ruling 27): what signs which push, what proves whom in sessions, what the device's trees and statuses lead to.
// Digests are computed here by Node's own hashes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { StoreError, secretStrength, ValueError } from '../../../src/core/index.ts';
import { rotationTries } from '../../../src/server/index.ts';
import type { ClientSessionOptions } from '../../../src/session/index.ts';
import { openRotation, type RotatedSide } from '../../../src/store/index.ts';
import { eventually, rejectsWith, sampleDevice } from '../../../src/testing/index.ts';
import { type ServerBench, type ServerBenchOptions, withServer } from '../server-bench.ts';

const deviceId = sampleDevice().id;
const { serverId, serverCredentials } = sampleDevice();
const nonce = serverCredentials.nonce ?? new Uint8Array(0);
const hash = (name: string, ...parts: (string | Uint8Array)[]): Buffer => {
  const hashing = createHash(name);
  for (const part of parts) hashing.update(part);
  return hashing.digest();
};

/** Under which of the secrets and nonces an MD5 digest holds (DM-NOTI-1.2 §6.2.2), as `secret nonce`. */
function signedUnder(body: Uint8Array, secrets: Readonly<Record<string, string>>): string | undefined {
  const trigger = hash('md5', body.subarray(16)).toString('base64');
  for (const [name, secret] of Object.entries(secrets)) {
    const credentials = hash('md5', `${serverId}:${secret}`).toString('base64');
    for (const [which, octets] of [
      ['stored', nonce],
      ['default', new Uint8Array(4)],
    ] as const) {
      const digest = hash('md5', `${credentials}:`, octets, `:${trigger}`);
      if (digest.equals(body.subarray(0, 16))) return `${name} ${which}`;
    }
  }
  return undefined;
}

/** The nodes of the device's accounts: values by URI, children with slashes between their names. */
const ownTree: Readonly<Record<string, string>> = {
  './DMAcc': 'Other/Operator',
  './DMAcc/Other/ServerID': 'com.example.other',
  './DMAcc/Operator/ServerID': serverId,
  './DMAcc/Operator/AppAuth': '1/2',
  './DMAcc/Operator/AppAuth/1/AAuthLevel': 'CLCRED',
  './DMAcc/Operator/AppAuth/1/AAuthType': 'DIGEST',
  './DMAcc/Operator/AppAuth/2/AAuthLevel': 'SRVCRED',
  './DMAcc/Operator/AppAuth/2/AAuthType': 'DIGEST',
};

/** A device's end of commands: Get from a tree, Replace with a status, and what it was asked. */
function treeOf(tree: Readonly<Record<string, string>>, replaceStatus = 200) {
  const asked: string[] = [];
  const replaced: Record<string, unknown> = {};
  const execute: ClientSessionOptions['execute'] = async ({ name, item }) => {
    const uri = item.target?.uri ?? '';
    asked.push(`${name} ${uri}`);
    if (name === 'Replace') {
      if (replaceStatus === 200) replaced[uri] = item.data;
      return { status: replaceStatus };
    }
    const value = tree[uri];
    if (value === undefined) return { status: 404 };
    return { status: 200, results: [{ source: { uri }, data: value }] };
  };
  return { asked, replaced, execute };
}

async function begin({ server }: ServerBench, value: object = {}) {
  const begun = await server.rotations.begin(deviceId, value);
  assert.ok(begun);
  return begun;
}

const rotationOf = async ({ store }: ServerBench, side: RotatedSide) =>
  (await store.device(deviceId))?.rotations?.[side];

/** The device answers the n-th push. */
async function answerPush(bench: ServerBench, index: number, execute: ClientSessionOptions['execute']) {
  const { push } = await eventually(() => bench.wap.pushes[index], `push ${index}`);
  const run = await bench.device.take(push, { execute });
  assert.ok(run, 'the device takes the push');
  return run;
}

/** A session of the device that ends without a word once `gone` says so: nothing it has to say after that goes out. */
async function vanish(
  { server, device }: ServerBench,
  sessionId: number,
  execute: ClientSessionOptions['execute'],
  gone: () => boolean,
): Promise<void> {
  const session = device.open({ sessionId, execute });
  let step = session.start();
  while (step.send !== undefined) {
    device.keep(step);
    const response = await server.endpoint.handle(device.request(step.send));
    step = await session.receive(device.read(response));
    if (gone()) return;
  }
  assert.fail('the session ended');
}

const options = (more: Partial<ServerBenchOptions['server']> = {}): ServerBenchOptions => ({
  server: { policy: { answerTimeoutMs: 1000, attempts: 5 }, ...more },
});

test('a secret is made, kept, given once, and strong; one that is given is not given back', () =>
  withServer(options(), async (bench) => {
    const made = await begin(bench, { wake: false });
    const { secret = '' } = made;
    assert.match(secret, /^[A-Za-z0-9_-]{22,}$/);
    assert.ok(secretStrength(secret).strong);
    assert.equal(openRotation((await bench.store.device(deviceId))?.rotations, 'server')?.secret, secret);
    const given = await begin(bench, { which: 'client', secret: 'kL9-vQ2_xT7mRf4WnB8sZe', wake: false });
    assert.equal(given.secret, undefined);
    assert.equal(given.notification, undefined);
    assert.equal((await bench.store.device(deviceId))?.rotations?.client?.secret, 'kL9-vQ2_xT7mRf4WnB8sZe');
  }));

test('what cannot be replaced, and how, is refused with its reason and without the secret', () =>
  withServer({ ...options(), device: { tlsCertificate: { sha256: 'ab'.repeat(32) } } }, async (bench) => {
    for (const [value, code, path] of [
      [{ secret: 'password123' }, 'OUT_OF_RANGE', 'secret'],
      [{ secret: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }, 'OUT_OF_RANGE', 'secret'],
      [{ secret: 'kL9-vQ2_xT7mRf4W nB8sZe' }, 'BAD_FORMAT', 'secret'],
      [{ secret: 'kL9-vQ2_xT7mRf4W\u0007nB8sZe' }, 'BAD_FORMAT', 'secret'],
      [{ secret: 'kL9-vQ2_xT7mRf4WnB8sZe'.repeat(12) }, 'TOO_LONG', 'secret'],
      [{ secret: 5 }, 'WRONG_TYPE', 'secret'],
      [{ which: 'notification' }, 'OUT_OF_RANGE', 'which'],
      [{ uri: 'DMAcc/x' }, 'BAD_FORMAT', 'uri'],
      [{ uri: './x?list=TNDS' }, 'BAD_FORMAT', 'uri'],
      [{ colour: 'red' }, 'UNKNOWN_FIELD', 'colour'],
      [{ wake: false, notification: {} }, 'OUT_OF_RANGE', 'notification'],
      [{ notification: { colour: 'red' } }, 'UNKNOWN_FIELD', 'notification.colour'],
    ] as const) {
      await assert.rejects(bench.server.rotations.begin(deviceId, value), (error) => {
        assert.ok(error instanceof ValueError, String(error));
        assert.deepEqual([error.code, error.path], [code, path]);
        assert.doesNotMatch(error.message, /password123|kL9|aaaa/);
        return true;
      });
    }
    assert.equal(await bench.server.rotations.begin('nobody', {}), undefined);
    const present = 'mV3_hJ8-pC5tYw1GxK6dQb';
    await bench.store.updateDevice(deviceId, {
      serverCredentials: { ...serverCredentials, secret: present },
      clientCredentials: null,
    });
    await assert.rejects(bench.server.rotations.begin(deviceId, { secret: present }), { path: 'secret' });
    await assert.rejects(bench.server.rotations.begin(deviceId, { which: 'client' }), { path: 'which' });
    await begin(bench, { wake: false });
    await rejectsWith('ROTATION_UNDER_WAY', bench.server.rotations.begin(deviceId, { wake: false }));
  }));

test('until the 200 is seen a notification is signed with the old secret and its retry with the new', () =>
  withServer(options(), async (bench) => {
    const { secret = '', notification } = await begin(bench);
    const secrets = { old: serverCredentials.secret, new: secret };
    const seen: (string | undefined)[] = [];
    for (let count = 1; count <= 5; count += 1) {
      const { push } = await eventually(() => bench.wap.pushes[count - 1], `push ${count}`);
      seen.push(signedUnder(push.body, secrets));
      await bench.reaches(notification?.id ?? '', 'sent');
      const { dueAt = 0 } = (await bench.store.push(notification?.id ?? '')) ?? {};
      bench.clock.advance(dueAt - bench.clock.now());
    }
    // Each under the stored nonce before either is under the default one, which asks for a resynchronisation.
    assert.deepEqual(seen, ['old stored', 'new stored', 'old default', 'new default', 'old stored']);
  }));

test('dm1.3: the same for SRVCRED; a device with a NOTICRED of its own is signed for with that, always', () => {
  const digestHolds = (body: Uint8Array, secret: string): boolean =>
    hash('sha256', `${secret}:`, body.subarray(0, 12), ':', body.subarray(12, -32)).equals(
      body.subarray(-32),
    );
  const run = (notificationSecret: string | undefined, wanted: (secrets: [string, string]) => string[]) =>
    withServer(
      { ...options(), device: { format: 'dm1.3', ...(notificationSecret && { notificationSecret }) } },
      async (bench) => {
        const { secret = '', notification } = await begin(bench);
        const expected = wanted([serverCredentials.secret, secret]);
        for (const [index, key] of expected.entries()) {
          const { push } = await eventually(() => bench.wap.pushes[index], `push ${index}`);
          assert.ok(digestHolds(push.body, key), `push ${index}`);
          await bench.reaches(notification?.id ?? '', 'sent');
          const { dueAt = 0 } = (await bench.store.push(notification?.id ?? '')) ?? {};
          bench.clock.advance(dueAt - bench.clock.now());
        }
      },
    );
  return run(undefined, ([old, fresh]) => [old, fresh, old]).then(() =>
    run('a secret for notices', () => ['a secret for notices', 'a secret for notices']),
  );
});

test('the session finds the account and the node by Get alone, replaces the secret, and takes 200 for the end of it', () =>
  withServer(options(), async (bench) => {
    const { secret, notification } = await begin(bench);
    const { asked, replaced, execute } = treeOf(ownTree);
    const run = await answerPush(bench, 0, execute);
    assert.deepEqual(run.end, { outcome: 'completed' });
    assert.deepEqual(asked, [
      'Get ./DMAcc',
      'Get ./DMAcc/Other/ServerID',
      'Get ./DMAcc/Operator/ServerID',
      'Get ./DMAcc/Operator/AppAuth',
      'Get ./DMAcc/Operator/AppAuth/1/AAuthLevel',
      'Get ./DMAcc/Operator/AppAuth/1/AAuthType',
      'Get ./DMAcc/Operator/AppAuth/2/AAuthLevel',
      'Get ./DMAcc/Operator/AppAuth/2/AAuthType',
      'Replace ./DMAcc/Operator/AppAuth/2/AAuthSecret',
    ]);
    assert.deepEqual(replaced, { './DMAcc/Operator/AppAuth/2/AAuthSecret': secret });
    await bench.reaches(notification?.id ?? '', 'completed');
    const device = await bench.store.device(deviceId);
    assert.equal(device?.serverCredentials.secret, secret);
    assert.deepEqual(
      [device?.rotations?.server?.state, device?.rotations?.server?.secret],
      ['completed', undefined],
    );
    // From now on with the new one, at once.
    bench.device.state.server = { ...bench.device.state.server, secret: secret ?? '' };
    await bench.push();
    const next = await answerPush(bench, 1, execute);
    assert.deepEqual(next.end, { outcome: 'completed' });
  }));

test('CLCRED is an operation of its own: its node is replaced, notifications stay as they are, proofs hold under either', () =>
  withServer(options(), async (bench) => {
    const { secret = '', which } = await begin(bench, { which: 'client' });
    assert.equal(which, 'client');
    const { push } = await eventually(() => bench.wap.pushes[0], 'the push');
    assert.equal(signedUnder(push.body, { old: serverCredentials.secret, new: secret }), 'old stored');
    // Before anything was sent, as one whose secret was put there in another way.
    const early = bench.deviceLike({ client: { ...bench.device.state.client, secret } });
    const { execute, replaced } = treeOf(ownTree);
    const run = await early.run({ sessionId: 0x7777, trigger: 'client', execute });
    assert.deepEqual(run.end, { outcome: 'completed' });
    assert.deepEqual(replaced, { './DMAcc/Operator/AppAuth/1/AAuthSecret': secret });
    const device = await bench.store.device(deviceId);
    assert.equal(device?.clientCredentials?.secret, secret);
    assert.equal(device?.serverCredentials.secret, serverCredentials.secret);
    assert.equal(device.rotations?.client?.state, 'completed');
    // The old one is worth nothing any more.
    const late = await bench.device.run({ sessionId: 0x7778, trigger: 'client', execute });
    assert.equal(late.end?.outcome, 'unauthenticated');
  }));

test('both secrets in one session, after the jobs of the device; uri leaves the search out', () =>
  withServer(options(), async (bench) => {
    await begin(bench, { wake: false, uri: './A/Secret' });
    await begin(bench, { wake: false, which: 'client', uri: './B/Secret' });
    await bench.server.jobs.create({
      device: deviceId,
      commands: [{ command: 'replace', uri: './Vendor/Note', data: 'first' }],
    });
    const { asked, execute } = treeOf({});
    await answerPush(bench, 0, execute);
    assert.deepEqual(asked, ['Replace ./Vendor/Note', 'Replace ./A/Secret', 'Replace ./B/Secret']);
    const { rotations } = (await bench.store.device(deviceId)) ?? {};
    assert.deepEqual([rotations?.server?.state, rotations?.client?.state], ['completed', 'completed']);
  }));

for (const [what, tree, reason] of [
  [
    'no account of this server',
    { './DMAcc': 'Other', './DMAcc/Other/ServerID': 'x' },
    /none of its accounts \(Other\) has the ServerID/,
  ],
  ['two accounts of this server', { ...ownTree, './DMAcc/Other/ServerID': serverId }, /2 of its accounts/],
  ['no ./DMAcc', {}, /get \.\/DMAcc: status 404/],
  ['no SRVCRED', { ...ownTree, './DMAcc/Operator/AppAuth/2/AAuthLevel': 'NOTICRED' }, /has no SRVCRED/],
  [
    'two SRVCRED of one type',
    { ...ownTree, './DMAcc/Operator/AppAuth/1/AAuthLevel': 'SRVCRED' },
    /2 SRVCRED, and which one is meant is not clear: give uri/,
  ],
] as const) {
  test(`${what}: it fails with that reason, the old secret stays, and the session is completed`, () =>
    withServer(options(), async (bench) => {
      const { notification } = await begin(bench);
      const run = await answerPush(bench, 0, treeOf(tree).execute);
      assert.deepEqual(run.end, { outcome: 'completed' });
      await bench.reaches(notification?.id ?? '', 'completed');
      const rotation = await rotationOf(bench, 'server');
      assert.equal(rotation?.state, 'failed');
      assert.match(rotation.reason ?? '', reason);
      assert.equal((await bench.store.device(deviceId))?.serverCredentials.secret, serverCredentials.secret);
      await begin(bench, { wake: false });
    }));
}

test('of several SRVCRED the one of the scheme is meant', () =>
  withServer(options(), async (bench) => {
    await begin(bench);
    const tree = {
      ...ownTree,
      './DMAcc/Operator/AppAuth/1/AAuthLevel': 'SRVCRED',
      './DMAcc/Operator/AppAuth/1/AAuthType': 'BASIC',
    };
    const { replaced, execute } = treeOf(tree);
    await answerPush(bench, 0, execute);
    assert.deepEqual(Object.keys(replaced), ['./DMAcc/Operator/AppAuth/2/AAuthSecret']);
  }));

test('a status other than 200 is no success: refused the first time, the old secret stays the only one', () =>
  withServer(options(), async (bench) => {
    for (const [index, status] of [425, 500, 202].entries()) {
      await begin(bench);
      await answerPush(bench, index, treeOf(ownTree, status).execute);
      const rotation = await rotationOf(bench, 'server');
      assert.deepEqual([rotation?.state, rotation?.secret], ['failed', undefined], String(status));
      assert.match(rotation?.reason ?? '', new RegExp(`status ${status}`));
    }
  }));

test('a status that was lost leaves both: the next session, under the new secret, sends the Replace again', () =>
  withServer(options(), async (bench) => {
    const { secret = '', notification } = await begin(bench);
    const id = notification?.id ?? '';
    const { execute, replaced } = treeOf(ownTree);
    await bench.reaches(id, 'sent');
    const { sessionId } = await bench.notification(id);
    await vanish(bench, sessionId, execute, () => Object.keys(replaced).length > 0);
    assert.deepEqual(replaced, { './DMAcc/Operator/AppAuth/2/AAuthSecret': secret });
    assert.equal((await rotationOf(bench, 'server'))?.state, 'sent');
    assert.equal((await bench.store.device(deviceId))?.serverCredentials.secret, serverCredentials.secret);
    // The device holds the new secret now, and ignores what the old one signed.
    bench.device.state.server = { ...bench.device.state.server, secret };
    await bench.server.pushes.cancel(id);
    const again = await bench.push();
    const first = await eventually(() => bench.wap.pushes[1], 'a push');
    assert.equal(await bench.device.take(first.push), undefined);
    await bench.reaches(again, 'sent');
    bench.clock.advance(((await bench.store.push(again))?.dueAt ?? 0) - bench.clock.now());
    const run = await answerPush(bench, 2, execute);
    assert.deepEqual(run.end, { outcome: 'completed' });
    await bench.reaches(again, 'completed');
    const device = await bench.store.device(deviceId);
    assert.deepEqual(
      [device?.serverCredentials.secret, device?.rotations?.server?.state],
      [secret, 'completed'],
    );
  }));

test('a device that has not carried it out is proved to under the old secret, and gets it once more', () =>
  withServer(options(), async (bench) => {
    const { secret = '' } = await begin(bench, { wake: false });
    const id = (await rotationOf(bench, 'server'))?.id ?? '';
    await bench.store.advanceRotation(deviceId, 'server', id, { step: 'sent' });
    const { execute, replaced } = treeOf(ownTree);
    const run = await bench.device.run({ sessionId: 0x7777, trigger: 'client', execute });
    assert.deepEqual(run.end, { outcome: 'completed' });
    assert.deepEqual(Object.values(replaced), [secret]);
    assert.equal((await rotationOf(bench, 'server'))?.state, 'completed');
  }));

test('refused after it may have been carried out, both secrets stay, and the reason is told', () =>
  withServer(options(), async (bench) => {
    await begin(bench, { wake: false });
    const id = (await rotationOf(bench, 'server'))?.id ?? '';
    await bench.store.advanceRotation(deviceId, 'server', id, { step: 'sent' });
    await bench.device.run({ sessionId: 0x7777, trigger: 'client', execute: treeOf(ownTree, 425).execute });
    const rotation = await rotationOf(bench, 'server');
    assert.equal(rotation?.state, 'sent');
    assert.ok(rotation.secret);
    assert.match(rotation.reason ?? '', /status 425/);
    // The way out: say what the device holds.
    await bench.server.devices.update(deviceId, { serverCredentials: { secret: serverCredentials.secret } });
    assert.equal((await rotationOf(bench, 'server'))?.state, 'failed');
  }));

test('a device whose sessions end at it is left alone after some', () =>
  withServer(options(), async (bench) => {
    await begin(bench, { wake: false });
    for (let count = 1; count <= rotationTries; count += 1) {
      const { asked, execute } = treeOf(ownTree);
      await vanish(bench, 0x7000 + count, execute, () => asked.includes('Get ./DMAcc'));
      assert.equal((await rotationOf(bench, 'server'))?.state, 'pending', `session ${count}`);
    }
    const { asked, execute } = treeOf(ownTree);
    const run = await bench.device.run({ sessionId: 0x7100, trigger: 'client', execute });
    assert.deepEqual(run.end, { outcome: 'completed' });
    assert.ok(!asked.includes('Get ./DMAcc'));
    assert.equal((await rotationOf(bench, 'server'))?.state, 'failed');
    assert.match((await rotationOf(bench, 'server'))?.reason ?? '', /5 sessions ended without a word/);
  }));

test('what a device answers never shows the new secret: it is withheld like the old one', () =>
  withServer(options(), async (bench) => {
    const { secret = '' } = await begin(bench, { wake: false });
    const { job } = await bench.server.jobs.create({
      device: deviceId,
      commands: [{ command: 'get', uri: './Vendor/Note' }],
    });
    await answerPush(bench, 0, treeOf({ ...ownTree, './Vendor/Note': `it is ${secret}` }).execute);
    const done = await bench.store.job(job.id);
    assert.deepEqual(
      done?.commands[0]?.answer?.results?.map(({ withheld, data }) => [withheld, data]),
      [[true, undefined]],
    );
  }));

test('where notifications go out once only, a server secret is not replaced: nothing would try the new one', () =>
  withServer({ server: { policy: { attempts: 1 } } }, async (bench) => {
    await assert.rejects(bench.server.rotations.begin(deviceId, {}), {
      code: 'CONFIG',
      message: /attempts: 1/,
    });
    await begin(bench, { which: 'client', wake: false });
  }));

test('a message that the secret would sign waits until the device has said which one it holds', () =>
  withServer(options(), async (bench) => {
    await begin(bench, { wake: false });
    const job = [{ command: 'add', uri: './Vendor/Note', data: 'x' }];
    await bench.server.sessionless.create({ device: deviceId, job });
    const id = (await rotationOf(bench, 'server'))?.id ?? '';
    await bench.store.advanceRotation(deviceId, 'server', id, { step: 'sent' });
    await assert.rejects(bench.server.sessionless.create({ device: deviceId, job }), { path: 'signature' });
    await bench.store.updateDevice(deviceId, { messageKeys: { hmacSecret: 'ab'.repeat(16) } });
    await bench.server.sessionless.create({ device: deviceId, job });
  }));

test('a store that cannot note that the Replace goes out: it does not go out', () => {
  let broken = false;
  return withServer(
    {
      ...options(),
      wrapStore: (store) => ({
        ...store,
        advanceRotation: (...step) =>
          broken && step[3].step === 'sent'
            ? Promise.reject(new StoreError('IO', 'the disk is gone'))
            : store.advanceRotation(...step),
      }),
    },
    async (bench) => {
      await begin(bench, { wake: false });
      broken = true;
      const { asked, execute } = treeOf(ownTree);
      await bench.device.run({ sessionId: 0x7777, trigger: 'client', execute });
      assert.ok(asked.length > 0);
      assert.ok(asked.every((each) => each.startsWith('Get ')));
      assert.equal((await rotationOf(bench, 'server'))?.state, 'pending');
    },
  );
});
