// A server whose rules of sending and times of keeping change while it runs, and one that drains.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../src/core/index.ts';
import { withServer } from './server-bench.ts';

test('renewed rules count for what is asked for from then on; what cannot be changes nothing', () =>
  withServer({}, async ({ server, device, clock }) => {
    const { deviceId } = device.state;
    const life = async (): Promise<number> => {
      const { push } = await server.pushes.createNotification({ device: deviceId });
      await server.pushes.cancel(push.id);
      return push.expiresAt - clock.now();
    };
    server.renewPolicy({ lifetimeMs: 5_000 });
    assert.equal(await life(), 5_000);
    assert.throws(() => server.renewPolicy({ lifetimeMs: 9_000, attempts: 0 }), ConfigError);
    assert.equal(await life(), 5_000);
    assert.throws(() => server.renewRetention({ jobsMs: -1 }), ConfigError);
    server.renewRetention({ jobsMs: 0 });
  }));

test('a server that drains is not ready, sends nothing more, and can be drained again and stopped', () =>
  withServer({}, async ({ server, device, store }) => {
    await server.health();
    await server.drain();
    await assert.rejects(server.health(), { code: 'STOPPING' });
    const { push } = await server.pushes.createNotification({ device: device.state.deviceId });
    await server.drain();
    assert.equal((await store.push(push.id))?.state, 'queued');
    await server.stop();
    assert.equal((await store.push(push.id))?.state, 'queued');
  }));
