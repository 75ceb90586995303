// One command at a time over a modem's line, its answer told from what comes unasked between (ITU-T V.250 §5, 3GPP TS 27.005).
import { type Clock, type Timer, utf8ToBytes } from '../../../core/index.ts';
import { LineReader } from './line-reader.ts';
import { errorIn, ModemError } from './modem-error.ts';

/** A line, with the line of hexadecimal digits that follows where one does. */
export interface AtLine {
  readonly text: string;
  /** The PDU of a message, in hexadecimal digits. */
  readonly pdu?: string;
}

/** A command. */
export interface AtCommand {
  /** With `AT`, without its end. */
  readonly text: string;
  /** How it is called in errors; default: the text up to its arguments. */
  readonly name?: string;
  /** Lines that begin so are its answer, such as `+CSQ:`. */
  readonly prefix?: string;
  /** True when lines without a prefix are its answer, as of +CGMI. */
  readonly bare?: boolean;
  /** True when each line of its answer is followed by a PDU. */
  readonly pdus?: boolean;
  /** A message that the modem asks for, and that is in doubt once it is out. */
  readonly handOver?: HandOver;
  /** Until its end, in milliseconds; where there is a message, from its going out on. */
  readonly timeoutMs: number;
}

/** A message behind a command. The reference that the modem answers (`prefix`) says that it was taken, even where no `OK` follows. */
export interface HandOver {
  /** What goes out when the modem asks for it; ^Z is added. */
  readonly message: string;
  /** Until the modem asks, in milliseconds. */
  readonly promptMs: number;
  /** Gives the command up, as long as the message is not out. */
  readonly signal?: AbortSignal | undefined;
  /** The message goes out now. Must not throw. */
  readonly onOut?: (() => void) | undefined;
}

/** What a channel tells. */
export interface ChannelEvents {
  /** A line that no command asked for. */
  readonly onUnsolicited: (line: AtLine) => void;
  /** The modem gave a command back, although it was told not to (`quiet`). */
  readonly onEcho: () => void;
  /** What was taken has an answer without its end, which may still come. */
  readonly onUnfinished: (error: ModemError) => void;
  /** Something was left out. */
  readonly onNoise: (detail: string) => void;
}

interface Running {
  readonly command: AtCommand;
  readonly name: string;
  readonly lines: AtLine[];
  readonly resolve: (lines: readonly AtLine[]) => void;
  readonly reject: (error: ModemError) => void;
  /** The message went out whole. */
  handedOver: boolean;
  timer: Timer | undefined;
  /** Listens to no signal any more. */
  unlisten: () => void;
}

/** Lines of one answer at most: as many messages as the largest memories hold. */
const maxLines = 10_000;

/** Lines that come unasked and are followed by a PDU (3GPP TS 27.005 §3.4.1). */
const withPdu = /^\+(?:CMT|CDS|CBM):/;

/** Commands in turn. */
export class AtChannel {
  readonly #clock: Clock;
  readonly #write: (octets: Uint8Array) => void;
  readonly #events: ChannelEvents;
  readonly #reader: LineReader;
  /** Ends of the commands before, so that each waits for its turn. */
  #turn: Promise<unknown> = Promise.resolve();
  #running: Running | undefined;
  /** Lines whose PDU has not come, the innermost last, and whether they belong to the answer. */
  #open: { readonly text: string; readonly answer: boolean }[] = [];
  #lost: ModemError | undefined;
  /** True once the modem has taken that it gives nothing back. */
  quiet = false;

