// Objects that arrive in pieces: every piece but the last has MoreData, the first has Meta/Size (DM-PRO-1.2).
import {
  effectiveMeta,
  type Item,
  type ItemCommand,
  type Results,
  statusCodes,
} from '../../codec/syncml/index.ts';
import { bytesToHex, bytesToUtf8, joinBytes, sha256, utf8ToBytes } from '../../core/index.ts';
import { base64Length, isOctets } from './carried-data.ts';
import { detached, heldOctets, type SessionMemory, unboundedMemory } from './memory.ts';

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
  /** Octets of the pieces; texts in UTF-8. */
  readonly parts: Uint8Array[];
  /** What all pieces so far came as. */
  form: 'text' | 'octets' | 'both' | undefined;
  received: number;
  /** Octets that are held for it. */
  held: number;
}

interface Refused {
  readonly verdict: Refusal;
  /** True when it was only interrupted: its sender may begin it anew. */
  readonly mayRestart: boolean;
}

/** Objects that are remembered as refused; the oldest gives way. */
const mostRefused = 64;
/** What a piece takes beside its octets. */
const partOverhead = 128;
/** Longest references and names that are kept of a command; longer ones are none of ours. */
const longestReference = 64;
const longestKey = 512;

/**
 * Puts objects together again. At most one is open at a time, and it never grows beyond `maxObjSize` octets, nor beyond
 * what `memory` has room for. What is kept shares nothing with the messages it came in.
 */
export class LargeObjectReceiver {
  readonly #maxObjSize: number;
  readonly #memory: SessionMemory;
  #open: Open | undefined;
  /** Objects of which a piece was refused, by their keys, until the last piece or the end of the package. */
  readonly #refused = new Map<string, Refused>();

  constructor(maxObjSize: number, memory: SessionMemory = unboundedMemory) {
    this.#maxObjSize = maxObjSize;
    this.#memory = memory;
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
    this.#drop();
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
    this.#drop();
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

  /**
   * A command with these items could not be read, and is answered with `status`: the objects that they are pieces of are
   * refused, and their later pieces with them. `command` has references and names only. Returns the refusals.
   */
  unreadable(command: Carrying, status: number, reason: string): readonly ChunkVerdict[] {
    const verdicts: ChunkVerdict[] = [];
    for (const item of command.items) {
      const key = keyOf(command, item);
      const over = item.moreData !== true;
      const before = this.#refused.get(key);
      if (before !== undefined && !before.mayRestart) {
        if (over) this.#refused.delete(key);
        verdicts.push(before.verdict);
        continue;
      }
      this.#refused.delete(key);
      const open = this.#open?.key === key ? this.#open : undefined;
      if (open !== undefined || !over)
        verdicts.push(this.#refuse(open ?? { key, command }, status, reason, over));
    }
    return verdicts;
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
    const { data: _, ...first } = item;
    const open: Open = {
      key,
      command: lightCopy(command),
      first: detached(first),
      size,
      parts: [],
      form: undefined,
      received: 0,
      held: 0,
    };
    if (!this.#hold(open, heldOctets(open.first) + heldOctets(open.command))) return this.#noRoom(open, item);
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
    const octets = octetsOf(data);
    if (octets.length > 0) {
      if (!this.#hold(open, octets.length + partOverhead)) return this.#noRoom(open, item);
      // Octets may be a view into the whole message.
      open.parts.push(typeof data === 'string' ? octets : octets.slice());
      const form = typeof data === 'string' ? 'text' : 'octets';
      open.form = open.form === undefined || open.form === form ? form : 'both';
    }
    open.received += octets.length;
    // The sender may have counted Base64 where we see octets, so `received` can only be smaller than Size.
    if (open.received > open.size) return this.#mismatch(open, item);
    if (item.moreData === true) return { state: 'kept' };
    const inBase64 = open.form === 'octets' && base64Length(open.received) === open.size;
    if (open.received !== open.size && !inBase64) return this.#mismatch(open, item);
    this.#drop();
    const { moreData: _more, ...first } = open.first;
    return { state: 'whole', item: { ...first, data: join(open) }, command: open.command };
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

  #noRoom(open: Open, item: Item): ChunkVerdict {
    const reason = 'there is no room for the rest of an object';
    return this.#refuse(open, statusCodes.requestEntityTooLarge, reason, item.moreData !== true);
  }

  #hold(open: Open, octets: number): boolean {
    if (!this.#memory.take(octets)) {
      this.#memory.give(open.held);
      open.held = 0;
      return false;
    }
    open.held += octets;
    return true;
  }

  #drop(): void {
    if (this.#open !== undefined) this.#memory.give(this.#open.held);
    this.#open = undefined;
  }

  #refuse(
    { key, command }: Pick<Open, 'key' | 'command'>,
    status: number,
    reason: string,
    over: boolean,
  ): ChunkVerdict {
    this.#drop();
    const verdict: Refusal = { state: 'refused', status, reason, command: lightCopy(command) };
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

/** What it would have been in one piece; of a text, each piece may come as octets because it is cut inside a character. */
function join({ parts, form, command, first }: Open): string | Uint8Array {
  const joined = joinBytes(parts);
  if (form === 'octets' && isOctets(effectiveMeta(command.meta, first.meta))) return joined;
  return bytesToUtf8(joined) ?? joined;
}

/** What is asked later of the command that an object came with. */
function lightCopy(command: Carrying): Carrying {
  const short = (text: string): string => detached(text.slice(0, longestReference));
  const meta =
    command.meta === undefined || heldOctets(command.meta) > longestKey
      ? {}
      : { meta: detached(command.meta) };
  if (command.name !== 'Results')
    return { name: command.name, cmdId: short(command.cmdId), ...meta, items: [] };
  const { msgRef } = command;
  return {
    name: command.name,
    cmdId: short(command.cmdId),
    ...(msgRef === undefined ? {} : { msgRef: short(msgRef) }),
    cmdRef: short(command.cmdRef),
    ...meta,
    items: [],
  };
}

const octetsOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? utf8ToBytes(data) : data;

function keyOf(command: Carrying, item: Item): string {
  const { target, source } = item;
  const reference = command.name === 'Results' ? command.cmdRef : '';
  const key = JSON.stringify([command.name, reference, target?.uri ?? '', source?.uri ?? '']);
  return key.length <= longestKey ? key : bytesToHex(sha256(utf8ToBytes(key)));
}
