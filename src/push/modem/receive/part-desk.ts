// Messages that came to a modem, as pushes for the DM client: ports, parts, and what becomes of the place that each part has
// in a memory. A place is cleared when its push was taken, or when it is certain that nobody waits for it (DM-NOTI-1.3 §7.1, §7.1.1).
import {
  decodeUserData,
  isEightBitData,
  Reassembler,
  type ReassemblerOptions,
  type ReassemblyCounters,
  type ReassemblyDrop,
  type UserDataHeader,
} from '../../../codec/sms/index.ts';
import { type Clock, DecodeError } from '../../../core/index.ts';
import { type DroppedPush, type IntakeCounters, type PendingBounds, PushIntake } from '../../index.ts';
import { type MessageDropReason, messageDropReasons, type ReceivedSmsPush } from '../../sms/index.ts';
import { readWapPush } from '../../wap/index.ts';

/** Why something was dropped. What is no push for us (`message-type`, `data-coding`, `port`, …) stays where it lies. */
export type ModemDropReason = MessageDropReason;

/** Every such reason. */
export const modemDropReasons = messageDropReasons;

/** A message, as the modem has it. */
export interface IncomingPart {
  /** Names its place in the memory, for `settle`; `undefined` when it lies nowhere. */
  readonly key: string | undefined;
  readonly from: string;
  readonly dataCoding: number;
  /** With its user data header; `undefined` when there is none. */
  readonly userData: Uint8Array;
  readonly hasHeader: boolean;
}

/**
 * What becomes of a place: `delete` it; `leave` it to others; `wait` for further parts; `again` later, when there is room or
 * the handler works.
 */
export type Fate = 'delete' | 'leave' | 'wait' | 'again';

/** Counters of a receiver. */
export interface ModemCounters extends IntakeCounters<ModemDropReason> {
  readonly reassembly: ReassemblyCounters;
}

/** Settings. */
export interface PartDeskOptions extends PendingBounds {
  readonly clock: Clock;
  readonly port: number;
  readonly handler: (push: ReceivedSmsPush) => void | Promise<void>;
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: ModemDropReason }) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly reassembly?: Omit<ReassemblerOptions, 'clock' | 'onDrop'> | undefined;
  /** Called with the fate of each place, at once or later. Must not throw. */
  readonly settle: (key: string, fate: Fate) => void;
}

/** Places of the parts of one datagram that is not complete. */
interface OpenParts {
  readonly keys: Set<string>;
  /** Width of the reference and port of the sender; `undefined` when parts differ, so that nothing is cleared for them. */
  ident: string | undefined;
}

/** Takes messages in. */
export class PartDesk {
  readonly #options: PartDeskOptions;
  readonly #intake: PushIntake<ModemDropReason, ReceivedSmsPush>;
  readonly #reassembler: Reassembler;
  readonly #open = new Map<string, OpenParts>();

