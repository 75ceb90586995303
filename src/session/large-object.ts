// Objects that arrive in chunks: every chunk but the last has MoreData, the first has Meta/Size (dm-messages §1.4).
import {
  type Data,
  type Item,
  type ItemCommand,
  type MessageForm,
  type Results,
  statusCodes,
} from '../codec/syncml/index.ts';
import { concatBytes } from '../core/index.ts';
import { transmittedSize } from './size.ts';

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
  readonly parts: Data[];
  received: number;
}

/** Puts objects together again. At most one is open at a time, and it never grows beyond `maxObjSize` octets. */
export class LargeObjectReceiver {
  readonly #form: MessageForm;
  readonly #maxObjSize: number;
  #open: Open | undefined;

  constructor(form: MessageForm, maxObjSize: number) {
    this.#form = form;
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
    open.parts.push(data);
    open.received += typeof data === 'string' ? transmittedSize(data, this.#form) : data.length;
    // Octets may have been counted as Base64 by the sender, so `received` can only be smaller than Size.
    if (open.received > open.size) return this.#refuse(statusCodes.sizeMismatch);
    return item.moreData === true ? { state: 'kept' } : this.#finish(open);
  }

  #small(item: Item): ChunkVerdict {
    const { data } = item;
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) return { state: 'whole', item };
    const size = typeof data === 'string' ? transmittedSize(data, this.#form) : data.length;
    return size > this.#maxObjSize
      ? { state: 'refused', status: statusCodes.requestEntityTooLarge }
      : { state: 'whole', item };
  }

  #finish(open: Open): ChunkVerdict {
    const joined = join(open.parts);
    if (joined === undefined) return this.#refuse(statusCodes.sizeMismatch);
    const transmitted = transmittedSize(joined, this.#form);
    if (transmitted !== open.size && open.received !== open.size)
      return this.#refuse(statusCodes.sizeMismatch);
    this.#open = undefined;
    const { moreData: _more, ...item } = open.first;
    return { state: 'whole', item: { ...item, data: joined } };
  }

  #refuse(status: number): ChunkVerdict {
    this.#open = undefined;
    return { state: 'refused', status };
  }
}

/** All text or all octets; `undefined` for a mixture. */
function join(parts: readonly Data[]): string | Uint8Array | undefined {
  const texts = parts.filter((part) => typeof part === 'string');
  if (texts.length === parts.length) return texts.join('');
  const octets = parts.filter((part) => part instanceof Uint8Array);
  return octets.length === parts.length ? concatBytes(...octets) : undefined;
}

function keyOf(command: ItemCommand | Results, item: Item): string {
  const { target, source } = item;
  const reference = command.name === 'Results' ? command.cmdRef : '';
  return JSON.stringify([command.name, reference, target?.uri ?? '', source?.uri ?? '']);
}
