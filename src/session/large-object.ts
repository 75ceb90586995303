// Objects that arrive in pieces: every piece but the last has MoreData, the first has Meta/Size (DM-PRO-1.2).
import {
  effectiveMeta,
  type Item,
  type ItemCommand,
  type Results,
  statusCodes,
} from '../codec/syncml/index.ts';
import { bytesToUtf8, concatBytes, utf8ToBytes } from '../core/index.ts';
import { base64Length } from './carried-data.ts';

/** A command that can carry an object. */
export type Carrying = ItemCommand | Results;

/** What an item of a command leads to. */
export type ChunkVerdict =
  /** The whole object, or an item that never was in pieces. `command` is what its first piece came with. */
  | { readonly state: 'whole'; readonly item: Item; readonly command: Carrying }
  /** Kept; more is to come (213). */
  | { readonly state: 'kept' }
  /**
   * Refused with this status; what was kept is dropped, and nothing of the object becomes a value any more. `command` is
   * what its first piece came with.
   */
  | {
      readonly state: 'refused';
      readonly status: number;
      readonly reason: string;
      readonly command: Carrying;
    };

type Refusal = Extract<ChunkVerdict, { state: 'refused' }>;

interface Open {
  readonly key: string;
  readonly command: Carrying;
  readonly first: Item;
  readonly size: number;
  readonly parts: (string | Uint8Array)[];
  received: number;
}

interface Refused {
  readonly verdict: Refusal;
  /** True when it was only interrupted: its sender may begin it anew. */
  readonly mayRestart: boolean;
}

/** Objects that are remembered as refused; the oldest gives way. */
const mostRefused = 64;

/** Puts objects together again. At most one is open at a time, and it never grows beyond `maxObjSize` octets. */
export class LargeObjectReceiver {
  readonly #maxObjSize: number;
  #open: Open | undefined;
  /** Objects of which a piece was refused, by their keys, until the last piece or the end of the package. */
  readonly #refused = new Map<string, Refused>();

  constructor(maxObjSize: number) {
    this.#maxObjSize = maxObjSize;
  }

  /** The object whose rest is awaited, if any: its first piece, and what that came with. */
  get awaited(): { readonly item: Item; readonly command: Carrying } | undefined {
    return this.#open && { item: this.#open.first, command: this.#open.command };
  }

  /** True when `command` with this item goes on with the open object, or with one that was refused. */
  continues(command: Carrying, item: Item): boolean {
    const key = keyOf(command, item);
    return this.#open?.key === key || this.#refused.has(key);
  }

  /** Gives the open object up: another command came, or its end never did (Alert 1225). */
  interrupt(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const reason = 'the end of an object did not come';
    const { command } = open;
    const verdict: Refusal = {
      state: 'refused',
      status: statusCodes.incompleteCommand,
      reason,
      command,
    };
    this.#remember(open.key, { verdict, mayRestart: true });
  }

  /** The sender's package is over: what comes under the same name later is another object. */
  endPackage(): void {
    this.#open = undefined;
    this.#refused.clear();
  }

  /** Takes an item in. */
  take(command: Carrying, item: Item): ChunkVerdict {
    const key = keyOf(command, item);
    const refused = this.#refused.get(key);
    if (refused !== undefined) {
      const { size } = effectiveMeta(command.meta, item.meta);
      const anew = refused.mayRestart && item.moreData === true && size !== undefined;
      // Its sender may not have heard of the refusal yet; the last piece is not the object either.
      if (anew || item.moreData !== true) this.#refused.delete(key);
      if (!anew) return refused.verdict;
    }
    const open = this.#open;
    if (open !== undefined) return this.#next(open, key, command, item);
    return item.moreData === true ? this.#begin(key, command, item) : this.#small(command, item);
  }

