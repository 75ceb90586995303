// Whatever goes wrong between sender, centre and handset: no accepted push is lost, none comes twice, and none is
// reported delivered that did not arrive.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, type PushError } from '../../../src/core/index.ts';
import type { SendResult } from '../../../src/push/index.ts';
import { eventually, ManualClock, type SmscFaults } from '../../../src/testing/index.ts';
import { Cleanup, centre, device, never, openHandset, openSender, openSmsc, pushOf } from './support.ts';

/** Faults after which everything still arrives. */
type Mending = 'pass' | 'throttle' | 'dropAnswer' | 'dropSubmit' | 'disconnect' | 'duplicate' | 'reorder';

const mend: Readonly<Record<Mending, (faults: SmscFaults) => void>> = {
  pass: (faults) => faults.passSubmits(1),
  throttle: (faults) => faults.throttle(1),
  dropAnswer: (faults) => faults.dropAnswers(1),
  dropSubmit: (faults) => faults.dropSubmits(1),
  disconnect: (faults) => faults.disconnectOnSubmit(),
  duplicate: (faults) => faults.duplicateDeliveries(1),
  reorder: (faults) => faults.reorderDeliveries(2),
};

const mending = fc.array(fc.constantFrom(...(Object.keys(mend) as Mending[])), { maxLength: 8 });
const sizes = fc.array(fc.integer({ min: 134, max: 700 }), { minLength: 1, maxLength: 5 });

/** Sends pushes of these sizes through these faults; gives what became of each. */
async function run(
  faults: readonly Mending[],
  octets: readonly number[],
  options: { readonly lose: number; readonly window: number },
): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const clock = new ManualClock();
    const { smsc, port } = await openSmsc(cleanup);
    const { pushes } = await openHandset(cleanup, port);
    const { sender, reports } = openSender(cleanup, {
      smscs: [centre(port)],
      clock,
      window: options.window,
      maxResends: 20,
    });
    for (const fault of faults) mend[fault](smsc.faults);
    smsc.faults.dropDeliveries(options.lose);
    const sent = octets.map((size, index) => {
      const push = pushOf(size, 'dm+xml', `p${index}`);
      push.body[0] = index;
      return push;
    });
    const receipts: (SendResult | PushError)[] = [];
    for (const push of sent) {
      void sender.send(push, device, never).then(
        (receipt) => receipts.push(receipt),
        (error: PushError) => receipts.push(error),
      );
    }
    await eventually(() => {
      clock.advance(250);
      return receipts.length === sent.length;
    }, 'the outcome of every push');
    for (const receipt of receipts) assert.ok('outcome' in receipt && receipt.outcome === 'accepted');
    // A delivery that is still held for its order goes out with the next one.
    let last = false;
    void sender.send(pushOf(1, 'dm+wbxml', 'last'), device, never).then(() => {
      last = true;
    });
    await eventually(() => {
      clock.advance(250);
      return last && smsc.counters().waiting === 0;
    }, 'the end of the deliveries');
    const arrived = pushes
      .filter(({ contentType }) => contentType.code === 0x43)
      .map(({ body }) => bytesToHex(body))
      .sort();
    assert.equal(new Set(arrived).size, arrived.length, 'a push came twice');
    for (const { pushId, outcome } of reports) {
      const push = sent.find(({ id }) => id === pushId);
      if (push === undefined || outcome !== 'delivered') continue;
      assert.ok(
        arrived.includes(bytesToHex(push.body)),
        `${pushId} was reported delivered, and is not there`,
      );
    }
    if (options.lose > 0) return;
    assert.deepEqual(arrived, sent.map(({ body }) => bytesToHex(body)).sort());
    // A message that was taken twice has two ids; the one that we know has its receipt like the other.
    await eventually(() => reports.length === sent.length + 1, 'the report of every push');
    for (const { outcome } of reports) assert.equal(outcome, 'delivered');
  } finally {
    await cleanup.run();
  }
}

test('faults that mend themselves: every push is accepted and arrives once', async () => {
  await fc.assert(
    fc.asyncProperty(mending, sizes, fc.integer({ min: 1, max: 10 }), (faults, octets, window) =>
      run(faults, octets, { lose: 0, window }),
    ),
    { numRuns: 40 },
  );
});

test('deliveries lost on the air: nothing that did not arrive is reported delivered', async () => {
  await fc.assert(
    fc.asyncProperty(mending, sizes, fc.integer({ min: 1, max: 3 }), (faults, octets, lose) =>
      run(faults, octets, { lose, window: 4 }),
    ),
    { numRuns: 20 },
  );
});
