// Small fleets against a whole server: over all bindings, with states that are kept, with devices and fleets that are killed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFleet } from './fleet-world.ts';

test('42 devices over all bindings, formats, forms and schemes are woken, and asleep afterwards', async () => {
  const mix = {
    bindings: { wap: 1, waps: 1, sms: 1, sip: 1, http: 1, obex: 1, pap: 1 },
    clientSchemes: { md5: 2, hmac: 1, basic: 1 },
    serverSchemes: { md5: 1, hmac: 1 },
  };
  await withFleet(
    { devices: 42, seed: 7, mix, carriers: true, policy: { answerTimeoutMs: 20_000 } },
    async (world) => {
      const { fleet, journal } = world;
      await world.register();
      const devices = fleet.indexes().map((index) => fleet.device(index));
      const ends = await Promise.all(devices.map(({ id }) => world.wake(id)));
      assert.deepEqual(
        devices.flatMap((device, at) =>
          ends[at]?.state === 'completed' ? [] : [`${device.binding} ${device.format} ${device.form}`],
        ),
        [],
      );
      await fleet.settled();
      const summary = fleet.summary();
      assert.equal(summary.woken, 42);
      assert.equal(summary.up, 42);
      assert.equal(summary.outcomes.completed, 42);
      assert.equal(summary.times.pushToEnd.count, 42);
      assert.deepEqual(summary.missed, {});
      assert.equal(fleet.status().awake, 0);
      for (const kind of ['binding', 'format', 'form', 'clientScheme', 'serverScheme'] as const) {
        const found = new Set(devices.map((device) => device[kind]));
        assert.equal(
          found.size,
          { binding: 7, format: 3, form: 2, clientScheme: 3, serverScheme: 2 }[kind],
          kind,
        );
      }
      // What the journal says is what the server says.
      for (const [at, { id }] of devices.entries()) {
        const completed = journal.find(
          (event) => event.event === 'end' && event.device === id && event.outcome === 'completed',
        );
        assert.ok(completed?.event === 'end');
        assert.equal(completed.sessionId, ends[at]?.sessionId);
      }
    },
  );
});
