// What the tests of modems share.
import { encodeDeliver, encodeStatusReport, segmentDatagram } from '../../../src/codec/sms/index.ts';
import { encodePush } from '../../../src/codec/wsp/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { AtModem, type ModemOptions } from '../../../src/push/modem/index.ts';
import { eventually, ModemSimulator, type ModemSimulatorOptions } from '../../../src/testing/index.ts';
import type { Cleanup } from '../sms/support.ts';

export { Cleanup, never, number, pushOf, scene } from '../sms/support.ts';

const time = Date.UTC(2026, 10, 30, 12, 0, 0);

/** A simulated modem and ours that talks to it. */
export async function modemPair(
  cleanup: Cleanup,
  options: ModemSimulatorOptions = {},
  ours: Partial<ModemOptions> = {},
): Promise<{ readonly simulator: ModemSimulator; readonly modem: AtModem; readonly port: number }> {
  const simulator = new ModemSimulator(options);
  const port = await simulator.listen();
  cleanup.add(() => simulator.close());
  const modem = new AtModem({ port: `tcp:127.0.0.1:${port}`, retryMs: 5, maxRetryMs: 20, ...ours });
  cleanup.add(() => modem.close());
  return { simulator, modem, port };
}

/** Starts ours and waits until it is ready. */
export async function started(modem: AtModem): Promise<void> {
  modem.start();
  await eventually(() => modem.ready, 'a modem that is ready');
}

/** SMS-DELIVER of a push of one type. */
export function deliveries(
  body: Uint8Array,
  {
    from = '+491709999999',
    type = 'dm+wbxml',
    reference = 7,
    port = 2948,
  }: {
    readonly from?: string;
    readonly type?: keyof typeof contentTypes;
    readonly reference?: number;
    readonly port?: number;
  } = {},
): readonly Uint8Array[] {
  const datagram = encodePush({ transactionId: 1, contentType: contentTypes[type], body });
  const parts = segmentDatagram(datagram, { reference, destinationPort: port });
  return parts.map((userData) => encodeDeliver({ from, userData, hasHeader: true, time }));
}

/** SMS-STATUS-REPORT about a message. */
export function reportOf(reference: number, to: string, status = 0): Uint8Array {
  return encodeStatusReport({ reference, to, time, settledTime: time + 2000, status });
}