  #begin(key: string, command: Carrying, item: Item): ChunkVerdict {
    const { data } = item;
    const refuse = (status: number, reason: string) => this.#refuse({ key, command }, status, reason, false);
    if (!isData(data)) return refuse(statusCodes.incompleteCommand, 'a piece of an object came without data');
    const { size } = effectiveMeta(command.meta, item.meta);
    if (size === undefined) {
      return refuse(statusCodes.incompleteCommand, 'the first piece of an object came without its Size');
    }
    if (size > this.#maxObjSize) {
      const reason = `an object of ${size} octets, at most ${this.#maxObjSize} are taken`;
      return refuse(statusCodes.requestedRangeNotSatisfiable, reason);
    }
    const open: Open = { key, command, first: item, size, parts: [], received: 0 };
    this.#open = open;
    return this.#keep(open, item, data);
  }

  #next(open: Open, key: string, command: Carrying, item: Item): ChunkVerdict {
    const { data } = item;
    if (open.key !== key) {
      const reason = 'another item came where the rest of an object was due';
      return this.#refuse(open, statusCodes.incompleteCommand, reason, false);
    }
    const over = item.moreData !== true;
    if (!isData(data)) {
      const reason = 'a piece of an object came without data';
      return this.#refuse(open, statusCodes.incompleteCommand, reason, over);
    }
    const { size } = effectiveMeta(command.meta, item.meta);
    if (size !== undefined && size !== open.size) {
      const reason = `the Size of an object was ${open.size}, and ${size} in a later piece`;
      return this.#refuse(open, statusCodes.sizeMismatch, reason, over);
    }
    return this.#keep(open, item, data);
  }

  #keep(open: Open, item: Item, data: string | Uint8Array): ChunkVerdict {
    if (data.length > 0) open.parts.push(data);
    open.received += octetsOf(data).length;
    // The sender may have counted Base64 where we see octets, so `received` can only be smaller than Size.
    if (open.received > open.size) return this.#mismatch(open, item);
    if (item.moreData === true) return { state: 'kept' };
    const octets = open.parts.every((part) => part instanceof Uint8Array);
    const matches = open.received === open.size || (octets && base64Length(open.received) === open.size);
    if (!matches) return this.#mismatch(open, item);
    this.#open = undefined;
    const { moreData: _more, ...first } = open.first;
    return { state: 'whole', item: { ...first, data: join(open.parts) }, command: open.command };
  }

  #small(command: Carrying, item: Item): ChunkVerdict {
    const { data } = item;
    const octets = isData(data) ? octetsOf(data).length : 0;
    if (octets <= this.#maxObjSize) return { state: 'whole', item, command };
    const reason = `an object of ${octets} octets, at most ${this.#maxObjSize} are taken`;
    return { state: 'refused', status: statusCodes.requestEntityTooLarge, reason, command };
  }

  #mismatch(open: Open, item: Item): ChunkVerdict {
    const over = item.moreData !== true;
    const reason = `an object has ${open.received}${over ? '' : ' or more'} octets, and its Size said ${open.size}`;
    return this.#refuse(open, statusCodes.sizeMismatch, reason, over);
  }

  #refuse(
    { key, command }: Pick<Open, 'key' | 'command'>,
    status: number,
    reason: string,
    over: boolean,
  ): ChunkVerdict {
    this.#open = undefined;
    const verdict: Refusal = { state: 'refused', status, reason, command };
    if (!over) this.#remember(key, { verdict, mayRestart: false });
    return verdict;
  }

  #remember(key: string, refused: Refused): void {
    this.#refused.set(key, refused);
    if (this.#refused.size <= mostRefused) return;
    const [oldest] = this.#refused.keys();
    if (oldest !== undefined) this.#refused.delete(oldest);
  }
}

const isData = (data: Item['data']): data is string | Uint8Array =>
  typeof data === 'string' || data instanceof Uint8Array;

/** Text when all parts are; a part may be octets only because it ends inside a character. */
function join(parts: readonly (string | Uint8Array)[]): string | Uint8Array {
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  const joined = concatBytes(...parts.map(octetsOf));
  const mixed = parts.some((part) => typeof part === 'string');
  return mixed ? (bytesToUtf8(joined) ?? joined) : joined;
}

const octetsOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? utf8ToBytes(data) : data;

function keyOf(command: Carrying, item: Item): string {
  const { target, source } = item;
  const reference = command.name === 'Results' ? command.cmdRef : '';
  return JSON.stringify([command.name, reference, target?.uri ?? '', source?.uri ?? '']);
}
