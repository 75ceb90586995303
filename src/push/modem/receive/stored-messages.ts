// What lies in a modem's memories: each message is looked at once, and its place cleared when its fate is known.
import { messageOf } from '../../../core/index.ts';
import { ModemError } from '../line/modem-error.ts';
import type { AtModem } from '../modem/at-modem.ts';
import { type ListedMessage, type MessagePlace, readPdu } from '../modem/read-answers.ts';
import type { Fate, PartDesk } from './part-desk.ts';

/** A place that was looked at. */
interface Seen {
  readonly place: MessagePlace;
  readonly pdu: string;
  fate: Fate | undefined;
}

/** Places that are remembered at most; beyond, the oldest is looked at again. */
const maxSeen = 20_000;

/** Looks at memories, one pass at a time. */
export class StoredMessages {
  readonly #modem: AtModem;
  readonly #desk: PartDesk;
  readonly #onError: (error: unknown) => void;
  readonly #seen = new Map<string, Seen>();
  /** Memories that are looked at, beside the current one. */
  readonly #memories: Set<string>;
  /** Places to clear. */
  readonly #doomed = new Set<string>();
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(modem: AtModem, desk: PartDesk, onError: (error: unknown) => void) {
    this.#modem = modem;
    this.#desk = desk;
    this.#onError = onError;
    this.#memories = new Set(modem.settings.memories);
  }

  /** Looks at all memories, now or after the pass that is under way. */
  look(memory?: string): void {
    if (memory !== undefined) this.#memories.add(memory);
    if (this.#closed) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#pass().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.look();
    });
  }

  /** Takes the fate of a place. */
  settle(key: string, fate: Fate): void {
    const seen = this.#seen.get(key);
    if (seen === undefined) return;
    seen.fate = fate;
    if (fate !== 'delete') return;
    this.#doomed.add(key);
    this.look();
  }

  /** Ends it; the pass that is under way comes to its end. */
  async close(): Promise<void> {
    // What was taken just now is cleared yet.
    while (this.#looking !== undefined) await this.#looking;
    this.#closed = true;
  }

  async #pass(): Promise<void> {
    try {
      await this.#clear();
      const current = this.#modem.memory?.name;
      for (const memory of new Set([...(current === undefined ? [] : [current]), ...this.#memories])) {
        this.#compare(memory, await this.#modem.list(memory));
        await this.#clear();
      }
    } catch (error) {
      // A modem that was reset is ready again before long, and everything is looked at then.
      if (this.#modem.ready) this.#onError(error);
    }
  }

  #compare(memory: string, listed: readonly ListedMessage[]): void {
    const there = new Set<string>();
    for (const message of listed) {
      const { index, octets } = message;
      // Own messages, sent or not, are none of ours.
      if (index === undefined || message.status > 1) continue;
      const key = `${memory} ${index}`;
      there.add(key);
      const known = this.#seen.get(key);
      if (known?.pdu === octets && known.fate !== 'again') continue;
      this.#remember(key, { place: { memory, index }, pdu: octets, fate: undefined });
      this.#take(key, message);
    }
    for (const [key, { place }] of this.#seen) {
      if (place.memory === memory && !there.has(key)) this.#seen.delete(key);
    }
  }

  #take(key: string, { octets, length }: ListedMessage): void {
    const tpdu = readPdu(octets, length);
    if ('fault' in tpdu) {
      this.#desk.pass('malformed', tpdu.fault, 'modem', length);
      return;
    }
    const { type, address, dataCoding, userData, hasHeader } = tpdu;
    if (type !== 'SMS-DELIVER') {
      this.#desk.pass('message-type', type, address, length);
      return;
    }
    this.#desk.take({ key, from: address, dataCoding, userData, hasHeader });
  }

  #remember(key: string, seen: Seen): void {
    this.#seen.delete(key);
    this.#seen.set(key, seen);
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= maxSeen) break;
      this.#seen.delete(oldest);
    }
  }

  /** Clears what is doomed; a place stays so until it is cleared or the modem says no, through resets too. */
  async #clear(): Promise<void> {
    for (const key of this.#doomed) {
      const seen = this.#seen.get(key);
      // What lies there now has a fate of its own.
      if (seen?.fate !== 'delete') {
        this.#doomed.delete(key);
        continue;
      }
      try {
        // Somebody else may have cleared it, and something new may lie there.
        const now = await this.#modem.read(seen.place);
        if (now?.octets === seen.pdu) await this.#modem.delete(seen.place);
        this.#doomed.delete(key);
        this.#seen.delete(key);
      } catch (error) {
        // Without an answer nobody knows whether it is there yet: it is looked at when the modem is back.
        if (!this.#modem.ready || isLost(error)) throw error;
        // It stays remembered, so that it is not taken again while this process lives.
        this.#doomed.delete(key);
        this.#onError(new Error(`${key}: cannot be deleted: ${messageOf(error)}`, { cause: error }));
      }
    }
  }
}

/** True where a command came to no end: the modem has said neither yes nor no. */
function isLost(error: unknown): boolean {
  return error instanceof ModemError && error.number === undefined && error.code !== 'ERROR';
}
