// A process that takes in pushes of three recipients each, claims and ends some, and says on standard output what has
// been acknowledged. It waits to be killed.
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';
import { samplePushMark, samplePushMessage } from '../../../../src/testing/index.ts';
import { asMessage } from '../../../../src/testing/store/store-contract-base.ts';

const store = await openSqliteStore({ file: process.argv[2] ?? '' });
const addresses = ['sms:+491701234567'];
const expiresAt = Date.now() + 3_600_000;
for (let round = 0; ; round += 1) {
  const pushId = `${round}@partner`;
  const body = new Uint8Array(4096).fill(round);
  const requests = ['a', 'b', 'c'].map((recipient) => {
    const { serverId: _, ...request } = samplePushMessage({ addresses, body, expiresAt });
    return { ...request, purpose: 'relayed' as const, initiator: samplePushMark({ pushId, recipient }) };
  });
  await store.enqueue(requests);
  process.stdout.write(`queued ${pushId}\n`);
  // Of each push one recipient is over, one is with the carrier and one is being sent.
  const claimed = await store.claimDue({ limit: 3, leaseMs: 60_000, node: 'killed' }, () => [
    { event: 'sending' },
  ]);
  const ends = { a: { event: 'failed' }, b: { event: 'accepted', dueAt: expiresAt } } as const;
  const changes = claimed.flatMap(({ push }) => {
    const { id, initiator } = asMessage(push);
    const recipient = initiator?.recipient;
    return recipient === 'a' || recipient === 'b' ? [{ id, change: ends[recipient] }] : [];
  });
  await store.change(changes);
  await store.claimDueResults({ limit: 9, leaseMs: 60_000, node: 'killed' });
  process.stdout.write(`worked ${pushId}\n`);
}
