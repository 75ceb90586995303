// Short messages: one session with the message centre for the numbers of all devices.
import { SmsReceiver } from '../../push/sms/index.ts';
import type { FleetMix } from '../mix/fleet-mix.ts';
import { mixDefaults } from '../mix/fleet-mix.ts';
import { digits } from '../plan/fleet-plan.ts';
import { type Door, type DoorHost, mostPending } from './door.ts';

/** The door of `sms`. Until the session stands, the centre keeps what comes. */
export function smsDoor(
  host: DoorHost,
  carrier: NonNullable<NonNullable<FleetMix['carriers']>['sms']>,
): Door {
  const { numbers = mixDefaults.numbers, smsc } = carrier;
  const { first, end } = host.indexes;
  const indexOf = (number: string): number => {
    const plain = `+${number.replace(/^\+/, '')}`;
    return plain.startsWith(numbers) ? Number(plain.slice(numbers.length)) : Number.NaN;
  };
  const receiver = new SmsReceiver({
    smsc,
    number: `${numbers}${digits(first)}`,
    addressRange: carrier.addressRange ?? rangeOf(numbers.slice(1), first, end - 1),
    clock: host.clock,
    isOn: (number) => {
      const index = indexOf(number);
      return !(index >= first && index < end) || host.isOn(index, 'sms');
    },
    handler: async (push) => {
      const index = indexOf(push.to);
      if (index >= first && index < end) await host.receive(index, push);
      else host.dropped(strange(push));
    },
    onDrop: (drop) => {
      // One that is off is told as missed.
      if (drop.reason !== 'off') host.dropped(drop);
    },
    onError: (error) => host.error(error),
    onLink: (error) =>
      host.news(error === undefined ? 'sms: connected' : `sms: ${error.message}; trying again`),
    maxPending: mostPending,
    maxPendingPerSource: mostPending,
    reassembly: { maxOpen: mostPending, maxOpenPerSender: mostPending, maxOctets: 64 * 1024 * 1024 },
  });
  let started: Promise<void> | undefined;
  return {
    async open({ number }) {
      started ??= receiver.start();
      // Only closing it ends the tries.
      started.catch(() => {});
      return { address: `sms:${number}`, port: 0 };
    },
    ready: async () => await started,
    close: () => receiver.close(),
  };
}

/** An address_range for the numbers from `first` to `last` (SMPP 3.4 §5.2.7), and some more where it cannot be told closer. */
export function rangeOf(prefix: string, first: number, last: number): string {
  const from = digits(first);
  const to = digits(last);
  let same = 0;
  while (same < from.length && from[same] === to[same]) same += 1;
  const open = from.length - same;
  return `^${prefix}${from.slice(0, same)}${open === 0 ? '' : `[0-9]{${open}}`}$`;
}

function strange({
  from,
  to,
  body,
}: {
  readonly from: string;
  readonly to: string;
  readonly body: Uint8Array;
}) {
  const detail = `${to} is no number of this fleet`;
  return { binding: 'sms', from, reason: 'number', detail, octets: body.length };
}
