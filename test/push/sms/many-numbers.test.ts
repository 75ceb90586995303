// One bind for many handsets: address_range names them all, each push says which one it is for, and one that is off gets its
// messages later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { type ReceivedSmsPush, SmsReceiver } from '../../../src/push/sms/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { type Cleanup, centre, never, openSender, openSmsc, pushOf, scene } from './support.ts';

interface Handsets {
  readonly receiver: SmsReceiver;
  readonly pushes: ReceivedSmsPush[];
  readonly off: Set<string>;
  readonly drops: string[];
}

async function handsets(cleanup: Cleanup, port: number, addressRange: string): Promise<Handsets> {
  const pushes: ReceivedSmsPush[] = [];
  const drops: string[] = [];
  const off = new Set<string>();
  const receiver = new SmsReceiver({
    smsc: centre(port, { systemId: 'handsets' }),
    number: '+4915100000000',
    addressRange,
    isOn: (number) => !off.has(number),
    handler: (push) => {
      pushes.push(push);
    },
    onDrop: ({ reason }) => drops.push(reason),
  });
  cleanup.add(() => receiver.close());
  await receiver.start();
  return { receiver, pushes, off, drops };
}

test(
  'SMPP 3.4 §5.2.7: one session takes the messages of all numbers in its range, and of no others',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(port)] });
    // One waits before anybody is bound.
    await sender.send(pushOf(40), { number: '+4915100000007' }, never);
    const { pushes } = await handsets(cleanup, port, '^49151[0-9]{8}$');
    await eventually(() => pushes.length === 1);
    const wanted = ['+4915100000001', '+4915100000002', '+4915199999999'];
    // Two segments each, in one window: no part of one may get into another.
    await Promise.all(wanted.map((number) => sender.send(pushOf(200), { number }, never)));
    await sender.send(pushOf(40), { number: '+4915200000001' }, never);
    await eventually(() => pushes.length === 4);
    assert.deepEqual(pushes.map(({ to }) => to).sort(), ['+4915100000007', ...wanted].sort());
    for (const { body } of pushes.slice(1)) assert.deepEqual(body, pushOf(200).body);
    // The foreign number waits for its own handset.
    await eventually(() => smsc.counters().waiting === 1);
  }),
);

test(
  'a number that is bound by itself goes before a range, and the narrower range before the wider',
  scene(async (cleanup) => {
    const { port } = await openSmsc(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(port)] });
    const wide = await handsets(cleanup, port, '^49151.*');
    const narrow = await handsets(cleanup, port, '^4915155[0-9]{6}$');
    const one = await handsets(cleanup, port, '4915155000001');
    await sender.send(pushOf(40), { number: '+4915155000001' }, never);
    await sender.send(pushOf(40), { number: '+4915155000002' }, never);
    await sender.send(pushOf(40), { number: '+4915100000002' }, never);
    await eventually(() => wide.pushes.length + narrow.pushes.length + one.pushes.length === 3);
    assert.deepEqual(
      [wide, narrow, one].map(({ pushes }) => pushes.map(({ to }) => to)),
      [['+4915100000002'], ['+4915155000002'], ['+4915155000001']],
    );
  }),
);

test(
  'the centre keeps the messages of a handset that is off',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup, { retryMs: 20 });
    const { sender } = openSender(cleanup, { smscs: [centre(port)] });
    const { pushes, off, drops } = await handsets(cleanup, port, '^49151');
    off.add('+4915100000003');
    await sender.send(pushOf(40), { number: '+4915100000003' }, never);
    await eventually(() => drops.includes('off'));
    assert.equal(pushes.length, 0);
    off.clear();
    await eventually(() => pushes.length === 1);
    await eventually(() => smsc.counters().waiting === 0);
  }),
);

test(
  'mail in a range whose session is gone goes to the next one that serves the number',
  scene(async (cleanup) => {
    const { smsc, port } = await openSmsc(cleanup);
    const { sender } = openSender(cleanup, { smscs: [centre(port)] });
    const first = await handsets(cleanup, port, '^49151.*');
    await first.receiver.close();
    await eventually(() => smsc.counters().sessions === 1);
    await sender.send(pushOf(40), { number: '+4915100000004' }, never);
    const second = await handsets(cleanup, port, '^491510000[0-9]{4}$');
    await eventually(() => second.pushes.length === 1);
  }),
);

test(
  'an address_range that does not fit is refused',
  scene(async (cleanup) => {
    const { port } = await openSmsc(cleanup);
    await assert.rejects(
      handsets(cleanup, port, `^${'4'.repeat(40)}`),
      (error) => error instanceof ValueError && error.path === 'addressRange',
    );
  }),
);
