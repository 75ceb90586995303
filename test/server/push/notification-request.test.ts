// What the queue is asked for, from the fields of a caller: what is kept of them, and what has passed already.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ValueError } from '../../../src/core/index.ts';
import { pushPolicyDefaults } from '../../../src/server/index.ts';
import { InputReader } from '../../../src/server/input/input-reader.ts';
import {
  openNotification,
  readNotificationRequest,
  readOpened,
} from '../../../src/server/push/notification-request.ts';
import type { DeviceRecord } from '../../../src/store/index.ts';
import { FakeBinding, sampleDevice } from '../../../src/testing/index.ts';
import { withEngine } from '../engine-bench.ts';

const now = Date.UTC(2026, 0, 1);
const iso = (ms: number): string => new Date(now + ms).toISOString();
const policy = { ...pushPolicyDefaults, lifetimeMs: 50_000 };
const { firstSessionId: _, ...input } = sampleDevice();
const device: DeviceRecord = {
  ...input,
  resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: now,
  updatedAt: now,
};
const rules = { bindings: { wap: new FakeBinding('wap') }, policy, requestedMo: 0x8002, now };

const read = (value: object, latest?: { readonly at: number; readonly counted: boolean }) =>
  readNotificationRequest(new InputReader(value, 'a notification', 'at'), device, rules, latest);

test('what is given is kept, and nothing that was not given', () => {
  assert.deepEqual(read({}), {
    purpose: 'notification',
    deviceId: device.id,
    format: 'dm1.2',
    fields: { uiMode: 'not-specified', initiator: 'server' },
    expiresAt: now + 50_000,
    endCounted: true,
    carrier: 'wap',
  });
  const asked = read({ notBefore: iso(9000), resynchronise: false, format: 'dm1.3', timestamp: now / 1000 });
  assert.deepEqual(
    [asked.notBefore, asked.resynchronise, asked.format, asked.fields.timestamp, asked.expiresAt],
    [now + 9000, false, 'dm1.3', now / 1000, now + 59_000],
  );
  // What goes out with each push is not kept with the request.
  const { fields } = read({ format: 'dm1.3' });
  assert.deepEqual([fields.timestamp, fields.requestedMo], [undefined, undefined]);
  assert.deepEqual(read({ format: 'dm1.3', requestedMo: [2] }).fields.requestedMo, [2]);
});

test('an end is counted from now where no date decides it', () => {
  const counted = (value: object, latest?: { readonly at: number; readonly counted: boolean }) =>
    read({ format: 'dm1.3', ...value }, latest).endCounted;
  assert.equal(counted({}), true);
  assert.equal(counted({ timeoutMinutes: 5 }), true);
  assert.equal(counted({ notBefore: iso(9000) }), false);
  assert.equal(counted({ expiresAt: iso(9000) }), false);
  assert.equal(counted({ timestamp: now / 1000 }), false);
  assert.equal(counted({}, { at: now + 5, counted: true }), true);
  assert.equal(counted({}, { at: now + 5, counted: false }), false);
  assert.equal(read({}, { at: now + 5, counted: false }).expiresAt, now + 5);
});

test('what is wrong is named where it stands in the value of the caller, with its section', () => {
  for (const [value, path, code] of [
    [{ expiresAt: iso(0) }, 'at.expiresAt', 'OUT_OF_RANGE'],
    [{ sessionId: 1 }, 'at.sessionId', 'UNKNOWN_FIELD'],
    [{ colour: 'red' }, 'at.colour', 'UNKNOWN_FIELD'],
    [{ format: 'dm1.3', timeoutMinutes: 5, expiresAt: iso(9000) }, 'at.expiresAt', 'OUT_OF_RANGE'],
    [
      { format: 'dm1.3', timeoutMinutes: 5, timestamp: now / 1000 - 300 },
      'at.timeoutMinutes',
      'OUT_OF_RANGE',
    ],
  ] as const) {
    assert.throws(
      () => read(value),
      (error) => {
        assert.ok(error instanceof ValueError, String(error));
        assert.deepEqual([error.path, error.code], [path, code]);
        return true;
      },
    );
  }
  assert.throws(() => read({ format: 'dm1.3', timeoutMinutes: 5, expiresAt: iso(9000) }), {
    spec: { doc: 'DM-NOTI-1.3', section: '6.4.7' },
  });
  // What is wrong with the whole stands where the whole does.
  assert.throws(
    () => read({ format: 'dm1.3', requestedMo: [1, 2, 3, 4, 5, 6, 7], reason: 'x'.repeat(200) }),
    {
      name: 'ValueError',
      path: /^at(\.|$)/,
    },
  );
});

