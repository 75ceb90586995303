// What the tests of push over SMS share.
import { contentTypes, type DeliveryReport, type Push, type ReceivedPush } from '../../../src/push/index.ts';
import {
  createSmsSender,
  type SmsCentreOptions,
  type SmsDropReason,
  SmsReceiver,
  type SmsReceiverOptions,
  type SmsSender,
  type SmsSenderOptions,
} from '../../../src/push/sms/index.ts';
import {
  eventually,
  ManualClock,
  SmscSimulator,
  type SmscSimulatorOptions,
} from '../../../src/testing/index.ts';

export const never = new AbortController().signal;
export const number = '+491701234567';
export const device = { number };

/** A push of so many octets, each different from its neighbours. */
export function pushOf(octets: number, type: keyof typeof contentTypes = 'dm+wbxml', id = 'p1'): Push {
  return {
    id,
    contentType: contentTypes[type],
    body: Uint8Array.from({ length: octets }, (_, i) => (i * 7 + (i >> 8)) & 0xff),
  };
}

export function centre(port: number, more: Partial<SmsCentreOptions> = {}): SmsCentreOptions {
  return { host: '127.0.0.1', port, name: 'sim', systemId: 'dms', password: 'pw', ...more };
}

/** Ends what a test opened, in reverse order, whatever becomes of the test. */
export class Cleanup {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.reverse()) await step();
    this.#steps.length = 0;
  }
}

/** Runs a test with a clean-up. */
export function scene(run: (cleanup: Cleanup) => Promise<void>): () => Promise<void> {
  return async () => {
    const cleanup = new Cleanup();
    try {
      await run(cleanup);
    } finally {
      await cleanup.run();
    }
  };
}

/** A simulated centre that listens. */
export async function openSmsc(
  cleanup: Cleanup,
  options: SmscSimulatorOptions = {},
): Promise<{ readonly smsc: SmscSimulator; readonly port: number }> {
  const smsc = new SmscSimulator(options);
  const port = await smsc.start();
  cleanup.add(() => smsc.close());
  return { smsc, port };
}

/** A sender, and the reports that it gives. */
export function openSender(
  cleanup: Cleanup,
  options: SmsSenderOptions,
): { readonly sender: SmsSender; readonly reports: DeliveryReport[] } {
  const reports: DeliveryReport[] = [];
  const onReceipt = (report: DeliveryReport): void => {
    reports.push(report);
  };
  const sender = createSmsSender({ random: () => 0, onReceipt, ...options });
  cleanup.add(() => closing(sender.close(), options.clock));
  return { sender, reports };
}

/** Waits for an end that may wait for a clock that stands still. */
async function closing(end: Promise<void>, clock: unknown): Promise<void> {
  let ended = false;
  const wait = end.then(() => {
    ended = true;
  });
  await eventually(() => {
    if (clock instanceof ManualClock) clock.advance(1000);
    return ended;
  }, 'the end of what a test opened');
  await wait;
}

/** A handset that is bound, and what it got and dropped. */
export async function openHandset(
  cleanup: Cleanup,
  port: number,
  options: Partial<SmsReceiverOptions> = {},
): Promise<{
  readonly receiver: SmsReceiver;
  readonly pushes: ReceivedPush[];
  readonly drops: SmsDropReason[];
}> {
  const pushes: ReceivedPush[] = [];
  const drops: SmsDropReason[] = [];
  const receiver = new SmsReceiver({
    smsc: centre(port, { systemId: 'handset', password: 'hs' }),
    number,
    handler: (push) => {
      pushes.push(push);
    },
    onDrop: ({ reason }) => drops.push(reason),
    random: () => 0,
    ...options,
  });
  cleanup.add(() => closing(receiver.close(), options.clock));
  await receiver.start();
  return { receiver, pushes, drops };
}
