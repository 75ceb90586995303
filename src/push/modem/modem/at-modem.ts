// A modem by AT commands in PDU mode: opened again and again, initialised after each reset, one command at a time (3GPP TS 27.005).
import { messageOf, PushError, sleep } from '../../../core/index.ts';
import { closedError } from '../../index.ts';
import { roadDownMs } from '../../short-message/index.ts';
import { AtChannel, type AtCommand, type AtLine } from '../line/at-channel.ts';
import { ModemError } from '../line/modem-error.ts';
import { showModemPlace } from '../line/modem-place.ts';
import { type ModemPort, openPort } from '../line/open-port.ts';
import { EchoWatch } from './echo-watch.ts';
import { initialise } from './initialise.ts';
import { MessageCommands, type SubmitOptions } from './message-commands.ts';
import { type ModemOptions, type ModemSettings, modemSettings } from './modem-options.ts';
import type { ModemInfo, ModemListener, ModemStatus } from './modem-status.ts';
import { askHealth, askInfo } from './questions.ts';
import type { ListedMessage, MemoryState, MessagePlace, Registration } from './read-answers.ts';
import { Standing } from './standing.ts';
import { readUnasked } from './unasked.ts';
import { SimPin } from './unlock.ts';

/** Refusals that a line in another state than ours would give: the modem has been reset without a word. */
const forgotten: ReadonlySet<string> = new Set(['CMS_304', 'CMS_305']);

/** An answer that comes too late would be taken for that of the next command. */
const unanswered: ReadonlySet<string> = new Set(['TIMEOUT', 'NO_PROMPT', 'GIVEN_UP']);

/** A modem. Nothing happens before `start`. */
export class AtModem {
  readonly name: string;
  readonly settings: ModemSettings;
  readonly #pin: SimPin;
  readonly #echo = new EchoWatch();
  readonly #listeners = new Set<ModemListener>();
  readonly #stop = new AbortController();
  readonly #standing: Standing;
  readonly #messages: MessageCommands;
  #channel: AtChannel | undefined;
  #registration: Registration | undefined;
  #signalDbm: number | undefined;
  #life: Promise<void> | undefined;
  #startedAt: number | undefined;
  /** It asked for no message, and has taken none since: the pauses grow. */
  #deaf: string | undefined;
  /** Ends the wait of the line that is open: it is gone, or the modem has begun anew. */
  #onTrouble: (error: ModemError) => void = () => {};

  /** @throws {ValueError} for settings that cannot be */
  constructor(options: ModemOptions) {
    this.settings = modemSettings(options);
    this.name = showModemPlace(this.settings.place);
    this.#pin = new SimPin(this.settings);
    this.#standing = new Standing(this.settings.clock);
    this.#messages = new MessageCommands(this.name, (command) => this.run(command), this.settings);
  }

