// What one end still has to send in its package, cut into messages that respect the peer's MaxMsgSize. An object that
// fits into no message goes in chunks (DM-PRO-1.2, large objects).
import type {
  Data,
  DmCommand,
  Item,
  ItemCommand,
  ManagementCommand,
  MessageForm,
  Results,
} from '../../codec/syncml/index.ts';
import { carriedData, transmittedSize } from './carried-data.ts';
import { cmdIdDigits, exactCommandSize } from './exact-size.ts';
import { commandSize, escapedSize } from './size.ts';

/** A command to send. */
export interface Outbound {
  readonly command: DmCommand;
  /** The server's: what the provider gave, of which `command` may be a part. */
  readonly original?: ManagementCommand;
}

/** What goes into one message. */
export interface Portion {
  readonly commands: readonly Outbound[];
  /** True when the last command is a chunk of an object and more of it follows. */
  readonly chunk: boolean;
  /** Commands that fit into no message, taken out of the package. */
  readonly tooLarge: readonly Outbound[];
}

// A chunk with less data than this is not worth its envelope.
const minChunkSize = 48;

type Splittable = ItemCommand | Results;

/** A queue of commands that empties itself into messages. */
export class OutgoingPackage {
  readonly #form: MessageForm;
  #queue: Outbound[] = [];
  // The command at the head of the queue is the rest of an object whose first chunk went out.
  #inChunks = false;
  #before: { readonly queue: readonly Outbound[]; readonly inChunks: boolean } = {
    queue: [],
    inChunks: false,
  };

  constructor(form: MessageForm) {
    this.#form = form;
  }

  get empty(): boolean {
    return this.#queue.length === 0;
  }

  add(...commands: readonly Outbound[]): void {
    this.#queue.push(...commands);
  }

  /** True when all of it goes into one message with `room` octets beside its envelope, by an estimate that may be too high. */
  fitsWhole(room: number): boolean {
    let left = room;
    for (const { command } of this.#queue) {
      left -= this.#estimate(command, left);
      if (left < 0) return false;
    }
    return true;
  }

  /** True when a command can go out, whole or in parts, in messages with `room` octets beside their envelope. */
  fits(command: DmCommand, room: number): boolean {
    if (this.#estimate(command, room) <= room) return true;
    if (this.#exact(command, room, cmdIdDigits(room)) <= room) return true;
    if (!splittable(command)) return false;
    if (command.items.length > 1) {
      return command.items.every((item) => this.fits({ ...command, items: [item] }, room));
    }
    const [item] = command.items;
    const data = item === undefined ? undefined : carriedData(item, command.meta, this.#form);
    if (item === undefined || data === undefined || !chunkable(command)) return false;
    const total = transmittedSize(data, this.#form);
    return room - this.#chunkOverhead(command, item, data, total, cmdIdDigits(room)) >= minChunkSize;
  }

  /** Forgets what is to be sent, and what was. */
  clear(): void {
    this.#queue = [];
    this.#inChunks = false;
    this.#before = { queue: [], inChunks: false };
  }

  /** Undoes the last `take`: what it took has to go out again. */
  rewind(): void {
    this.#queue = [...this.#before.queue];
    this.#inChunks = this.#before.inChunks;
  }

  /** Drops the rest of an object whose first chunk went out. */
  dropObject(): void {
    if (this.#inChunks) this.#queue.shift();
    this.#inChunks = false;
  }

  /**
   * Takes out the commands of the next message. `room` is what this message can hold beside its envelope and what else
   * is in it; `alone`, not less, what a message can hold that has nothing else to say. Both in octets. What fits only
   * there waits for it. With `onlyStatuses` the first other command stops it.
   */
  take(room: number, onlyStatuses = false, alone = room): Portion {
    this.#before = { queue: [...this.#queue], inChunks: this.#inChunks };
    const commands: Outbound[] = [];
    const tooLarge: Outbound[] = [];
    const digits = cmdIdDigits(alone);
    let exact = false;
    let left = room;
    for (;;) {
      const head = this.#queue[0];
      if (head === undefined || (onlyStatuses && head.command.name !== 'Status')) break;
      let size = exact ? this.#exact(head.command, alone, digits) : this.#estimate(head.command, alone);
      if (size > left && !exact) {
        exact = true;
        for (const { command } of commands) {
          left += this.#estimate(command, alone) - exactCommandSize(command, this.#form, digits);
        }
        size = this.#exact(head.command, alone, digits);
      }
      if (size <= left) {
        left -= size;
        commands.push(head);
        this.#queue.shift();
        this.#inChunks = false;
        continue;
      }
      if (size <= alone && !this.#inChunks) break;
      if (this.#splitItems(head)) continue;
      if (this.#chunk(head, left, digits, commands)) return { commands, chunk: true, tooLarge };
      if (left < alone) break;
      tooLarge.push(head);
      this.#queue.shift();
      this.#inChunks = false;
    }
    return { commands, chunk: false, tooLarge };
  }

  /** The size of a command, perhaps too high; of one that is beyond `limit` anyway, just something beyond it. */
  #estimate(command: DmCommand, limit: number): number {
    const atLeast = this.#dataLength(command);
    return atLeast > limit ? atLeast : commandSize(command, this.#form);
  }

  /** The size of a command; of one that is beyond `limit` anyway, just something beyond it. */
  #exact(command: DmCommand, limit: number, digits: number): number {
    const atLeast = this.#dataLength(command);
    return atLeast > limit ? atLeast : exactCommandSize(command, this.#form, digits);
  }

  #dataLength(command: DmCommand): number {
    const items = splittable(command) ? command.items : [];
    return items.reduce((size, { data }) => size + (hasLength(data) ? data.length : 0), 0);
  }

  /** Replaces a command of several items by one command for each. */
  #splitItems(head: Outbound): boolean {
    const { command, original } = head;
    if (!splittable(command) || command.items.length < 2) return false;
    const parts = command.items.map((item) => outbound({ ...command, items: [item] }, original));
    this.#queue.splice(0, 1, ...parts);
    return true;
  }

  /** Puts the next chunk of the head's object into `commands`; false when it is no object or there is no room. */
  #chunk(head: Outbound, left: number, digits: number, commands: Outbound[]): boolean {
    const { command, original } = head;
    if (!chunkable(command)) return false;
    const item = command.items[0];
    const data = item === undefined ? undefined : carriedData(item, command.meta, this.#form);
    if (item === undefined || data === undefined) return false;
    const total = this.#inChunks ? undefined : transmittedSize(data, this.#form);
    const room = left - this.#chunkOverhead(command, item, data, total, digits);
    if (room < minChunkSize) return false;
    const length = typeof data === 'string' ? textPrefix(data, room, this.#form) : this.#octets(room);
    const first = typeof data === 'string' ? data.slice(0, length) : data.subarray(0, length);
    const rest = typeof data === 'string' ? data.slice(length) : data.subarray(length);
    commands.push(outbound(chunkOf(command, item, first, total, true), original));
    this.#queue[0] = outbound(chunkOf(command, item, rest, undefined, false), original);
    this.#inChunks = true;
    return true;
  }

  /** Octets that a chunk takes beside its data. */
  #chunkOverhead(
    command: Splittable,
    item: Item,
    data: string | Uint8Array,
    total: number | undefined,
    digits: number,
  ): number {
    // Some data, since Data without any is shorter; and the length of OPAQUE takes up to 4 octets, here 1.
    const sample = typeof data === 'string' ? 'abc' : new Uint8Array([97, 98, 99]);
    const size = exactCommandSize(chunkOf(command, item, sample, total, true), this.#form, digits);
    return size - 3 + (this.#form === 'wbxml' && typeof data !== 'string' ? 3 : 0);
  }

  // In XML, octets travel as Base64: whole groups of 3, so that the chunks join into one Base64 text.
  #octets(room: number): number {
    return this.#form === 'xml' ? Math.floor(room / 4) * 3 : room;
  }
}

function outbound(command: DmCommand, original: ManagementCommand | undefined): Outbound {
  return original === undefined ? { command } : { command, original };
}

function splittable(command: DmCommand): command is Splittable {
  return command.name === 'Results' || ['Add', 'Replace', 'Delete', 'Copy', 'Get'].includes(command.name);
}

function chunkable(command: DmCommand): command is Splittable {
  return command.name === 'Results' || command.name === 'Add' || command.name === 'Replace';
}

function hasLength(data: Data | undefined): data is string | Uint8Array {
  return typeof data === 'string' || data instanceof Uint8Array;
}

function chunkOf(
  command: Splittable,
  item: Item,
  data: string | Uint8Array,
  size: number | undefined,
  moreData: boolean,
): Splittable {
  const { moreData: _more, meta, ...rest } = item;
  const { size: _size, ...others } = meta ?? {};
  const chunkMeta = size === undefined ? others : { ...others, size };
  const withMeta = Object.keys(chunkMeta).length === 0 ? rest : { ...rest, meta: chunkMeta };
  return { ...command, items: [moreData ? { ...withMeta, data, moreData } : { ...withMeta, data }] };
}

/** Length of the longest prefix, in UTF-16 units, that takes at most `room` octets; whole characters. */
function textPrefix(text: string, room: number, form: MessageForm): number {
  let length = 0;
  let left = room;
  for (const character of text) {
    left -= form === 'xml' ? escapedSize(character) : plainSize(character);
    if (left < 0) break;
    length += character.length;
  }
  return length;
}

/** Octets of a character in WBXML. Two more for NUL, since text that has one needs the length of an OPAQUE. */
function plainSize(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0) return 4;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
