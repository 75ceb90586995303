// Messages handed to a modem, listed, read and deleted (3GPP TS 27.005 §3.2, §3.4, §3.5).
import { bytesToHex } from '../../../core/index.ts';
import type { AtCommand, AtLine, HandOver } from '../line/at-channel.ts';
import { ModemError } from '../line/modem-error.ts';
import { LateReference } from './late-reference.ts';
import type { ModemSettings } from './modem-options.ts';
import { type ListedMessage, type MemoryState, type MessagePlace, readListed } from './read-answers.ts';

/** Gives a command. Rejects with `ModemError`. */
export type RunCommand = (command: AtCommand) => Promise<readonly AtLine[]>;

/** Of a message that is handed over: what gives it up, and who is told that it is out. */
export interface SubmitOptions extends Pick<HandOver, 'signal' | 'onOut'> {
  /** How its caller calls it, where an answer that comes late is asked for (`late`). */
  readonly about?: string | undefined;
}

/** The commands of one modem, and the memory that they read from. */
export class MessageCommands {
  /** The memory that is read from; `undefined` when the modem does not say. */
  memory: MemoryState | undefined;
  /** What is said of the last message after its time. */
  readonly late = new LateReference();
  readonly #name: string;
  readonly #run: RunCommand;
  readonly #settings: Pick<ModemSettings, 'promptMs' | 'submitMs' | 'commandMs'>;

  constructor(
    name: string,
    run: RunCommand,
    settings: Pick<ModemSettings, 'promptMs' | 'submitMs' | 'commandMs'>,
  ) {
    this.#name = name;
    this.#run = run;
    this.#settings = settings;
  }

  /** As `AtModem.submit`; `taken` is called when the modem took it, whatever it says then. */
  async submit(
    octets: Uint8Array,
    length: number,
    taken: () => void,
    { signal, onOut, about }: SubmitOptions,
  ): Promise<number> {
    const message = bytesToHex(octets).toUpperCase();
    const { promptMs, submitMs } = this.#settings;
    const handedOver = (): void => {
      this.late.forget();
      onOut?.();
    };
    const running = this.#run({
      text: `AT+CMGS=${length}`,
      prefix: '+CMGS:',
      handOver: { message, promptMs, signal, onOut: handedOver },
      timeoutMs: submitMs,
    });
    const lines = await running.catch((error: unknown) => {
      if (about !== undefined && error instanceof ModemError && error.inDoubt) this.late.await(about);
      throw error;
    });
    const reference = /^\+CMGS:\s*(\d{1,3})/.exec(lines[0]?.text ?? '')?.[1];
    taken();
    if (reference !== undefined && Number(reference) <= 255) return Number(reference);
    throw new ModemError('NO_REFERENCE', `${this.#name}: took a message and gave no reference`, true, {
      inDoubt: true,
    });
  }

  /** As `AtModem.list`. */
  async list(memory?: string): Promise<readonly ListedMessage[]> {
    await this.#use(memory);
    const { submitMs } = this.#settings;
    const lines = await this.#run({ text: 'AT+CMGL=4', prefix: '+CMGL:', pdus: true, timeoutMs: submitMs });
    return lines.map(readListed).filter((one) => one !== undefined);
  }

  /** As `AtModem.read`. */
  async read({ memory, index }: MessagePlace): Promise<ListedMessage | undefined> {
    await this.#use(memory);
    const { commandMs } = this.#settings;
    const lines = await this.#run({
      text: `AT+CMGR=${index}`,
      prefix: '+CMGR:',
      pdus: true,
      timeoutMs: commandMs,
    });
    return lines.map(readListed).find((one) => one !== undefined);
  }

  /** As `AtModem.delete`. */
  async delete({ memory, index }: MessagePlace): Promise<void> {
    await this.#use(memory);
    await this.#run({ text: `AT+CMGD=${index}`, timeoutMs: this.#settings.commandMs });
  }

  /** Makes a memory the one that is read from. */
  async #use(memory: string | undefined): Promise<void> {
    if (memory === undefined || memory === this.memory?.name) return;
    const { commandMs } = this.#settings;
    const lines = await this.#run({ text: `AT+CPMS="${memory}"`, prefix: '+CPMS:', timeoutMs: commandMs });
    const [used = 0, total = 0] = (lines[0]?.text.match(/\d+/g) ?? []).map(Number);
    this.memory = { name: memory, used, total };
  }
}
