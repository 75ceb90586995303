// From the server's queue to a completed session, with Kannel (Debian package of that name) as the push gateway between:
// over UDP, and over SMS with receipts. Kannel is killed and returns.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { runInPrivateNetwork } from './private-network.ts';
import type { Played } from './server-kannel-peer.ts';

let played: Played;
before(async () => {
  played = (await runInPrivateNetwork(new URL('server-kannel-peer.ts', import.meta.url), [])) as Played;
});

const eventsOf = (name: string): readonly string[] => (played[name] ?? []).map(({ event }) => event);

describe('the server, Kannel and a device', () => {
  test('over UDP: accepted by Kannel, answered and completed; Kannel reports no delivery there', () => {
    const events = eventsOf('udp');
    assert.deepEqual(events, ['queued', 'sending', 'accepted', 'answered', 'completed']);
  });

  test('over SMS: the receipt of the message centre comes back through Kannel as delivered', () => {
    const events = eventsOf('sms');
    assert.deepEqual(
      events.filter((event) => event !== 'delivered'),
      ['queued', 'sending', 'accepted', 'answered', 'completed'],
    );
    const delivered = played.sms?.find(({ event }) => event === 'delivered');
    assert.match(delivered?.detail ?? '', /Kannel: delivered to the phone/);
  });

  for (const road of ['udp', 'sms']) {
    test(`over ${road}: what was queued while Kannel was dead is completed when it is back, and nothing was delivered before`, () => {
      const events = eventsOf(`${road}, Kannel killed`);
      assert.ok(events.includes('attempt-failed') && events.includes('completed'), events.join());
      const accepted = events.indexOf('accepted');
      assert.ok(accepted > events.indexOf('attempt-failed'), events.join());
      const delivered = events.indexOf('delivered');
      assert.ok(delivered === -1 || delivered > accepted, events.join());
    });
  }
});
