// Roads that tests answer for.
import { PushError } from '../../../src/core/index.ts';
import { PacedCarriers, type Push, type ReportingBinding, type SendResult } from '../../../src/push/index.ts';
import type { SmsRoad, SmsTarget } from '../../../src/push/short-message/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

/** A road, what it was given, and what it says next. */
export interface FakeRoad extends SmsRoad {
  readonly sent: string[];
  readonly expected: string[];
  up: boolean;
  /** What it says of pushes that are under way. */
  out: boolean;
  closed: boolean;
  /** Thrown by the next sends. */
  readonly errors: Error[];
  /** While it is set, sends wait for it. */
  gate: Promise<void> | undefined;
}

export function fakeRoad(name: string, places = 10, maxPayload = 1000): FakeRoad {
  const carrier = `sms:${name}`;
  const carriers = new PacedCarriers<SmsTarget>(
    new Map([[carrier, { places }]]),
    () => carrier,
    new ManualClock(),
  );
  const send = async (push: Push): Promise<SendResult> => {
    await road.gate;
    const error = road.errors.shift();
    if (error !== undefined) throw error;
    road.sent.push(push.id);
    return { outcome: 'accepted', reference: `${name}:${push.id}` };
  };
  const binding: ReportingBinding<SmsTarget> = {
    name: 'sms',
    maxPayload,
    carriers,
    send: (push, to, signal) => carriers.run(to, signal, () => send(push)),
    expectReport: (pushId, reference, to) => {
      road.expected.push(`${pushId} ${reference} ${to?.number}`);
    },
    close: async () => {
      road.closed = true;
    },
  };
  const road: FakeRoad = {
    binding,
    isUp: () => road.up,
    mayHave: () => road.out,
    sent: [],
    expected: [],
    up: true,
    out: true,
    closed: false,
    errors: [],
    gate: undefined,
  };
  return road;
}

export const refusedForNow = (): PushError => new PushError('BUSY', 'not now', true, { notTaken: true });
export const inDoubt = (): PushError => new PushError('LINK_LOST', 'gone', true);
export const refusedForGood = (): PushError => new PushError('REFUSED', 'never', false, { notTaken: true });
