// Settings of a modem, with defaults and bounds.
import { type Clock, longestMs, systemClock, ValueError, wholeNumber } from '../../../core/index.ts';
import { type ModemPlace, parseModemPlace } from '../line/modem-place.ts';

/** Settings of a modem. Times in milliseconds. */
export interface ModemOptions {
  /** Where it is: a serial port such as `/dev/ttyUSB0`, or `tcp:HOST:PORT`. */
  readonly port: string;
  /** Of a serial port, 300–4 000 000. Default 115 200. */
  readonly baudRate?: number | undefined;
  /**
   * PIN of the SIM, 4–8 digits. It is tried once; after a refusal, or when the SIM says that one was refused before, it is
   * tried no more, since a SIM locks after three. It is not tried where the modem does not tell how many tries are left.
   */
  readonly pin?: string | undefined;
  /** Whether the PIN is tried all the same there: once in each process, so that a wrong one locks the SIM at the third. Default false. */
  readonly pinWithoutCount?: boolean | undefined;
  /** Memories whose messages are read besides the current one, such as `SM` or `ME`. Default none. */
  readonly memories?: readonly string[] | undefined;
  /** Until a command is answered. Default 10 000. */
  readonly commandMs?: number | undefined;
  /** Until the modem asks for a message (3GPP TS 27.005 §3.5.1), after which it has not taken it. Default 10 000. */
  readonly promptMs?: number | undefined;
  /** Until a message that was handed over is answered: less than an attempt may take. Default 60 000. */
  readonly submitMs?: number | undefined;
  /** How often signal and registration are asked, and messages looked for. Default 60 000. */
  readonly statusMs?: number | undefined;
  /** Until a TCP connection stands. Default 10 000. */
  readonly connectMs?: number | undefined;
  /** Pause before the first new try after the line was lost; it doubles up to `maxRetryMs`. Default 1000. */
  readonly retryMs?: number | undefined;
  /** Default 60 000. */
  readonly maxRetryMs?: number | undefined;
  /** Default: that of the system. */
  readonly clock?: Clock | undefined;
}

/** Defaults of `ModemOptions`. */
export const modemDefaults = Object.freeze({
  baudRate: 115_200,
  commandMs: 10_000,
  promptMs: 10_000,
  submitMs: 60_000,
  statusMs: 60_000,
  connectMs: 10_000,
  retryMs: 1000,
  maxRetryMs: 60_000,
});

/** Settings, complete. */
export interface ModemSettings {
  readonly place: Exclude<ModemPlace, { readonly kind: 'manager' }>;
  readonly baudRate: number;
  readonly pin: string | undefined;
  readonly pinWithoutCount: boolean;
  readonly memories: readonly string[];
  readonly commandMs: number;
  readonly promptMs: number;
  readonly submitMs: number;
  readonly statusMs: number;
  readonly connectMs: number;
  readonly retryMs: number;
  readonly maxRetryMs: number;
  readonly clock: Clock;
}

/** Fills in and checks. @throws {ValueError} */
export function modemSettings(options: ModemOptions): ModemSettings {
  const place = parseModemPlace(options.port);
  if (place.kind === 'manager') {
    const detail =
      'ModemManager takes no user data header, so that no push can be sent through it: name the serial port';
    throw new ValueError('BAD_FORMAT', detail, 'port');
  }
  const { pin, memories = [] } = options;
  // The PIN itself stays out of the error.
  if (pin !== undefined && !/^[0-9]{4,8}$/.test(pin)) {
    throw new ValueError('BAD_FORMAT', 'must be 4 to 8 digits', 'pin');
  }
  for (const [index, memory] of memories.entries()) {
    if (!/^[A-Z]{2}$/.test(memory)) {
      throw new ValueError('BAD_FORMAT', 'is no memory such as SM or ME', `memories[${index}]`);
    }
  }
  const ms = (name: Exclude<keyof typeof modemDefaults, 'baudRate'>): number =>
    wholeNumber(options[name] ?? modemDefaults[name], 1, longestMs, name);
  return {
    place,
    pin,
    pinWithoutCount: options.pinWithoutCount ?? false,
    memories,
    baudRate: wholeNumber(options.baudRate ?? modemDefaults.baudRate, 300, 4_000_000, 'baudRate'),
    commandMs: ms('commandMs'),
    promptMs: ms('promptMs'),
    submitMs: ms('submitMs'),
    statusMs: ms('statusMs'),
    connectMs: ms('connectMs'),
    retryMs: ms('retryMs'),
    maxRetryMs: ms('maxRetryMs'),
    clock: options.clock ?? systemClock(),
  };
}
