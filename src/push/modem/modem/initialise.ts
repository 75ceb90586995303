// What a modem is told before it is used, and again after each of its resets (3GPP TS 27.005 §3, 3GPP TS 27.007).
import { type Clock, sleep } from '../../../core/index.ts';
import type { AtChannel } from '../line/at-channel.ts';
import { ModemError } from '../line/modem-error.ts';
import type { ModemSettings } from './modem-options.ts';
import { type MemoryState, readMemory } from './read-answers.ts';
import type { SimPin } from './unlock.ts';

/** What came of it. */
export interface Initialised {
  /** The memory that is read from; `undefined` when the modem does not say. */
  readonly memory: MemoryState | undefined;
  /** False when the modem does not tell of messages: they have to be looked for. */
  readonly tells: boolean;
  /** What it does not know, for a log. */
  readonly missing: readonly string[];
}

/** How often a modem that says nothing is called at the beginning. */
const calls = 5;

/** How long late answers are waited for, in milliseconds. */
const settleMs = 300;

/** How long a SIM may be busy with itself, as it is after its PIN, until its refusals are taken for an answer, in milliseconds. */
const busyMs = 20_000;

/**
 * Brings the modem into the state that all else relies on: no echo, numbers in errors, PDU mode, messages kept and told by
 * their place, status reports told as they come.
 * @throws {ModemError} when it does not answer, refuses PDU mode, or its SIM is not ready
 */
export async function initialise(
  channel: AtChannel,
  pin: SimPin,
  { commandMs, retryMs, clock }: Pick<ModemSettings, 'commandMs' | 'retryMs' | 'clock'>,
): Promise<Initialised> {
  const missing: string[] = [];
  let busyUntil = clock.monotonic() + busyMs;
  const run = async (text: string, prefix?: string) => {
    for (;;) {
      try {
        return await channel.run({ text, timeoutMs: commandMs, ...(prefix === undefined ? {} : { prefix }) });
      } catch (error) {
        if (!isBusy(error) || clock.monotonic() >= busyUntil) throw error;
        await sleep(clock, Math.min(retryMs, 1000));
      }
    }
  };
  const tolerant = async (text: string, prefix?: string) => {
    try {
      return await run(text, prefix);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      missing.push(text.replace(/=.*$/, ''));
      return undefined;
    }
  };
  await call(channel, commandMs, clock);
  await run('ATE0V1');
  channel.quiet = true;
  await tolerant('AT+CMEE=1');
  await pin.unlock(channel);
  busyUntil = clock.monotonic() + busyMs;
  // Phase 2: nothing that comes has to be acknowledged.
  await tolerant('AT+CSMS=0', '+CSMS:');
  await run('AT+CMGF=0');
  const memory = readMemory((await tolerant('AT+CPMS?', '+CPMS:'))?.[0]?.text ?? '');
  await tolerant('AT+CREG=1');
  return { memory, tells: await indications(run), missing };
}

/**
 * Wakes the modem, whatever state it was left in: a prompt is escaped from, and answers to what was asked before are let pass,
 * until a question gets its own answer.
 */
async function call(channel: AtChannel, commandMs: number, clock: Clock): Promise<void> {
  const timeoutMs = Math.min(commandMs, 2000);
  channel.writeRaw('\u001b\r');
  for (let left = calls; ; left -= 1) {
    try {
      await channel.run({ text: 'AT', timeoutMs });
      const own = await channel.run({ text: 'AT+CMGF=?', prefix: '+CMGF:', timeoutMs });
      if (own.length > 0) return;
    } catch (error) {
      // An ERROR is the end of what stood in the line before.
      if (left <= 1 || !(error instanceof ModemError) || error.code === 'LINK_LOST') throw error;
    }
    if (left <= 1) throw new ModemError('NO_SMS', 'the modem does not say how it takes short messages', true);
    await sleep(clock, settleMs);
  }
}

/**
 * Asks for +CMTI and +CDS: messages stay in the memory until they are taken, reports come by themselves. False when no form
 * of it is taken.
 */
async function indications(run: (text: string) => Promise<unknown>): Promise<boolean> {
  for (const form of ['2,1,0,1,0', '2,1,0,2,0', '1,1,0,1,0', '2,1,0,0,0', '1,1,0,0,0', '2,1']) {
    try {
      await run(`AT+CNMI=${form}`);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return false;
}

/** SIM busy, of either list of numbers. */
function isBusy(error: unknown): boolean {
  return error instanceof ModemError && (error.code === 'CMS_314' || error.code === 'CME_14');
}

function isRefusal(error: unknown): error is ModemError {
  return error instanceof ModemError && /^(?:ERROR|CM[SE].*)$/.test(error.code);
}
