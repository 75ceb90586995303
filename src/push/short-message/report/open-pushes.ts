// Pushes whose receipts are waited for, found by what a receipt has: the id of a message, and the number of the device.
import type { AcceptedMessage } from './part-receipt.ts';
import type { UnclearSoFar } from './unclear-receipt.ts';

/** A push of which the centre has not said everything. */
export interface OpenPush {
  readonly pushId: string;
  readonly reference: string;
  readonly messages: readonly AcceptedMessage[];
  /** All digits of the device's number; empty when they are not known. */
  readonly number: string;
  /** The last of them, which receipts are compared with. */
  readonly digits: string;
  /** Keys of its messages, in order; empty for one without an id. */
  readonly keys: readonly string[];
  /** By key, how many of its messages are not delivered yet. */
  readonly left: Map<string, number>;
  /** On the monotonic clock, in milliseconds. */
  readonly deadline: number;
  /** The report that is being taken. */
  reporting: Promise<boolean> | undefined;
  /** Receipts that may have been about it, or about another one, and what has been told of them. */
  readonly unclear: UnclearSoFar;
}

/** Names a message: centre and comparable id. */
export function messageKey(smsc: string, id: string): string {
  return id === '' ? '' : `${smsc}\n${id}`;
}

/** Open pushes, oldest first in every view. */
export class OpenPushes {
  readonly #all = new Set<OpenPush>();
  readonly #byId = new Map<string, Set<OpenPush>>();
  readonly #byIdAndDigits = new Map<string, Set<OpenPush>>();
  /** Ids of pushes that are over, with and without their digits, oldest first; each with the whole number of the last one. */
  readonly #over = new Map<string, string>();
  readonly #maxOver: number;

  /** Remembers up to `maxOver` ids of what is over. */
  constructor(maxOver: number) {
    this.#maxOver = maxOver;
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<OpenPush> {
    return this.#all.values();
  }

  add(push: OpenPush): void {
    this.#all.add(push);
    for (const key of push.left.keys()) {
      insert(this.#byId, key, push);
      if (push.digits !== '') insert(this.#byIdAndDigits, withDigits(key, push.digits), push);
    }
  }

  /** Takes it out, and remembers that it is over. */
  remove(push: OpenPush): void {
    if (!this.#all.delete(push)) return;
    for (const key of push.left.keys()) {
      drop(this.#byId, key, push);
      drop(this.#byIdAndDigits, withDigits(key, push.digits), push);
      this.#remember(withDigits(key, push.digits), push.number);
      this.#remember(withDigits(key, ''), push.number);
    }
  }

  /** Those with a message of that key. */
  withId(key: string): ReadonlySet<OpenPush> {
    return this.#byId.get(key) ?? none;
  }

  /** Those with a message of that key for that device; none without digits. */
  withIdFor(key: string, digits: string): ReadonlySet<OpenPush> {
    return this.#byIdAndDigits.get(withDigits(key, digits)) ?? none;
  }

  /** True when a push with that key for that device, or for any where digits are empty, is over. */
  isOver(key: string, digits: string): boolean {
    return this.#over.has(withDigits(key, digits));
  }

  /** All digits of the device of the last such push that is over; `undefined` when none is. */
  overNumber(key: string, digits: string): string | undefined {
    return this.#over.get(withDigits(key, digits));
  }

  #remember(name: string, number: string): void {
    this.#over.delete(name);
    this.#over.set(name, number);
    if (this.#over.size <= this.#maxOver) return;
    for (const oldest of this.#over.keys()) {
      this.#over.delete(oldest);
      if (this.#over.size <= this.#maxOver) break;
    }
  }
}

const none: ReadonlySet<OpenPush> = new Set();

function withDigits(key: string, digits: string): string {
  return `${key}\n${digits}`;
}

function insert(map: Map<string, Set<OpenPush>>, key: string, push: OpenPush): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([push]));
  else set.add(push);
}

function drop(map: Map<string, Set<OpenPush>>, key: string, push: OpenPush): void {
  const set = map.get(key);
  set?.delete(push);
  if (set?.size === 0) map.delete(key);
}