  constructor(clock: Clock, write: (octets: Uint8Array) => void, events: ChannelEvents) {
    this.#clock = clock;
    this.#write = write;
    this.#events = events;
    this.#reader = new LineReader({
      onLine: (line) => this.#line(line),
      onPrompt: () => this.#prompt(),
      onTooLong: (octets) => events.onNoise(`a line of ${octets} octets is left out`),
    });
  }

  /** Takes what the modem sent. */
  feed(octets: Uint8Array): void {
    this.#reader.feed(octets);
  }

  /**
   * Gives a command, once those before it are over, and resolves with the lines of its answer.
   * @throws {ModemError} when it is refused, when its time is over (TIMEOUT; NO_PROMPT before its message was asked for), when it was
   * given up (ABORTED before it was given, GIVEN_UP after that), or the line is lost (LINK_LOST)
   */
  run(command: AtCommand): Promise<readonly AtLine[]> {
    const done = this.#turn.then(() => this.#begin(command));
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Ends the command under way, and all that wait: the line is gone, or the modem has begun anew. */
  lose(why: string, code = 'LINK_LOST'): void {
    this.#lost = new ModemError(code, why, true);
    this.#fail(code, why);
  }

  /** Octets outside of commands, such as an escape from a prompt. */
  writeRaw(text: string): void {
    this.#write(utf8ToBytes(text));
  }

  #begin(command: AtCommand): Promise<readonly AtLine[]> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const { text, name = text.replace(/[=?].*$/s, ''), handOver, timeoutMs } = command;
    const givenUp = `${name}: given up before the message was handed over`;
    if (handOver?.signal?.aborted === true) {
      return Promise.reject(new ModemError('ABORTED', givenUp, true));
    }
    return new Promise((resolve, reject) => {
      const running: Running = {
        command,
        name,
        lines: [],
        resolve,
        reject,
        handedOver: false,
        timer: undefined,
        unlisten: () => {},
      };
      this.#running = running;
      if (handOver === undefined) running.timer = this.#limit(name, timeoutMs);
      else {
        const { promptMs, signal } = handOver;
        const leave = (code: string, why: string): void => {
          // Whoever waits at a prompt is let go.
          this.writeRaw('\u001b');
          this.#fail(code, why);
        };
        const giveUp = (): void => leave('GIVEN_UP', givenUp);
        signal?.addEventListener('abort', giveUp, { once: true });
        running.unlisten = () => signal?.removeEventListener('abort', giveUp);
        running.timer = this.#clock.after(promptMs, () => {
          leave('NO_PROMPT', `${name}: the modem asks for no message within ${promptMs} ms`);
        });
      }
      this.#reader.promptAwaited = handOver !== undefined;
      this.writeRaw(`${text}\r`);
    });
  }

  #limit(name: string, timeoutMs: number): Timer {
    return this.#clock.after(timeoutMs, () => {
      const why = `${name}: no answer within ${timeoutMs} ms`;
      const taken = this.#running !== undefined && isTaken(this.#running);
      this.#fail('TIMEOUT', why);
      if (taken) this.#events.onUnfinished(new ModemError('TIMEOUT', why, true));
    });
  }

  #prompt(): void {
    const running = this.#running;
    const handOver = running?.command.handOver;
    if (running === undefined || handOver === undefined) return;
    running.unlisten();
    running.timer?.cancel();
    running.timer = this.#limit(running.name, running.command.timeoutMs);
    running.handedOver = true;
    handOver.onOut?.();
    this.writeRaw(`${handOver.message}\u001a`);
  }

  #line(line: string): void {
    const running = this.#running;
    if (running !== undefined && isEcho(line, running.command)) {
      if (this.quiet && line === running.command.text) this.#events.onEcho();
      return;
    }
    if (this.#open.length > 0 && /^[0-9A-Fa-f]+$/.test(line)) {
      this.#close(line);
      return;
    }
    if (running === undefined) {
      this.#unasked(line);
      return;
    }
    const { command, name, lines } = running;
    // Before its message was asked for, what sounds like the end is about something else.
    const early = command.handOver !== undefined && !running.handedOver;
    if (line === 'OK') {
      if (early) return;
      this.#end()?.resolve(lines);
      return;
    }
    const error = errorIn(line, name, running.handedOver);
    if (error !== undefined) {
      this.#end()?.reject(error);
      return;
    }
    const asked = !early && command.prefix !== undefined && line.toUpperCase().startsWith(command.prefix);
    if (asked && command.pdus === true) this.#open.push({ text: line, answer: true });
    else if (asked || (command.bare === true && isBare(line))) this.#answer({ text: line });
    else this.#unasked(line);
  }

  #answer(line: AtLine): void {
    const lines = this.#running?.lines;
    if (lines !== undefined && lines.length < maxLines) lines.push(line);
  }

  #unasked(line: string): void {
    if (withPdu.test(line)) this.#open.push({ text: line, answer: false });
    else this.#events.onUnsolicited({ text: line });
    // What never gets its PDU must not pile up.
    if (this.#open.length > 8) this.#open.shift();
  }

  #close(pdu: string): void {
    const opened = this.#open.pop();
    if (opened === undefined) return;
    if (opened.answer) this.#answer({ text: opened.text, pdu });
    else this.#events.onUnsolicited({ text: opened.text, pdu });
  }

  #fail(code: string, why: string): void {
    const running = this.#end();
    if (running === undefined) return;
    if (isTaken(running)) running.resolve(running.lines);
    else running.reject(new ModemError(code, why, true, { inDoubt: running.handedOver }));
  }

  #end(): Running | undefined {
    const running = this.#running;
    running?.timer?.cancel();
    running?.unlisten();
    this.#running = undefined;
    this.#reader.promptAwaited = false;
    this.#open = this.#open.filter(({ answer }) => !answer);
    return running;
  }
}

/** The modem's own copy of what it was given. */
function isEcho(line: string, { text, handOver }: AtCommand): boolean {
  return line === text || (handOver !== undefined && line === handOver.message);
}

/** A message was handed over, and has its reference (3GPP TS 27.005 §3.5.1). */
function isTaken({ handedOver, lines }: Running): boolean {
  return handedOver && lines.length > 0;
}

/** Lines of an answer that has no prefix; others come unasked. */
function isBare(line: string): boolean {
  return !/^(?:[+^*%$#&!]|RING$|NO CARRIER$|RDY$)/.test(line);
}
