// An operator finds out why pushes failed, from the log and from the metrics, without a look at the database.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { silentLogger } from '../../../src/core/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { readMetrics, sumOf } from '../../api/metrics/metrics-text.ts';
import { serverId, withFleet } from '../../fleet/fleet-world.ts';

const awake = 48;
const deaf = 402;
const refusing = 100;

type Line = Readonly<Record<string, unknown>> & { readonly message: string };

test('550 wakes of which 502 failed: the log and the metrics say how many for which reason', async () => {
  // Devices that are switched off, and a server of devices that knows none of them.
  const off = createSocket('udp4');
  off.bind(0, '127.0.0.1');
  await once(off, 'listening');
  const wrong = createServer((_, response) => response.writeHead(404).end());
  wrong.listen(0, '127.0.0.1');
  await once(wrong, 'listening');
  const { port } = wrong.address() as AddressInfo;
  const lines: Line[] = [];
  const info = (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push({ ...fields, message });
  const over = () => lines.filter(({ message }) => /^(?:more )?push(?:es)? over/.test(message));
  /** Ends of pushes that the log tells of, by lines of their own and by counts. */
  const told = (fields: Readonly<Record<string, unknown>> = {}) =>
    over()
      .filter((line) => Object.entries(fields).every(([name, value]) => line[name] === value))
      .reduce((sum, { count = 1 }) => sum + Number(count), 0);
  try {
    const policy = { answerTimeoutMs: 2000, attempts: 1, lifetimeMs: 60_000 };
    await withFleet(
      {
        devices: awake,
        seed: 5,
        mix: { bindings: { wap: 1 } },
        carriers: true,
        policy,
        logger: { ...silentLogger, info },
      },
      async (world) => {
        await world.register();
        const device = (id: string, address: string) => ({
          id,
          serverId,
          addresses: [address],
          serverCredentials: { secret: 'server secret' },
          clientCredentials: { name: 'c', secret: 'client secret' },
        });
        const ids = world.fleet.indexes().map((index) => world.fleet.device(index).id);
        for (let index = 0; index < deaf + refusing; index += 1) {
          const id = `IMEI:${index}`;
          ids.push(id);
          const address = index < deaf ? `wap:127.0.0.1:${off.address().port}` : `http://127.0.0.1:${port}/`;
          await world.post('/v1/devices', device(id, address));
        }
        for (const id of ids) await world.post('/v1/notifications', { device: id });
        await eventually(() => told() === ids.length, `${ids.length} ends in the log`, 60_000);

        assert.equal(told({ state: 'completed' }), awake);
        assert.equal(told({ state: 'failed', reason: 'no-answer', binding: 'wap' }), deaf);
        assert.equal(told({ state: 'failed', reason: 'rejected', binding: 'http' }), refusing);
        const refused = over().find(({ reason }) => reason === 'rejected');
        assert.match(String(refused?.why), /404/);
        assert.match(String(refused?.device), /^IMEI:4/);
        assert.ok(over().length < 100, `${over().length} lines`);

        const metrics = readMetrics(await (await fetch(`${world.apiUrl}/metrics`)).text());
        const failures = (reason: string) => sumOf(metrics, 'reveille_push_failures_total', { reason });
        assert.equal(failures('no-answer'), deaf);
        assert.equal(failures('rejected'), refusing);
        assert.equal(sumOf(metrics, 'reveille_push_failures_total'), deaf + refusing);
        assert.equal(
          sumOf(metrics, 'reveille_push_attempts_failed_total', { binding: 'http', reason: 'rejected' }),
          refusing,
        );
        assert.equal(sumOf(metrics, 'reveille_pushes_ended_total', { state: 'completed' }), awake);
      },
    );
  } finally {
    off.close();
    wrong.close();
  }
});
