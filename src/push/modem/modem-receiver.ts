// The device's end of push over short messages behind a modem of its own: SMS-DELIVER to the push port (DM-NOTI-1.3 §7.1).
import { wholeNumber } from '../../core/index.ts';
import type { DroppedPush, PendingBounds, PushReceiver } from '../index.ts';
import { type SmsPushHandler, type SmsReceiverOptions, smsReceiverDefaults } from '../sms/index.ts';
import type { AtModem } from './modem/at-modem.ts';
import { type ModemCounters, type ModemDropReason, PartDesk } from './receive/part-desk.ts';
import { StoredMessages } from './receive/stored-messages.ts';

/** Settings that receivers behind modems have in common. */
export interface ModemReceivingOptions extends PendingBounds {
  /** Port that pushes come for, 0–65535. Default 2948. */
  readonly port?: number | undefined;
  readonly handler: SmsPushHandler;
  /** Called for each drop. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: ModemDropReason }) => void) | undefined;
  /** Called when the handler fails, or a message cannot be read or deleted; the receiver goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Bounds of reassembly; defaults are those of the reassembler. */
  readonly reassembly?: SmsReceiverOptions['reassembly'];
}

/** Settings of a receiver. */
export interface ModemReceiverOptions extends ModemReceivingOptions {
  /** The modem; whoever made it starts and closes it. */
  readonly modem: AtModem;
}

/**
 * Receives pushes. A message is deleted from its memory when its push was taken, when it is a part of what was given up, or
 * when it is no push at all; all others stay, and are marked as read by the modem.
 */
export class ModemReceiver implements PushReceiver {
  readonly name = 'sms';
  readonly #desk: PartDesk;
  readonly #stored: StoredMessages;
  readonly #unlisten: () => void;

  /** Receives from now on, as the modem becomes ready. @throws {ValueError} for settings that cannot be */
  constructor(options: ModemReceiverOptions) {
    const { modem, onError } = options;
    const port = wholeNumber(options.port ?? smsReceiverDefaults.port, 0, 65535, 'port');
    this.#desk = new PartDesk({
      ...options,
      port,
      clock: modem.settings.clock,
      settle: (key, fate) => this.#stored.settle(key, fate),
    });
    this.#stored = new StoredMessages(modem, this.#desk, (error) => onError?.(error));
    const look = (): void => this.#stored.look();
    this.#unlisten = modem.listen({
      onReady: look,
      onLook: look,
      onStored: ({ memory }) => this.#stored.look(memory),
      onMessage: ({ type, address, dataCoding, userData, hasHeader }) => {
        if (type !== 'SMS-DELIVER') return;
        this.#desk.take({ key: undefined, from: address, dataCoding, userData, hasHeader });
      },
    });
    if (modem.ready) look();
  }

  counters(): ModemCounters {
    return this.#desk.counters();
  }

  async close(): Promise<void> {
    this.#unlisten();
    await this.#stored.close();
    this.#desk.close();
  }
}