  /** Adds one that is told what comes. Gives what ends that. */
  listen(listener: ModemListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Opens the modem and keeps it open until `close`. */
  start(): void {
    this.#startedAt ??= this.settings.clock.monotonic();
    this.#life ??= this.#live();
  }

  get ready(): boolean {
    return this.#standing.ready;
  }

  /** True from `start` until it is ready or has failed for the first time, for so many milliseconds at most. */
  comingUp(withinMs: number): boolean {
    if (this.#startedAt === undefined || this.#standing.cameUp || this.#stop.signal.aborted) return false;
    return this.settings.clock.monotonic() - this.#startedAt < withinMs;
  }

  /** A snapshot. */
  status(): ModemStatus {
    const { state, since, error } = this.#standing;
    const why = error?.message ?? this.#deaf;
    const { memory } = this.#messages;
    const { standing: pin } = this.#pin;
    return {
      state,
      since,
      ...(why === undefined ? {} : { error: why }),
      ...(this.#registration === undefined ? {} : { registration: this.#registration }),
      ...(this.#signalDbm === undefined ? {} : { signalDbm: this.#signalDbm }),
      ...(memory === undefined ? {} : { memory }),
      ...(pin === undefined ? {} : { pin }),
    };
  }

  /**
   * Resolves when the modem is ready.
   * @throws {PushError} what stands in the way once `waitMs` milliseconds are over, or at once when it will not go away
   */
  whenReady(waitMs: number, signal: AbortSignal): Promise<void> {
    return this.#standing.whenReady(this.name, waitMs, this.#stop.signal, signal);
  }

  /**
   * Hands a message over and resolves with the reference that the modem gave it, 0–255. `octets` begin with the service centre;
   * `length` counts those behind it.
   * @throws {ModemError} a refusal, NO_PROMPT, or ABORTED and GIVEN_UP by the signal; with `inDoubt` when the message went out and
   * nothing came back
   */
  submit(octets: Uint8Array, length: number, options: SubmitOptions = {}): Promise<number> {
    const taken = (): void => {
      this.#echo.taken();
      this.#deaf = undefined;
    };
    return this.#messages.submit(octets, length, taken, options);
  }

  /**
   * The reference of the last message, called so by `about` of its options, where it was in doubt and the modem has answered since; once.
   */
  takeLate(about: string): number | undefined {
    return this.#messages.late.take(about);
  }

  /** All messages of a memory, by default of the current one. @throws {ModemError} */
  list(memory?: string): Promise<readonly ListedMessage[]> {
    return this.#messages.list(memory);
  }

  /** One message; `undefined` when nothing lies there. @throws {ModemError} */
  read(place: MessagePlace): Promise<ListedMessage | undefined> {
    return this.#messages.read(place);
  }

  /** Deletes one message. @throws {ModemError} */
  delete(place: MessagePlace): Promise<void> {
    return this.#messages.delete(place);
  }

  /** The memory that is read from; `undefined` when the modem does not say. */
  get memory(): MemoryState | undefined {
    return this.#messages.memory;
  }

  /** What the modem says of itself; what it does not know is left out. @throws {ModemError} when the line is lost */
  async info(): Promise<ModemInfo> {
    const info = await askInfo((command) => this.run(command), this.settings.commandMs);
    await this.#look();
    return info;
  }

  /** Ends it; commands under way are given up. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#onTrouble(new ModemError('CLOSED', 'the modem is being closed', true));
    await this.#life;
    this.#standing.become('closed');
  }

  /** Gives a command. @throws {ModemError} */
  async run(command: AtCommand): Promise<readonly AtLine[]> {
    const channel = this.#channel;
    if (channel === undefined) throw new ModemError('LINK_LOST', `${this.name}: is not open`, true);
    try {
      return await channel.run(command);
    } catch (error) {
      if (error instanceof ModemError && this.ready) {
        if (error.code === 'NO_PROMPT') this.#deaf = `${this.name}: ${error.message}`;
        if (unanswered.has(error.code) || forgotten.has(error.code)) this.#onTrouble(error);
      }
      throw error;
    }
  }

  async #live(): Promise<void> {
    const { clock, retryMs, maxRetryMs } = this.settings;
    let pauseMs = retryMs;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#openOnce(() => {
          if (this.#deaf === undefined) pauseMs = retryMs;
        });
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        this.#fail(error);
        if (this.#standing.state === 'failed') return;
      }
      if (this.#deaf !== undefined) pauseMs = Math.max(pauseMs, Math.min(roadDownMs, maxRetryMs));
      await sleep(clock, pauseMs, this.#stop.signal);
      pauseMs = Math.min(pauseMs * 2, maxRetryMs);
    }
  }

  /** Opens the line and uses it until it is lost. @throws {PushError} */
  async #openOnce(onReady: () => void): Promise<void> {
    const { clock, place, baudRate, connectMs } = this.settings;
    this.#standing.become('opening');
    const lost = new Promise<never>((_, reject) => {
      this.#onTrouble = (error) => {
        if (this.ready) this.#standing.become('waiting');
        reject(error);
      };
    });
    lost.catch(() => {});
    let port: ModemPort | undefined;
    const channel = new AtChannel(clock, (octets) => port?.write(octets), {
      onUnsolicited: (line) => this.#unasked(line),
      onEcho: () => {
        // Echo was put off: whoever repeats commands has forgotten it, or never obeys.
        if (this.#echo.seen(this.ready))
          this.#onTrouble(new ModemError('RESET', 'the modem was reset', true));
      },
      onUnfinished: (error) => this.#onTrouble(error),
      onNoise: (detail) => this.#tell((each) => each.onWarning?.(detail)),
    });
    const settings = { place, baudRate, connectMs, clock, signal: this.#stop.signal };
    port = await openPort(settings, {
      onData: (octets) => channel.feed(octets),
      onClose: (why) => {
        channel.lose(why);
        this.#onTrouble(new ModemError('LINK_LOST', why, true));
      },
    });
    this.#channel = channel;
    try {
      this.#standing.become('initialising');
      this.#echo.begin();
      const { memory, tells, missing } = await Promise.race([
        initialise(channel, this.#pin, this.settings),
        lost,
      ]);
      this.#messages.memory = memory;
      if (missing.length > 0)
        this.#tell((each) => each.onWarning?.(`the modem does not know ${missing.join(', ')}`));
      if (!tells)
        this.#tell((each) => each.onWarning?.('the modem tells of no messages: they are looked for'));
      await Promise.race([this.#look(), lost]);
      onReady();
      this.#standing.become('ready');
      this.#tell((each) => each.onReady?.());
      await Promise.race([this.#watch(), lost]);
    } finally {
      this.#channel = undefined;
      if (this.#stop.signal.aborted) channel.lose('the modem has been closed', 'CLOSED');
      else channel.lose('the modem begins anew', 'RESET');
      await port.close();
    }
  }

  /** Asks for signal and registration now and then; what does not answer is noticed by that. */
  async #watch(): Promise<never> {
    const { clock, statusMs } = this.settings;
    for (;;) {
      await sleep(clock, statusMs, this.#stop.signal);
      if (this.#stop.signal.aborted) throw closedError('modem');
      await this.#look();
      this.#tell((each) => each.onLook?.());
    }
  }

  async #look(): Promise<void> {
    const health = await askHealth((command) => this.run(command), this.settings.commandMs);
    this.#registration = health.registration;
    this.#signalDbm = health.signalDbm;
    this.#messages.memory = health.memory ?? this.#messages.memory;
  }

  #unasked(line: AtLine): void {
    if (this.#messages.late.hear(line.text)) return;
    const said = readUnasked(line);
    switch (said?.kind) {
      case 'start':
        // While it is initialised this is the start that it is initialised for.
        if (!this.ready) return;
        this.#channel?.lose('the modem was reset', 'RESET');
        this.#onTrouble(new ModemError('RESET', 'the modem was reset', true));
        return;
      case 'registration':
        this.#registration = said.registration;
        return;
      case 'stored':
        this.#tell((each) => each.onStored?.(said.place));
        return;
      case 'message':
        this.#tell((each) => each.onMessage?.(said.tpdu));
        return;
      case 'unreadable':
        this.#tell((each) => each.onWarning?.(`unreadable message: ${said.fault}`));
        return;
    }
  }

  #fail(error: unknown): void {
    const known =
      error instanceof PushError ? error : new ModemError('MODEM', messageOf(error), true, { cause: error });
    const named = known.message.startsWith(this.name) ? known.message : `${this.name}: ${known.message}`;
    const told = new PushError(known.code, named, known.retryable, { cause: error, notTaken: true });
    this.#standing.fail(told);
    this.#tell((each) => each.onDown?.(told));
  }

  #tell(what: (listener: ModemListener) => void): void {
    for (const listener of [...this.#listeners]) what(listener);
  }
}
