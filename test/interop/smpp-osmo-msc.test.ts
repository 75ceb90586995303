// Osmocom's message centre (Debian package osmo-msc), which stores every message, and calls all by one id. It sends no
// receipts here: nobody has the numbers. What its habit does to receipts is in smpp-node-smpp-habits.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInPrivateNetwork } from './private-network.ts';
import type { SeenOsmo } from './smpp-osmo-msc-peer.ts';

test('osmo-msc takes pushes under one id for all, and each is waited for by itself', async () => {
  const url = new URL('smpp-osmo-msc-peer.ts', import.meta.url);
  const { references, receipts, lost } = (await runInPrivateNetwork(url, [])) as SeenOsmo;
  const ids = new Set(references.flatMap((reference) => reference.split(' ')));
  assert.equal(ids.size, 1, references.join(', '));
  assert.match([...ids][0] ?? '', /^osmo:[!-~]+$/);
  assert.equal(references[2]?.split(' ').length, 2);
  assert.deepEqual([receipts.open, receipts.matched, receipts.unclear, lost], [3, 0, 0, []]);
});
