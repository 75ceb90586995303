// A binding without a carrier: it keeps what it is given and answers as the test says.
import { ValueError } from '../../core/index.ts';
import type { Binding, DeviceAddress, Push, SendResult } from '../../push/index.ts';

/** A push that the fake binding was given. */
export interface FakePush {
  readonly push: Push;
  readonly to: DeviceAddress;
  readonly signal: AbortSignal;
}

/** Answers `sent` unless `respond` is changed. */
export class FakeBinding implements Binding<DeviceAddress> {
  readonly name: string;
  readonly maxPayload = 1400;
  /** All pushes so far, also those that were not taken. */
  readonly pushes: FakePush[] = [];
  /** What the carrier does; throws or rejects to refuse. */
  respond: (push: FakePush) => SendResult | Promise<SendResult> = () => ({ outcome: 'sent' });
  closed = false;

  constructor(name = 'fake') {
    this.name = name;
  }

  async send(push: Push, to: DeviceAddress, signal: AbortSignal): Promise<SendResult> {
    if (push.body.length > this.maxPayload) {
      throw new ValueError('TOO_LONG', `${push.body.length} octets, at most ${this.maxPayload} fit`, 'body');
    }
    const given = { push, to, signal };
    this.pushes.push(given);
    return this.respond(given);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
