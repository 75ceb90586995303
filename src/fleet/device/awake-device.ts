// A device while it is awake: the product's own DM client over its unpacked state, with the faults of the push that woke it.
import type { MessageForm } from '../../codec/syncml/index.ts';
import { type Clock, ConfigError } from '../../core/index.ts';
import {
  type BackOffOptions,
  Device,
  type DeviceEvent,
  type DmHttpClient,
  type PushOutcome,
  type ReplayOptions,
  type StateStorage,
} from '../../device/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import { writeAuthData } from '../../tree/index.ts';
import type { Fault } from '../plan/fault-plan.ts';
import { DeviceHttp } from './device-http.ts';

/** What a device is woken with. */
export interface AwakeOptions {
  /** For messages. */
  readonly name: string;
  /** Its state, as JSON. */
  readonly state: string;
  readonly form: MessageForm;
  readonly secureNotifications: boolean;
  readonly http: DmHttpClient;
  readonly anyNetwork: boolean;
  readonly clock: Clock;
  readonly backOff: BackOffOptions;
  readonly replay: ReplayOptions;
  /** 16 octets, for the nonce of fault `wrongNonce`. */
  readonly otherNonce: () => Uint8Array;
  readonly onEvent: (event: DeviceEvent) => void;
  /** The state changed; it is JSON. @throws {ConfigError} when it cannot be kept */
  readonly onState: (state: string) => void;
}

/** One time that a device is awake. */
export class AwakeDevice {
  /** Pushes that it deals with. */
  users = 0;
  readonly #options: AwakeOptions;
  readonly #http: DeviceHttp;
  readonly #device: Device;
  #refusals = 0;
  #dead = false;

  private constructor(options: AwakeOptions) {
    this.#options = options;
    this.#http = new DeviceHttp(options.http, options.clock, options.anyNetwork);
    this.#device = new Device({
      storage: this.#storage(),
      httpClient: this.#http,
      form: options.form,
      clock: options.clock,
      backOff: options.backOff,
      replay: options.replay,
      secureNotifications: options.secureNotifications,
      accept: 'ask',
      user: { inform: () => {}, confirm: async () => this.#refusals === 0 },
      mayStart: () => this.#refusals === 0 || 'the user said no',
      onEvent: (event) => {
        if (!this.#dead) options.onEvent(event);
      },
    });
  }

  /** Wakes it. @throws {ConfigError} when its state cannot be read or kept */
  static async start(options: AwakeOptions): Promise<AwakeDevice> {
    const awake = new AwakeDevice(options);
    await awake.#device.start();
    return awake;
  }

  /** Deals with a push under a fault. `taken` is called when it is the device's; resolves when all about it is over. */
  async handle(
    push: ReceivedPush,
    fault: Fault | undefined,
    taken: () => void,
  ): Promise<PushOutcome | 'killed'> {
    const { faults } = this.#http;
    if (fault?.kind === 'wrongNonce') await this.#forgetNonce();
    if (fault?.kind === 'refuses') this.#refusals += 1;
    if (fault?.kind === 'broken') faults.broken = true;
    if (fault?.kind === 'slow') faults.slowMs = fault.delayMs ?? 0;
    try {
      const outcome = await this.#device.handlePush(push, taken);
      return this.#dead ? 'killed' : outcome;
    } finally {
      if (fault?.kind === 'refuses') this.#refusals -= 1;
      if (fault?.kind === 'broken') faults.broken = false;
      if (fault?.kind === 'slow') faults.slowMs = 0;
    }
  }

  /** Puts it to sleep: sessions that run are ended, and their servers told. */
  async stop(): Promise<void> {
    await this.#device.stop();
  }

  /** As if its process were killed: nothing is kept, sent or told from now on. */
  kill(): void {
    this.#dead = true;
    this.#http.cut();
    // What it still does comes to nothing; only its timers have to end.
    this.#device.stop().catch(() => undefined);
  }

  /** From now on it takes another nonce for the server's than the server believes. */
  async #forgetNonce(): Promise<void> {
    const { tree, accounts } = this.#device;
    const [account] = accounts;
    const entry = account?.credentials.find(({ level }) => level === 'SRVCRED');
    if (tree === undefined || account === undefined || entry === undefined) return;
    await tree.run((transaction) =>
      writeAuthData(transaction, account, 'SRVCRED', this.#options.otherNonce(), entry.type),
    );
  }

  #storage(): StateStorage {
    const { name, state, onState } = this.#options;
    return {
      name: `the state of ${name}`,
      load: () => JSON.parse(state),
      save: async (document) => {
        if (this.#dead) throw new ConfigError(`${name} was killed`);
        onState(JSON.stringify(document));
      },
      close: async () => {},
    };
  }
}
