// What one end still has to send in its package, cut into messages that respect the peer's MaxMsgSize. An object that
// fits into no message goes in chunks (dm-messages §1.4, large objects).
import type {
  Data,
  DmCommand,
  Item,
  ItemCommand,
  ManagementCommand,
  MessageForm,
  Results,
} from '../codec/syncml/index.ts';
import { carriedData, transmittedSize } from './carried-data.ts';
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

  /** True when a command can go out, whole or in parts, in messages with `room` octets beside their envelope. */
  fits(command: DmCommand, room: number): boolean {
    if (this.#size(command, room) <= room) return true;
    if (!splittable(command)) return false;
    if (command.items.length > 1) {
      return command.items.every((item) => this.fits({ ...command, items: [item] }, room));
    }
    const [item] = command.items;
    const data = item === undefined ? undefined : carriedData(item, command.meta, this.#form);
    if (item === undefined || data === undefined || !chunkable(command)) return false;
    const total = transmittedSize(data, this.#form);
    return room - this.#emptyChunkSize(command, item, data, total) >= minChunkSize;
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
   * Takes out the commands of the next message. `room` is what every message can hold beside its envelope, in octets.
   * With `onlyStatuses` the first other command stops it.
   */
  take(room: number, onlyStatuses = false): Portion {
    this.#before = { queue: [...this.#queue], inChunks: this.#inChunks };
    const commands: Outbound[] = [];
    const tooLarge: Outbound[] = [];
    let left = room;
    for (;;) {
      const head = this.#queue[0];
      if (head === undefined || (onlyStatuses && head.command.name !== 'Status')) break;
      const size = this.#size(head.command, room);
      if (size <= left) {
        left -= size;
        commands.push(head);
        this.#queue.shift();
        this.#inChunks = false;
        continue;
      }
      if (size <= room && !this.#inChunks) break;
      if (this.#splitItems(head)) continue;
      if (this.#chunk(head, left, commands)) return { commands, chunk: true, tooLarge };
      if (left < room) break;
      tooLarge.push(head);
      this.#queue.shift();
      this.#inChunks = false;
    }
    return { commands, chunk: false, tooLarge };
  }

  /** The size of a command; of one that is beyond `limit` anyway, no more than that. */
  #size(command: DmCommand, limit: number): number {
    const items = splittable(command) ? command.items : [];
    const atLeast = items.reduce((size, { data }) => size + (hasLength(data) ? data.length : 0), 0);
    return atLeast > limit ? atLeast : commandSize(command, this.#form);
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
  #chunk(head: Outbound, left: number, commands: Outbound[]): boolean {
    const { command, original } = head;
    if (!chunkable(command)) return false;
    const item = command.items[0];
    const data = item === undefined ? undefined : carriedData(item, command.meta, this.#form);
    if (item === undefined || data === undefined) return false;
    const total = this.#inChunks ? undefined : transmittedSize(data, this.#form);
    const room = left - this.#emptyChunkSize(command, item, data, total);
    if (room < minChunkSize) return false;
    const length = typeof data === 'string' ? textPrefix(data, room) : this.#octets(room);
    const first = typeof data === 'string' ? data.slice(0, length) : data.subarray(0, length);
    const rest = typeof data === 'string' ? data.slice(length) : data.subarray(length);
    commands.push(outbound(chunkOf(command, item, first, total, true), original));
    this.#queue[0] = outbound(chunkOf(command, item, rest, undefined, false), original);
    this.#inChunks = true;
    return true;
  }

  /** Octets that a chunk takes before its data. */
  #emptyChunkSize(
    command: Splittable,
    item: Item,
    data: string | Uint8Array,
    total: number | undefined,
  ): number {
    const none = typeof data === 'string' ? '' : new Uint8Array();
    return commandSize(chunkOf(command, item, none, total, true), this.#form);
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

/** Length of the longest prefix, in UTF-16 units, that takes at most `room` octets in XML; whole characters. */
function textPrefix(text: string, room: number): number {
  let length = 0;
  let left = room;
  for (const character of text) {
    left -= escapedSize(character);
    if (left < 0) break;
    length += character.length;
  }
  return length;
}
