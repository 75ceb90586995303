// The SIM's PIN: tried once, where the modem tells how many tries are left, and never again after a refusal, since a SIM locks
// after three (3GPP TS 27.007 §8.3, §8.65).
import { toLine } from '../../../core/index.ts';
import type { AtChannel } from '../line/at-channel.ts';
import { ModemError } from '../line/modem-error.ts';
import type { ModemSettings } from './modem-options.ts';
import type { PinState } from './modem-status.ts';

/** Settings that a PIN goes by. */
export type PinSettings = Pick<ModemSettings, 'pin' | 'pinWithoutCount' | 'commandMs'>;

/** A PIN, and whether it may be tried. One for each modem and process. */
export class SimPin {
  readonly #pin: string | undefined;
  readonly #withoutCount: boolean;
  readonly #commandMs: number;
  /** What stands in the way for good. */
  #refused: ModemError | undefined;
  #standing: PinState | undefined;

  constructor({ pin, pinWithoutCount, commandMs }: PinSettings) {
    this.#pin = pin;
    this.#withoutCount = pinWithoutCount;
    this.#commandMs = commandMs;
  }

  /** Why nothing is tried any more; `undefined` while it may be. */
  get refused(): ModemError | undefined {
    return this.#refused;
  }

  /** What became of it; `undefined` before the first look. */
  get standing(): PinState | undefined {
    return this.#standing;
  }

  /**
   * Sees to it that the SIM is ready.
   * @throws {ModemError} when it is not: PIN_NEEDED, PIN_REFUSED, PIN_SUSPECT, PIN_UNCOUNTED, SIM_LOCKED, which trying again does not mend
   */
  async unlock(channel: AtChannel): Promise<void> {
    if (this.#refused !== undefined) throw this.#refused;
    const state = await this.#state(channel);
    if (state === 'READY') {
      // Whoever looks after it should know before the power has failed.
      const counts =
        this.#pin === undefined || this.#withoutCount || (await this.#triesLeft(channel)) !== undefined;
      this.#standing = counts ? 'not needed' : 'will not be given';
      return;
    }
    if (state !== 'SIM PIN') {
      throw this.#stop(
        'SIM_LOCKED',
        'locked',
        `the SIM wants ${toLine(state, 40)}: enter it by hand in a telephone`,
      );
    }
    const pin = this.#pin;
    if (pin === undefined)
      throw this.#stop(
        'PIN_NEEDED',
        'needed',
        'the SIM wants its PIN: set `pin` (with reveille modem: --pin-file, or REVEILLE_PIN)',
      );
    const left = await this.#triesLeft(channel);
    if (left !== undefined && left.tries < left.full) {
      const detail = `a PIN was refused before, ${left.tries} of ${left.full} tries are left: enter the right one by hand`;
      throw this.#stop('PIN_SUSPECT', 'suspect', detail);
    }
    if (left === undefined && !this.#withoutCount) {
      // Each new process would try it once more.
      const detail =
        'the modem does not tell how many tries of the PIN are left (+CPINR), so it is not tried: switch the PIN off or enter it ' +
        'by hand, or set `pinWithoutCount` and start anew no more than once when it is refused';
      throw this.#stop('PIN_UNCOUNTED', 'not given', detail);
    }
    try {
      await channel.run({ text: `AT+CPIN="${pin}"`, name: 'AT+CPIN', timeoutMs: 3 * this.#commandMs });
    } catch (error) {
      const why = error instanceof ModemError ? error.message : 'it failed';
      // Also without an answer: it may have been counted.
      throw this.#stop(
        'PIN_REFUSED',
        'refused',
        `${why}; the PIN is not tried again: set the right one and start anew`,
      );
    }
    this.#standing = 'given';
  }

  async #state(channel: AtChannel): Promise<string> {
    try {
      const lines = await channel.run({ text: 'AT+CPIN?', prefix: '+CPIN:', timeoutMs: this.#commandMs });
      return (lines[0]?.text ?? '').replace(/^\+CPIN:\s*/, '').toUpperCase();
    } catch (error) {
      // Modems without a SIM slot of their own do not know the question.
      if (error instanceof ModemError && (error.code === 'ERROR' || error.code === 'CME_4')) return 'READY';
      throw error;
    }
  }

  /** Tries that are left and that a fresh SIM has, where the modem tells. */
  async #triesLeft(
    channel: AtChannel,
  ): Promise<{ readonly tries: number; readonly full: number } | undefined> {
    try {
      const lines = await channel.run({
        text: 'AT+CPINR="SIM PIN"',
        prefix: '+CPINR:',
        timeoutMs: this.#commandMs,
      });
      const match = /^\+CPINR:\s*"?SIM PIN"?\s*,\s*(\d+)(?:\s*,\s*(\d+))?/i.exec(lines[0]?.text ?? '');
      return match === null ? undefined : { tries: Number(match[1]), full: Number(match[2] ?? 3) };
    } catch (error) {
      if (error instanceof ModemError && (error.code === 'ERROR' || error.code.startsWith('CM')))
        return undefined;
      throw error;
    }
  }

  #stop(code: string, standing: PinState, message: string): ModemError {
    this.#standing = standing;
    this.#refused = new ModemError(code, message, false);
    return this.#refused;
  }
}