test('a notification has to have a route, and one that takes notifications', () => {
  const over =
    (bindings: typeof rules.bindings | { waps: FakeBinding }, addresses: readonly string[]) => () =>
      readNotificationRequest(new InputReader({}, 'x'), { ...device, addresses }, { ...rules, bindings });
  const waps = { waps: new FakeBinding('waps') };
  for (const [asked, words] of [
    [over(waps, ['wap:127.0.0.1']), /is reached by wap:, for which no binding is configured here/],
    [over(waps, ['waps:127.0.0.1']), /no address of device .* will do: a notification goes by non-secure/],
  ] as const) {
    assert.throws(asked, (error) => error instanceof ConfigError && words.test(error.message));
  }
  const secure = { ...rules, bindings: waps, policy: { ...policy, secureNotifications: true } };
  const of = { ...device, addresses: ['waps:127.0.0.1'] };
  assert.ok(readNotificationRequest(new InputReader({}, 'x'), of, secure));
});

test('who asks names a device that there is, and may name a job; what was opened is read again and again, from any moment', () => {
  const ask = (value: unknown, idempotencyKey?: string, at = now + 5000) => {
    const opened = openNotification({ value, idempotencyKey });
    const found = opened.deviceId === device.id ? device : undefined;
    const asked = readOpened(opened, found, rules, at);
    assert.deepEqual(readOpened(opened, found, rules, at), asked);
    return asked;
  };
  const job = [{ command: 'get', uri: './A' }];
  const asked = ask({ device: device.id, job, uiMode: 'background' }, 'k');
  assert.deepEqual([asked.device, asked.job, asked.warnings, asked.now], [device, job, [], now + 5000]);
  const { expiresAt, fields, idempotency } = asked.request;
  assert.deepEqual([expiresAt, fields.uiMode, idempotency?.key], [now + 55_000, 'background', 'k']);
  const plain = ask({ device: device.id });
  assert.deepEqual([plain.job, plain.request.idempotency], [undefined, undefined]);
  for (const [value, path, code] of [
    [{}, 'device', 'MISSING'],
    [{ device: 'nobody' }, 'device', 'OUT_OF_RANGE'],
    [{ device: 'x'.repeat(256) }, 'device', 'TOO_LONG'],
    [{ device: device.id, serverId: 'x' }, 'serverId', 'UNKNOWN_FIELD'],
    ['x', '', 'WRONG_TYPE'],
  ] as const) {
    assert.throws(
      () => ask(value),
      (error) => {
        assert.ok(error instanceof ValueError, String(error));
        assert.deepEqual([error.path, error.code], [path, code]);
        return true;
      },
    );
  }
});

test('a notification for later waits for its moment', () =>
  withEngine({}, async (bench) => {
    const { engine, push, clock, store, reaches, wap } = bench;
    await engine.start();
    const at = clock.now() + 3_600_000;
    const id = await push({ notBefore: new Date(at).toISOString() });
    const kept = await store.push(id);
    assert.deepEqual([kept?.state, kept?.dueAt], ['queued', at]);
    clock.advance(3_599_999);
    await engine.stop();
    assert.equal(wap.pushes.length, 0);
    clock.advance(1);
    await engine.start();
    await reaches(id, 'sent');
  }));
