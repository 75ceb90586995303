// An endpoint that is given no work: its sessions end once both sides have proved themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/core/index.ts';
import { DmEndpoint } from '../../../src/server/index.ts';
import { ScriptedDevice } from '../scripted-device.ts';
import { withServer } from '../server-bench.ts';

test('without work a session is completed with nothing done in it, whoever begins it', () =>
  withServer({}, async ({ store, clock, device, push, reaches, notification }) => {
    const endpoint = new DmEndpoint({ store, clock, node: 'node-1', logger: silentLogger });
    const alone = new ScriptedDevice(device.state, (request) => endpoint.handle(request));
    const own = await alone.run({ sessionId: 0x7000, trigger: 'client' });
    assert.deepEqual(own.end, { outcome: 'completed' });
    const id = await push();
    await reaches(id, 'sent');
    const woken = await alone.run({ sessionId: (await notification(id)).sessionId });
    assert.deepEqual(woken.end, { outcome: 'completed' });
    await reaches(id, 'completed');
    await endpoint.stop();
  }));
