// What a session keeps of what it sends: the commands under way, and its last message, should that be asked for again.
import type { ManagementCommand } from '../../codec/syncml/index.ts';
import { heldOctets, type SessionMemory } from '../message/memory.ts';
import type { Made } from '../message/message-maker.ts';

/** Without room for so many octets no commands are fetched. */
const roomForCommands = 65_536;

/** Holds it, and counts it. */
export class Kept {
  readonly #memory: SessionMemory;
  #last: Made | undefined;
  #lastOctets = 0;
  #commandOctets = 0;

  constructor(memory: SessionMemory) {
    this.#memory = memory;
  }

  /** The last message. */
  get last(): Made | undefined {
    return this.#last;
  }

  set last(made: Made | undefined) {
    this.#last = made;
    this.#memory.give(this.#lastOctets);
    this.#lastOctets = heldOctets(made?.outgoing.message);
    this.#memory.charge(this.#lastOctets);
  }

  /** True when commands may be fetched. */
  hasRoom(): boolean {
    if (!this.#memory.take(roomForCommands)) return false;
    this.#memory.give(roomForCommands);
    return true;
  }

  /** Counts commands that were fetched. */
  addCommands(commands: readonly ManagementCommand[]): void {
    const octets = heldOctets(commands);
    this.#commandOctets += octets;
    this.#memory.charge(octets);
  }

  /** All commands are answered, or given up. */
  forgetCommands(): void {
    this.#memory.give(this.#commandOctets);
    this.#commandOctets = 0;
  }
}
