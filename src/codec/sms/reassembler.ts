// Puts concatenated short messages together again, within bounds, for they come from strangers. The standards give no
// timeout and no limits; every rule beyond 3GPP TS 23.040 §9.2.3.24.1 is ours.
import { type Clock, concatBytes, type Timer, ValueError } from '../../core/index.ts';
import {
  type ReassemblerOptions,
  type ReassemblyCounters,
  type ReassemblyDrop,
  type ReassemblyDropReason,
  type ReassemblyResult,
  reassemblerDefaults,
  type SmsPart,
} from './reassembly.ts';

interface Entry {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly reference: number;
  readonly total: number;
  readonly parts: Map<number, Uint8Array>;
  octets: number;
  /** When it is given up, on the clock. */
  deadline: number;
}

/** Reassembles datagrams. One instance serves all senders of one device or link. */
export class Reassembler {
  readonly #clock: Clock;
  readonly #limits: { timeoutMs: number; maxOpen: number; maxOpenPerSender: number; maxOctets: number };
  readonly #onDrop: ((drop: ReassemblyDrop) => void) | undefined;
  /** Incomplete datagrams; the one whose last part is oldest comes first. */
  readonly #open = new Map<string, Entry>();
  readonly #openOfSender = new Map<string, number>();
  /** Completed datagrams, so that a late duplicate starts nothing; oldest first. */
  readonly #done = new Map<string, { readonly total: number; readonly deadline: number }>();
  readonly #dropped: Record<ReassemblyDropReason, number> = {
    duplicate: 0,
    late: 0,
    superseded: 0,
    expired: 0,
    'sender-limit': 0,
    'open-limit': 0,
    'octet-limit': 0,
  };
  #parts = 0;
  #completed = 0;
  #octets = 0;
  #timer: Timer | undefined;

  /** @throws {ValueError} OUT_OF_RANGE when a bound is not a positive integer */
  constructor(options: ReassemblerOptions) {
    this.#clock = options.clock;
    this.#onDrop = options.onDrop;
    this.#limits = {
      timeoutMs: options.timeoutMs ?? reassemblerDefaults.timeoutMs,
      maxOpen: options.maxOpen ?? reassemblerDefaults.maxOpen,
      maxOpenPerSender: options.maxOpenPerSender ?? reassemblerDefaults.maxOpenPerSender,
      maxOctets: options.maxOctets ?? reassemblerDefaults.maxOctets,
    };
    for (const [name, value] of Object.entries(this.#limits)) {
      if (!Number.isInteger(value) || value < 1) {
        throw new ValueError('OUT_OF_RANGE', `${value} is not a positive integer`, name);
      }
    }
  }

  /** Takes a part in, in any order. A part without concatenation is a datagram by itself. */
  add(part: SmsPart): ReassemblyResult {
    this.#parts += 1;
    this.#expire();
    const { concatenation, ports } = part.header;
    if (concatenation === undefined) {
      this.#completed += 1;
      return { status: 'complete', datagram: part.payload.slice(), ports };
    }
    const { reference, total, sequence } = concatenation;
    const key = keyOf(part);
    if (this.#done.get(key)?.total === total) return this.#refuse('late', part, reference, 0, total);
    this.#done.delete(key);
    if (total === 1) {
      const existing = this.#open.get(key);
      if (existing !== undefined) this.#drop(existing, 'superseded');
      this.#remember(key, total);
      this.#completed += 1;
      return { status: 'complete', datagram: part.payload.slice(), ports };
    }
    const entry = this.#entry(key, part, reference, total);
    if (entry.parts.has(sequence)) return this.#refuse('duplicate', part, reference, entry.parts.size, total);
    if (!this.#makeRoom(entry, part.payload.length)) return { status: 'dropped', reason: 'octet-limit' };
    // A copy: the view would keep the carrier's whole buffer alive.
    entry.parts.set(sequence, part.payload.slice());
    entry.octets += part.payload.length;
    this.#octets += part.payload.length;
    if (entry.parts.size < total) {
      entry.deadline = this.#clock.monotonic() + this.#limits.timeoutMs;
      this.#open.delete(key);
      this.#open.set(key, entry);
      this.#schedule();
      return { status: 'waiting', received: entry.parts.size, total };
    }
    this.#remove(entry);
    this.#remember(key, total);
    this.#completed += 1;
    const inOrder = Array.from({ length: total }, (_, i) => entry.parts.get(i + 1) ?? new Uint8Array());
    return { status: 'complete', datagram: concatBytes(...inOrder), ports };
  }

  /** A snapshot. */
  counters(): ReassemblyCounters {
    return {
      parts: this.#parts,
      completed: this.#completed,
      dropped: { ...this.#dropped },
      open: this.#open.size,
      octets: this.#octets,
    };
  }

  /** Forgets everything and stops the timer. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#open.clear();
    this.#openOfSender.clear();
    this.#done.clear();
    this.#octets = 0;
  }

  /** The open datagram of a key, or a new one for which room has been made. */
  #entry(key: string, part: SmsPart, reference: number, total: number): Entry {
    const existing = this.#open.get(key);
    if (existing?.total === total) return existing;
    if (existing !== undefined) this.#drop(existing, 'superseded');
    if ((this.#openOfSender.get(part.from) ?? 0) >= this.#limits.maxOpenPerSender) {
      for (const entry of this.#open.values()) {
        if (entry.from === part.from) {
          this.#drop(entry, 'sender-limit');
          break;
        }
      }
    }
    if (this.#open.size >= this.#limits.maxOpen) this.#dropOldest('open-limit');
    const entry: Entry = {
      key,
      from: part.from,
      to: part.to,
      reference,
      total,
      parts: new Map(),
      octets: 0,
      deadline: this.#clock.monotonic() + this.#limits.timeoutMs,
    };
    this.#open.set(key, entry);
    this.#openOfSender.set(part.from, (this.#openOfSender.get(part.from) ?? 0) + 1);
    return entry;
  }

  /** Drops others until `octets` fit; drops `entry` itself and returns false when they cannot. */
  #makeRoom(entry: Entry, octets: number): boolean {
    if (entry.octets + octets > this.#limits.maxOctets) {
      this.#drop(entry, 'octet-limit');
      return false;
    }
    for (const other of this.#open.values()) {
      if (this.#octets + octets <= this.#limits.maxOctets) break;
      if (other !== entry) this.#drop(other, 'octet-limit');
    }
    return true;
  }

  #dropOldest(reason: ReassemblyDropReason): void {
    for (const entry of this.#open.values()) {
      this.#drop(entry, reason);
      return;
    }
  }

  #drop(entry: Entry, reason: ReassemblyDropReason): void {
    this.#remove(entry);
    this.#report({ ...entry, reason, received: entry.parts.size });
  }

  #refuse(
    reason: 'duplicate' | 'late',
    part: SmsPart,
    reference: number,
    received: number,
    total: number,
  ): ReassemblyResult {
    this.#report({ reason, from: part.from, to: part.to, reference, received, total });
    return { status: 'dropped', reason };
  }

  #report(drop: ReassemblyDrop): void {
    this.#dropped[drop.reason] += 1;
    const { reason, from, to, reference, received, total } = drop;
    this.#onDrop?.({ reason, from, to, reference, received, total });
  }

  #remove(entry: Entry): void {
    this.#open.delete(entry.key);
    this.#octets -= entry.octets;
    const left = (this.#openOfSender.get(entry.from) ?? 1) - 1;
    if (left > 0) this.#openOfSender.set(entry.from, left);
    else this.#openOfSender.delete(entry.from);
  }

  #remember(key: string, total: number): void {
    if (this.#done.size >= this.#limits.maxOpen) {
      for (const oldest of this.#done.keys()) {
        this.#done.delete(oldest);
        break;
      }
    }
    this.#done.set(key, { total, deadline: this.#clock.monotonic() + this.#limits.timeoutMs });
    this.#schedule();
  }

  #expire(): void {
    const now = this.#clock.monotonic();
    for (const entry of this.#open.values()) {
      if (entry.deadline > now) break;
      this.#drop(entry, 'expired');
    }
    for (const [key, { deadline }] of this.#done) {
      if (deadline > now) break;
      this.#done.delete(key);
    }
  }

  /** One timer, for whatever ends first. */
  #schedule(): void {
    if (this.#timer !== undefined) return;
    let first = Number.POSITIVE_INFINITY;
    for (const { deadline } of this.#open.values()) {
      first = Math.min(first, deadline);
      break;
    }
    for (const { deadline } of this.#done.values()) {
      first = Math.min(first, deadline);
      break;
    }
    if (first === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(first - this.#clock.monotonic(), 0), () => {
      this.#timer = undefined;
      this.#expire();
      this.#schedule();
    });
  }
}

function keyOf(part: SmsPart): string {
  const { concatenation, ports } = part.header;
  return JSON.stringify([
    part.from,
    part.to,
    concatenation?.referenceBits,
    concatenation?.reference,
    ports?.destination,
    ports?.source,
  ]);
}