  /** @throws {ValueError} for bounds that are none */
  constructor(options: PartDeskOptions) {
    this.#options = options;
    this.#intake = new PushIntake({ ...options, binding: 'sms', reasons: modemDropReasons });
    this.#reassembler = new Reassembler({
      ...options.reassembly,
      clock: options.clock,
      onDrop: (drop) => this.#dropped(drop),
    });
  }

  counters(): ModemCounters {
    return { ...this.#intake.counters(), reassembly: this.#reassembler.counters() };
  }

  /** Counts something that is no message for us, and leaves it. */
  pass(
    reason: 'message-type' | 'malformed' | 'data-coding',
    detail: string,
    from: string,
    octets: number,
  ): void {
    this.#intake.drop(reason, detail, from, octets);
  }

  /** Takes a message. The fate of its place comes by `settle`. */
  take(part: IncomingPart): void {
    const { from, userData, key } = part;
    if (!isEightBitData(part.dataCoding)) {
      const detail = `data coding 0x${part.dataCoding.toString(16)} is not 8-bit data`;
      this.#refuse('data-coding', detail, part, 'leave');
      return;
    }
    let header: Pick<UserDataHeader, 'ports' | 'concatenation'> = {};
    let payload = userData;
    if (part.hasHeader) {
      try {
        ({ header, payload } = decodeUserData(userData));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        this.#refuse('malformed', error.message, part, 'leave');
        return;
      }
    }
    const { ports, concatenation } = header;
    if (ports?.destination !== this.#options.port) {
      const found = ports === undefined ? 'no port' : `port ${ports.destination}`;
      this.#refuse('port', `${found}, not ${this.#options.port}`, part, 'leave');
      return;
    }
    const full = this.#intake.full(from);
    if (full !== undefined) {
      this.#refuse('busy', full, part, 'again');
      return;
    }
    const group =
      concatenation === undefined ? undefined : groupOf(from, concatenation.reference, concatenation.total);
    if (group !== undefined) this.#note(group, key, `${concatenation?.referenceBits} ${ports.source}`);
    const result = this.#reassembler.add({ from, to: '', header, payload });
    if (result.status === 'waiting') {
      this.#settle(key, 'wait');
      return;
    }
    if (result.status === 'dropped') {
      // Its twin is there, or was taken; what is beyond the bounds was told with its datagram.
      if (group !== undefined && key !== undefined) this.#open.get(group)?.keys.delete(key);
      this.#settle(key, 'delete');
      return;
    }
    const keys = group === undefined ? [key] : [...(this.#open.get(group)?.keys ?? [])];
    if (group !== undefined) this.#open.delete(group);
    this.#complete(result.datagram, from, keys);
  }

  /** Takes a whole datagram of which nobody knows the port: only what is a push for us by its form is deleted. */
  takeDatagram(key: string, from: string, datagram: Uint8Array): void {
    const full = this.#intake.full(from);
    if (full === undefined) this.#complete(datagram, from, [key], 'leave');
    else {
      this.#intake.drop('busy', full, from, datagram.length);
      this.#settle(key, 'again');
    }
  }

  /** Forgets what is not complete. */
  close(): void {
    this.#reassembler.close();
    this.#open.clear();
  }

  /** `unreadable`: what becomes of what is no push at all. */
  #complete(
    datagram: Uint8Array,
    from: string,
    keys: readonly (string | undefined)[],
    unreadable: 'delete' | 'leave' = 'delete',
  ): void {
    const all = (fate: Fate): void => {
      for (const key of keys) this.#settle(key, fate);
    };
    const push = readWapPush(datagram, (error) => this.#intake.report(error));
    if ('reason' in push) {
      this.#intake.drop(push.reason, push.detail, from, datagram.length);
      // A push of another kind (a picture message) is another program's; what is no push at all is nobody's.
      all(push.reason === 'malformed' || push.reason === 'pdu-type' ? unreadable : 'leave');
      return;
    }
    void this.#intake
      .hand({ binding: 'sms', from, to: '', ...push })
      .then(({ ok }) => all(ok ? 'delete' : 'again'));
  }

  #note(group: string, key: string | undefined, ident: string): void {
    if (key === undefined) return;
    const open = this.#open.get(group);
    if (open === undefined) this.#open.set(group, { keys: new Set([key]), ident });
    else {
      open.keys.add(key);
      if (open.ident !== ident) open.ident = undefined;
    }
  }

  /** A datagram that was given up: nobody waits for its parts any more. */
  #dropped({ reason, from, reference, received, total }: ReassemblyDrop): void {
    this.#intake.drop(reason, `reference ${reference}: ${received} of ${total} parts are there`, from, 0);
    if (reason === 'duplicate' || reason === 'late') return;
    const group = groupOf(from, reference, total);
    const open = this.#open.get(group);
    this.#open.delete(group);
    for (const key of open?.keys ?? []) this.#settle(key, open?.ident === undefined ? 'leave' : 'delete');
  }

  #refuse(reason: ModemDropReason, detail: string, part: IncomingPart, fate: Fate): void {
    this.#intake.drop(reason, detail, part.from, part.userData.length);
    this.#settle(part.key, fate);
  }

  #settle(key: string | undefined, fate: Fate): void {
    if (key !== undefined) this.#options.settle(key, fate);
  }
}

function groupOf(from: string, reference: number, total: number): string {
  return JSON.stringify([from, reference, total]);
}
