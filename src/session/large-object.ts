// Objects that arrive in chunks: every chunk but the last has MoreData, the first has Meta/Size (DM-PRO-1.2).
import { type Item, type ItemCommand, type Results, statusCodes } from '../codec/syncml/index.ts';
import { bytesToUtf8, concatBytes, utf8ToBytes } from '../core/index.ts';
import { base64Length } from './carried-data.ts';

/** What an item of a command leads to. */
export type ChunkVerdict =
  /** The whole object, or an item that never was in chunks. */
  | { readonly state: 'whole'; readonly item: Item }
  /** Kept; more is to come (213). */
  | { readonly state: 'kept' }
  /** Refused with this status; what was kept is dropped. */
  | { readonly state: 'refused'; readonly status: number };

interface Open {
  readonly key: string;
  readonly first: Item;
  readonly size: number;
  readonly parts: (string | Uint8Array)[];
  received: number;
}

/** Puts objects together again. At most one is open at a time, and it never grows beyond `maxObjSize` octets. */
export class LargeObjectReceiver {
  readonly #maxObjSize: number;
  #open: Open | undefined;

  constructor(maxObjSize: number) {
    this.#maxObjSize = maxObjSize;
  }

  /** The item whose rest is awaited, if any. */
  get awaited(): Item | undefined {
    return this.#open?.first;
  }

  /** True when `command` with this item goes on with the open object. */
  continues(command: ItemCommand | Results, item: Item): boolean {
    return this.#open !== undefined && this.#open.key === keyOf(command, item);
  }

  /** Forgets the open object: another command came, or its end never did (Alert 1225). */
  drop(): void {
    this.#open = undefined;
  }

  /** Takes an item in. */
  take(command: ItemCommand | Results, item: Item): ChunkVerdict {
    const { data } = item;
    if (this.#open === undefined && item.moreData !== true) return this.#small(item);
    if (!(typeof data === 'string' || data instanceof Uint8Array))
      return this.#refuse(statusCodes.incompleteCommand);
    if (this.#open === undefined) {
      const size = item.meta?.size;
      if (size === undefined) return this.#refuse(statusCodes.incompleteCommand);
      if (size > this.#maxObjSize) return this.#refuse(statusCodes.requestedRangeNotSatisfiable);
      this.#open = { key: keyOf(command, item), first: item, size, parts: [], received: 0 };
    }
    const open = this.#open;
    if (data.length > 0) open.parts.push(data);
    open.received += octetsOf(data).length;
    // The sender may have counted Base64 where we see octets, so `received` can only be smaller than Size.
    if (open.received > open.size) return this.#refuse(statusCodes.sizeMismatch);
    return item.moreData === true ? { state: 'kept' } : this.#finish(open);
  }

  #small(item: Item): ChunkVerdict {
    const { data } = item;
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) return { state: 'whole', item };
    return octetsOf(data).length > this.#maxObjSize
      ? { state: 'refused', status: statusCodes.requestEntityTooLarge }
      : { state: 'whole', item };
  }

  #finish(open: Open): ChunkVerdict {
    const octets = open.parts.every((part) => part instanceof Uint8Array);
    const matches = open.received === open.size || (octets && base64Length(open.received) === open.size);
    if (!matches) return this.#refuse(statusCodes.sizeMismatch);
    this.#open = undefined;
    const { moreData: _more, ...item } = open.first;
    return { state: 'whole', item: { ...item, data: join(open.parts) } };
  }

  #refuse(status: number): ChunkVerdict {
    this.#open = undefined;
    return { state: 'refused', status };
  }
}

/** Text when all parts are; a part may be octets only because it ends inside a character. */
function join(parts: readonly (string | Uint8Array)[]): string | Uint8Array {
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  const joined = concatBytes(...parts.map(octetsOf));
  const mixed = parts.some((part) => typeof part === 'string');
  return mixed ? (bytesToUtf8(joined) ?? joined) : joined;
}

const octetsOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? utf8ToBytes(data) : data;

function keyOf(command: ItemCommand | Results, item: Item): string {
  const { target, source } = item;
  const reference = command.name === 'Results' ? command.cmdRef : '';
  return JSON.stringify([command.name, reference, target?.uri ?? '', source?.uri ?? '']);
}
