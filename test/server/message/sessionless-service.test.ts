// Messages that need no session, as callers ask for them: opened again as a device does, and the names of the keys in them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { hexToBytes, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import {
  type DecryptionKey,
  encryptedParts,
  isRefused,
  openMessage,
  PublicKey,
  SharedKey,
  signatureKeyName,
  TransportPrivateKey,
  type VerificationKey,
  WrappingKey,
} from '../../../src/security/index.ts';
import { SessionlessService } from '../../../src/server/index.ts';
import type { DeviceInput, MessagePush, StoredMessageSigning } from '../../../src/store/index.ts';
import { FakeBinding, rejectsWith, sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { device as deviceKeys, rsa } from '../../security/message-keys.ts';
import { type EngineBench, type EngineBenchOptions, withEngine } from '../engine-bench.ts';

const { id: device, serverCredentials } = sampleDevice();
const job = [{ command: 'replace', uri: './Vendor/Secret', data: 'hush' }];
const srvcred = new SharedKey(utf8ToBytes(serverCredentials.secret));

interface Bench extends EngineBench {
  readonly service: SessionlessService;
  create(value: object, key?: string): ReturnType<SessionlessService['create']>;
}

const withService = (
  input: Partial<DeviceInput>,
  run: (bench: Bench) => Promise<void>,
  options: EngineBenchOptions = {},
) =>
  withEngine({ ...options, device: input }, async (bench) => {
    const { store, bindings, policy, clock } = bench;
    const service = new SessionlessService({ store, bindings, policy, clock });
    await run({ ...bench, service, create: (value, key) => service.create({ device, ...value }, key) });
  });

/** A route that carries messages of any size. */
const roomy = { bindings: { wap: Object.assign(new FakeBinding('wap'), { maxPayload: 100_000 }) } };

const signWith = ({ store }: EngineBench, messageSigning: StoredMessageSigning) =>
  store.updateAccount(sampleAccount.serverId, { messageSigning });

/** The value that a device finds in the message. */
function opened({ body }: MessagePush, key: VerificationKey, decryptionKeys: readonly DecryptionKey[] = []) {
  const message = openMessage(body, () => [key], { deviceId: device, decryptionKeys });
  if (isRefused(message)) assert.fail(message.detail);
  const [command] = message.message.commands;
  assert.equal(command?.name === 'Replace' && command.items[0]?.data, 'hush');
  return message;
}

async function refuses(code: string, path: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof ValueError, String(error));
    assert.deepEqual([error.code, error.path], [code, path]);
    return true;
  });
}

test('without other keys a message is signed with the secret of SRVCRED, with a secret of its own where there is one', async () => {
  await withService({}, async ({ create }) => {
    const { message } = await create({ job });
    assert.equal(opened(message, srvcred).algorithm, 'hmac-sha256');
    assert.equal(signatureKeyName(decodeWbxml(message.body).root), undefined);
    const { summary } = message;
    assert.ok(summary.kind === 'sessionless');
    assert.deepEqual(
      [summary.commands, summary.signature, summary.encrypted, typeof summary.sessionId],
      [['Replace'], 'hmac-sha256', undefined, 'string'],
    );
    await refuses('MISSING', 'signature', create({ job, signature: 'rsa-sha256' }));
  });
  await withService({ messageKeys: { hmacSecret: 'ab'.repeat(16) } }, async ({ create }) => {
    opened((await create({ job })).message, new SharedKey(hexToBytes('ab'.repeat(16))));
  });
});

test('RV-SIG-1: the key of the account signs, under its name; the secret does where that is asked for', () =>
  withService({}, async (bench) => {
    const { create } = bench;
    const signing = { algorithm: 'rsa-sha256', privateKey: rsa.privatePem } as const;
    await signWith(bench, { ...signing, keyName: 'server-2026' });
    const named = (await create({ job })).message;
    opened(named, new PublicKey(rsa.publicPem));
    assert.equal(signatureKeyName(decodeWbxml(named.body).root), 'server-2026');
    const asked = (await create({ job, signature: 'hmac-sha256' })).message;
    opened(asked, srvcred);
    assert.equal(signatureKeyName(decodeWbxml(asked.body).root), undefined);
    await refuses('OUT_OF_RANGE', 'signature', create({ job, signature: 'ecdsa-sha256' }));
    await signWith(bench, signing);
    assert.equal(signatureKeyName(decodeWbxml((await create({ job })).message.body).root), undefined);
  }));

