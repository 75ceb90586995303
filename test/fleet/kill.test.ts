// Devices and fleets that are killed and started again, with their states kept.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, ValueError } from '../../src/core/index.ts';
import { createFleet, type FleetEvent } from '../../src/fleet/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { serverId, withFleet } from './fleet-world.ts';

test('a device that is killed in its session says nothing more; started again, it is woken by the next push', async () => {
  let kill: (() => void) | undefined;
  const onEvent = (event: FleetEvent): void => {
    if (event.event === 'session-started') queueMicrotask(() => kill?.());
  };
  const mix = { formats: { 'dm1.2': 1 } };
  await withFleet({ devices: 2, policy: { answerTimeoutMs: 1500 }, mix, onEvent }, async (world) => {
    await world.register();
    const { fleet } = world;
    const { id } = fleet.device(0);
    kill = () => fleet.kill(0);
    const waking = world.wake(id);
    await eventually(() => world.of(0, 'killed').length === 1);
    kill = undefined;
    await fleet.settled();
    const killed = world.of(0).findIndex(({ event }) => event === 'killed');
    assert.deepEqual(
      world
        .of(0)
        .slice(killed + 1)
        .map((event) => (event.event === 'end' ? event.outcome : event.event)),
      ['killed'],
    );
    assert.equal(fleet.device(0).off, true);
    // The other one does not notice.
    assert.equal((await world.wake(fleet.device(1).id)).state, 'completed');
    fleet.revive(0);
    assert.equal((await waking).state, 'completed');
    assert.equal(fleet.device(0).off, false);
    assert.throws(() => fleet.kill(2), ValueError);
  });
});

test('over SMS the centre keeps what a killed device misses; over HTTP and SIP the server hears of it', async () => {
  const mix = { bindings: { sms: 1, http: 1, sip: 1 } };
  await withFleet({ devices: 6, mix, carriers: true, policy: { answerTimeoutMs: 5000 } }, async (world) => {
    await world.register();
    const { fleet } = world;
    const devices = fleet.indexes().map((index) => fleet.device(index));
    for (const { index } of devices) fleet.kill(index);
    const waking = devices.map(({ id }) => world.wake(id));
    for (const { index } of devices) {
      await eventually(() => world.of(index, 'missed').length > 0, `device ${index} misses a push`, 20_000);
    }
    assert.equal(fleet.summary().pushes, 0);
    for (const { index } of devices) fleet.revive(index);
    for (const end of waking) assert.equal((await end).state, 'completed');
  });
});

for (const how of ['stop', 'crash'] as const) {
  test(`states outlive the fleet: ${how}, and the next one is known under its addresses, secrets and nonces`, async () => {
    const mix = { bindings: { wap: 2, http: 1, obex: 1 }, formats: { 'dm1.2': 1 } };
    await withFleet(
      { devices: 8, mix, carriers: true, policy: { answerTimeoutMs: 20_000 } },
      async (world) => {
        const stateFile = join(world.folder, 'fleet.states');
        await world.fleet.stop();
        const first = await world.again({ stateFile });
        await world.register();
        const devices = first.indexes().map((index) => first.device(index));
        for (const { id } of devices) assert.equal((await world.wake(id)).state, 'completed');
        first.kill(7);
        await first[how]();
        const second = await world.again({ stateFile });
        assert.deepEqual(
          second.indexes().map((index) => second.device(index).address),
          devices.map(({ address }) => address),
        );
        assert.equal(second.device(7).off, true);
        second.revive(7);
        for (const { id } of devices) assert.equal((await world.wake(id)).state, 'completed');
        await second.settled();
        // A nonce that was lost would have needed a second push, and the default nonce.
        const { pushes, resynchronised, ignored } = second.summary();
        assert.deepEqual({ pushes, resynchronised, ignored }, { pushes: 8, resynchronised: 0, ignored: {} });
        assert.equal(second.device(0).pushes, 2);
        // As one process after the other that is told the same.
        const other = { devices: 8, mix, serverId, dmUrl: world.dmUrl, stateFile };
        await assert.rejects(createFleet(other).start(), ConfigError);
      },
    );
  });
}

test('a state file of another fleet is refused, a half line at its end is not, a damaged one is named', async () => {
  await withFleet({ devices: 3 }, async (world) => {
    const stateFile = join(world.folder, 'fleet.states');
    await world.fleet.stop();
    await (await world.again({ stateFile })).stop();
    for (const other of [{ seed: 2 }, { devices: 4 }, { first: 1 }, { mix: { forms: { xml: 1 } } }]) {
      await assert.rejects(world.again({ stateFile, ...other }), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /another fleet/);
        return true;
      });
    }
    const text = readFileSync(stateFile, 'utf8');
    appendFileSync(stateFile, '[0,7,0,0,');
    await (await world.again({ stateFile })).stop();
    writeFileSync(stateFile, text.replace('\n[', '\n[x'));
    await assert.rejects(world.again({ stateFile }), /damaged at line 2/);
  });
});
