// A server that is killed amid its deliveries: nothing is lost, what is told twice has the same id, and each device keeps its order.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { jobNotice, receiver } from './receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-webhook-kill-'));
after(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'store.db');
const count = 400;
const devices = 40;

/** Delivers in a process of its own, which ends with this one. */
async function begin() {
  const script = join(import.meta.dirname, 'children', 'deliver.ts');
  const child = spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, ended };
}

test('kill -9 amid deliveries: all come, in the order of each device, and repetitions have their ids', async () => {
  let refused = 0;
  const to = await receiver(() => {
    // Some fail, so that some are held when it is killed.
    refused += 1;
    return refused % 37 === 0 ? 500 : 200;
  });
  try {
    const store = await openSqliteStore({ file, groupCommitMs: 0 });
    const secrets = { current: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    const { id } = await store.createWebhook({ url: to.url, kinds: ['job'], secrets });
    const notices = Array.from({ length: count }, (_, index) =>
      jobNotice(`d${index % devices}`, `j${index}`),
    );
    await store.note(notices);
    await store.close();
    for (const until of [60, 150, 270]) {
      const { child, ended } = await begin();
      await eventually(() => to.received.length >= until, `${until} deliveries`);
      child.kill('SIGKILL');
      assert.equal((await ended)[1], 'SIGKILL');
    }
    const { child, ended } = await begin();
    const subjects = () => new Set(to.subjects());
    await eventually(() => subjects().size === count, 'all of them');
    await new Promise((resolve) => child.stdin.end(resolve));
    await ended;
    const again = await openSqliteStore({ file, groupCommitMs: 0 });
    const record = await again.webhook(id);
    assert.equal(record?.state, 'active');
    assert.equal(record?.dead, 0);
    await again.close();
    const ids = new Map<unknown, Set<string>>();
    for (const { id: eventId, data } of to.received) {
      const of = ids.get(data.data.subject) ?? new Set();
      ids.set(data.data.subject, of.add(eventId));
    }
    assert.ok([...ids.values()].every((of) => of.size === 1));
    assert.equal(new Set([...ids.values()].map(([eventId]) => eventId)).size, count);
    for (let device = 0; device < devices; device += 1) {
      const order = to.received
        .filter(({ data }) => data.data.deviceId === `d${device}`)
        .map(({ data }) => data.data.subject);
      const wanted = notices
        .filter(({ deviceId }) => deviceId === `d${device}`)
        .map(({ subject }) => subject);
      assert.deepEqual([...new Set(order)], wanted);
    }
  } finally {
    await to.close();
  }
});