test('RV-SIG-1: what is encrypted names the key of the device, that for wrapping where there is one', async () => {
  const encryption = { transport: 'rsa-oaep', publicKey: deviceKeys.publicPem, keyName: 'd-rsa' } as const;
  const wrapping = { key: '5b'.repeat(16), keyName: 'd-aes' };
  const own = new TransportPrivateKey(deviceKeys.privatePem);
  const parts = ({ body }: MessagePush) =>
    encryptedParts(decodeWbxml(body).root).map(({ content, transport, keyName }) => [
      content,
      transport,
      keyName,
    ]);
  const withKeys = (messageKeys: DeviceInput['messageKeys'], run: (bench: Bench) => Promise<void>) =>
    withService(messageKeys === undefined ? {} : { messageKeys }, run, roomy);
  await withKeys({ encryption }, async ({ create }) => {
    const { message } = await create({ job, encrypt: 'body' });
    opened(message, srvcred, [own]);
    assert.deepEqual(parts(message), [['aes128-gcm', 'rsa-oaep-mgf1p', 'd-rsa']]);
    const strong = await create({ job, encrypt: ['./Vendor/Secret'], contentEncryption: 'aes256-gcm' });
    opened(strong.message, srvcred, [own]);
    assert.deepEqual(parts(strong.message), [['aes256-gcm', 'rsa-oaep-mgf1p', 'd-rsa']]);
    assert.ok(strong.message.summary.kind === 'sessionless');
    assert.deepEqual(strong.message.summary.encrypted, ['./Vendor/Secret']);
    await refuses('WRONG_TYPE', 'encrypt', create({ job, encrypt: 'all' }));
    await refuses('WRONG_TYPE', 'encrypt', create({ job, encrypt: [7] }));
    await refuses('BAD_FORMAT', 'encrypt[1]', create({ job, encrypt: ['./A', './B\n'] }));
  });
  await withKeys({ encryption, wrapping }, async ({ create }) => {
    const { message } = await create({ job, encrypt: 'body' });
    opened(message, srvcred, [new WrappingKey(hexToBytes(wrapping.key))]);
    assert.deepEqual(parts(message), [['aes128-gcm', 'kw-aes128', 'd-aes']]);
  });
  const { keyName: _, ...unnamed } = encryption;
  await withKeys({ encryption: unnamed }, async ({ create }) => {
    const { message } = await create({ job, encrypt: 'body' });
    assert.deepEqual(parts(message), [['aes128-gcm', 'rsa-oaep-mgf1p', undefined]]);
  });
  await withKeys(undefined, ({ create }) => refuses('MISSING', 'encrypt', create({ job, encrypt: 'body' })));
});

test('a message lives as long as it is asked to, or as usual from when it may go out, and not in the past', () =>
  withService(
    {},
    async ({ create, clock, policy }) => {
      const iso = (ms: number): string => new Date(clock.now() + ms).toISOString();
      const times = async (value: object) => {
        const { dueAt = 0, expiresAt } = (await create({ job, ...value })).message;
        return [dueAt - clock.now(), expiresAt - clock.now()];
      };
      const usual = policy.lifetimeMs;
      assert.deepEqual(await times({}), [0, usual]);
      assert.deepEqual(await times({ expiresAt: iso(5000) }), [0, 5000]);
      assert.deepEqual(await times({ notBefore: iso(7000) }), [7000, usual + 7000]);
      assert.deepEqual(await times({ notBefore: iso(7000), expiresAt: iso(9000) }), [7000, 9000]);
      await refuses('OUT_OF_RANGE', 'expiresAt', create({ job, expiresAt: iso(0) }));
      await refuses('OUT_OF_RANGE', 'expiresAt', create({ job, notBefore: iso(-usual) }));
    },
    { policy: { lifetimeMs: 60_000 } },
  ));

test('what the user has to be told of a bootstrap comes with its creation, and is not kept', () =>
  withService({}, async ({ create, store }) => {
    const bootstrap = { sec: 'USERPINMAC', pin: '1234' };
    const first = await create({ bootstrap }, 'k');
    assert.equal(first.created, true);
    assert.match(first.pinForUser ?? '', /^1234\d{4}$/);
    const again = await create({ bootstrap }, 'k');
    assert.deepEqual([again.created, again.message.id], [false, first.message.id]);
    assert.equal('pinForUser' in again, false);
    const kept = JSON.stringify(await store.push(first.message.id));
    assert.ok(!kept.includes(first.pinForUser ?? 'nothing'));
    const network = await create({ bootstrap: { sec: 'NETWPIN', imsi: '262011234567890' } });
    assert.equal('pinForUser' in network, false);
    await rejectsWith('IDEMPOTENCY_CONFLICT', create({ job }, 'k'));
  }));

test('a message that no route of the device can carry is refused with sizes and what would help', () => {
  const [wap, https] = [new FakeBinding('wap'), new FakeBinding('https')];
  const encryption = { transport: 'rsa-oaep', publicKey: deviceKeys.publicPem } as const;
  const large = [{ command: 'replace', uri: './A', data: 'x'.repeat(wap.maxPayload) }];
  return withService(
    { addresses: ['wap:127.0.0.1', 'https://127.0.0.1/'], messageKeys: { encryption } },
    async ({ create }) => {
      await assert.rejects(create({ job: large, encrypt: 'body' }), (error) => {
        assert.ok(error instanceof ValueError);
        assert.deepEqual([error.code, error.path], ['TOO_LONG', 'job']);
        assert.match(
          error.detail,
          /^the message has \d+ octets; its routes carry wap: \d+, https: \d+\. Shorter: /,
        );
        assert.match(error.detail, /messageKeys\.wrapping.*single items.*hmac-sha256.*opaque/);
        return true;
      });
      await assert.rejects(create({ job: large }), (error) => {
        assert.ok(error instanceof ValueError);
        assert.doesNotMatch(error.detail, /Shorter/);
        return true;
      });
      const { message } = await create({ job, requireSecureTransport: true });
      assert.deepEqual(message.schemes, ['https', 'waps', 'sips']);
      assert.equal((await create({ job })).message.schemes, undefined);
    },
    { bindings: { wap, https } },
  );
});

test('a device without an address that protects a push on its way gets none that has to be', () =>
  withService({}, ({ create }) =>
    refuses('OUT_OF_RANGE', 'requireSecureTransport', create({ job, requireSecureTransport: true })),
  ));
