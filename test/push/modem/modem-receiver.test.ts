// The device's end behind a modem: which messages are taken, and which places of a memory are cleared.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeDeliver, segmentDatagram } from '../../../src/codec/sms/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import { type AtModem, ModemReceiver, type ModemReceiverOptions } from '../../../src/push/modem/index.ts';
import type { ReceivedSmsPush } from '../../../src/push/sms/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { type Cleanup, deliveries, modemPair, pushOf, reportOf, scene, started } from './support.ts';

const { body } = pushOf(300);

function receiverOf(cleanup: Cleanup, modem: AtModem, more: Partial<ModemReceiverOptions> = {}) {
  const received: ReceivedSmsPush[] = [];
  const errors: unknown[] = [];
  const handler = (push: ReceivedSmsPush): void => {
    received.push(push);
  };
  const receiver = new ModemReceiver({ modem, handler, onError: (error) => errors.push(error), ...more });
  cleanup.add(() => receiver.close());
  return { receiver, received, errors };
}

describe('messages that come to a modem', () => {
  it(
    'of one push are put together in any order, handed over and deleted; all others stay',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, { chunk: 3 });
      const parts = deliveries(body);
      // What lay there before: a text, a push of another kind, one for another port, part 3, a report.
      simulator.deliver(hexToBytes('040b911346610089f60000208062917314080cc8f71d14969741f977fd07'));
      const other = segmentDatagram(hexToBytes('010603be8d84'), { reference: 1 });
      for (const userData of other) {
        simulator.deliver(encodeDeliver({ from: '+4917', userData, hasHeader: true, time: 1e12 }));
      }
      for (const tpdu of deliveries(new Uint8Array(4), { port: 9200 })) simulator.deliver(tpdu);
      simulator.deliver(parts[2] ?? new Uint8Array());
      simulator.deliver(reportOf(3, '+4917'));
      await started(modem);
      const { receiver, received, errors } = receiverOf(cleanup, modem);
      simulator.deliver(parts[1] ?? new Uint8Array());
      simulator.deliver(parts[0] ?? new Uint8Array(), 'ME');
      await eventually(() => received.length === 1 && simulator.stored('ME').length === 0);
      await eventually(() => simulator.stored('SM').length === 4);
      assert.deepEqual(received[0]?.body, body);
      assert.deepEqual(
        [received[0]?.binding, received[0]?.from, received[0]?.content],
        ['sms', '+491709999999', 'dm+wbxml'],
      );
      assert.deepEqual(simulator.stored('SM'), [1, 2, 3, 5]);
      const { dropped, accepted } = receiver.counters();
      assert.deepEqual(
        [accepted, dropped['data-coding'], dropped.port, dropped['message-type']],
        [1, 1, 1, 1],
      );
      assert.deepEqual(errors, []);
    }),
  );

  it(
    'of the same push twice are handed over once',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { received } = receiverOf(cleanup, modem);
      for (const tpdu of [...deliveries(body), ...deliveries(body)]) simulator.deliver(tpdu);
      await eventually(() => received.length === 1 && simulator.stored().length === 0);
    }),
  );

  it(
    'are not deleted while the handler has not taken them',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup, {}, { statusMs: 20 });
      await started(modem);
      let tries = 0;
      let letGo: () => void = () => {};
      const taken = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const handler = async (): Promise<void> => {
        tries += 1;
        if (tries === 1) throw new Error('disk full');
        await taken;
      };
      const { receiver, errors } = receiverOf(cleanup, modem, { handler });
      for (const tpdu of deliveries(new Uint8Array(20))) simulator.deliver(tpdu);
      await eventually(() => tries === 2);
      assert.equal(simulator.stored().length, 1);
      letGo();
      await eventually(() => simulator.stored().length === 0);
      assert.deepEqual([errors.length, receiver.counters().handlerErrors], [1, 1]);
    }),
  );

  it(
    'that lie nowhere (+CMT) are taken all the same',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { received } = receiverOf(cleanup, modem);
      for (const tpdu of deliveries(body)) simulator.pass(tpdu, '+CMT');
      simulator.say('+CMT: ,200\r\n0011');
      await eventually(() => received.length === 1);
    }),
  );

  it(
    'of a push that is never complete are deleted when it is given up, and so is what is no push',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      const clock = new ManualClock();
      await started(modem);
      const { receiver } = receiverOf(cleanup, modem, { reassembly: { maxOpenPerSender: 1 } });
      simulator.deliver(deliveries(body, { reference: 1 })[0] ?? new Uint8Array());
      await eventually(() => receiver.counters().reassembly.open === 1);
      assert.equal(simulator.stored().length, 1);
      simulator.deliver(deliveries(body, { reference: 2 })[0] ?? new Uint8Array());
      await eventually(() => receiver.counters().dropped['sender-limit'] === 1);
      await eventually(() => simulator.stored().length === 1);
      assert.deepEqual(simulator.stored(), [2]);
      // Nothing that WSP knows, and a PDU that is no push.
      for (const [octets, reason] of [
        ['ff', 'malformed'],
        ['010403be8d84', 'pdu-type'],
      ] as const) {
        const [userData = new Uint8Array()] = segmentDatagram(hexToBytes(octets), { reference: 0 });
        simulator.deliver(encodeDeliver({ from: '+4917', userData, hasHeader: true, time: clock.now() }));
        await eventually(() => receiver.counters().dropped[reason] === 1 && simulator.stored().length === 1);
      }
    }),
  );

  it(
    'that came while the modem was away are found when it is back',
    scene(async (cleanup) => {
      const { simulator, modem } = await modemPair(cleanup);
      await started(modem);
      const { received } = receiverOf(cleanup, modem);
      simulator.deaf = true;
      for (const tpdu of deliveries(body)) simulator.deliver(tpdu);
      simulator.deaf = false;
      simulator.hangUp();
      await eventually(() => received.length === 1 && simulator.stored().length === 0);
    }),
  );

  const ways = {
    'the line is lost': ({ simulator }) => {
      simulator.hangUp();
      return Promise.resolve();
    },
    'the modem is down': async ({ simulator, modem }) => {
      simulator.hangUp();
      await eventually(() => !modem.ready);
    },
    'it starts anew and says so': ({ simulator }) => {
      simulator.reset();
      return Promise.resolve();
    },
    'it starts anew without a word': ({ simulator }) => {
      simulator.reset('');
      return Promise.resolve();
    },
  } satisfies Record<string, (pair: Awaited<ReturnType<typeof modemPair>>) => Promise<void>>;
  for (const [when, lose] of Object.entries(ways)) {
    for (const octets of [20, 180]) {
      it(
        `and were taken as ${when} are deleted when it is back, a push of ${octets} octets`,
        scene(async (cleanup) => {
          const pair = await modemPair(cleanup);
          const { simulator, modem } = pair;
          await started(modem);
          let taken = 0;
          let letGo: () => void = () => {};
          const gate = new Promise<void>((resolve) => {
            letGo = resolve;
          });
          const handler = async (): Promise<void> => {
            taken += 1;
            await gate;
          };
          const { errors } = receiverOf(cleanup, modem, { handler });
          for (const tpdu of deliveries(new Uint8Array(octets))) simulator.deliver(tpdu);
          await eventually(() => taken === 1);
          assert.equal(simulator.stored().length, octets > 100 ? 2 : 1);
          await lose(pair);
          letGo();
          await eventually(() => simulator.stored().length === 0);
          assert.deepEqual([taken, errors], [1, []]);
        }),
      );
    }
  }
});
