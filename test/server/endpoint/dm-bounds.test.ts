// What strangers send is bounded before any of it is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../server-bench.ts';

test('a device or target of an unbounded name is refused before anything is remembered', () =>
  withServer({}, async ({ deviceLike, server }) => {
    const stranger = deviceLike({ deviceId: `IMEI:${'9'.repeat(100_000)}` });
    const step = stranger.open({ sessionId: 80 }).start();
    assert.ok(step.send);
    const response = await server.endpoint.handle(stranger.request(step.send));
    assert.equal(response.status, 400);
    assert.ok(response.body.length < 200, 'the answer does not repeat the name');
  }));
