// Which of the server's commands the client has answered, and how.
import {
  effectiveMeta,
  type Item,
  type ManagementCommand,
  type Results,
  type Status,
  statusCodes,
} from '../../codec/syncml/index.ts';
import type { ClientReport, CommandStatus } from '../contract/contract.ts';
import { detached, heldOctets, type SessionMemory, unboundedMemory } from '../message/memory.ts';
import type { Outbound } from '../message/outgoing-package.ts';
import { shownStatus, statusNumber } from '../message/replies.ts';

interface Entry {
  sent: boolean;
  again?: true;
  readonly statuses: CommandStatus[];
  readonly results: Item[];
  problem?: string;
}

/** What the answers to one package may take, in octets: much more than a device has to say, and less than memory. */
const mostOctets = 32 * 1024 * 1024;

/**
 * Collects Statuses and Results by MsgRef and CmdRef until the client's package is complete. What is kept shares nothing
 * with the messages it came in.
 */
export class AnswerBook {
  readonly #memory: SessionMemory;
  readonly #byReference = new Map<string, Entry>();
  // In the order in which they are to be reported.
  readonly #entries = new Map<ManagementCommand, Entry>();
  #lastMsgId = '';
  #octets = 0;

  constructor(memory: SessionMemory = unboundedMemory) {
    this.#memory = memory;
  }

  /** True when no command waits for an answer. */
  get empty(): boolean {
    return this.#entries.size === 0;
  }

  /** A command that is about to be sent, with all that is inside it: a group comes after that. */
  enter(command: ManagementCommand): void {
    if (this.#entries.has(command)) return;
    if (command.name === 'Atomic' || command.name === 'Sequence') {
      for (const inner of command.commands) this.enter(inner);
    }
    this.#entries.set(command, { sent: false, statuses: [], results: [] });
  }

  /** The commands that went out in message `msgId`, by their CmdIDs. */
  sent(msgId: string, originals: ReadonlyMap<string, Outbound>): void {
    for (const [cmdId, { original }] of originals) {
      const entry = original === undefined ? undefined : this.#entries.get(original);
      if (entry === undefined) continue;
      this.#byReference.set(reference(msgId, cmdId), entry);
      this.#lastMsgId = msgId;
      entry.sent = true;
    }
  }

  /** Forgets message `msgId`: its commands were not carried out, and will go out again. */
  unsent(msgId: string, originals: ReadonlyMap<string, Outbound>): void {
    for (const cmdId of originals.keys()) {
      const name = reference(msgId, cmdId);
      const entry = this.#byReference.get(name);
      if (entry !== undefined) entry.sent = false;
      this.#byReference.delete(name);
    }
  }

  /** The last message that had commands goes out once more. */
  sentAgain(): void {
    for (const [name, entry] of this.#byReference) {
      if (name.startsWith(reference(this.#lastMsgId, ''))) entry.again = true;
    }
  }

  /**
   * Takes a Status in; false when it is for no command of ours, or there is no room for more answers. A kept chunk (213)
   * is not an answer yet.
   */
  status(status: Status): boolean {
    const entry = this.#entry(status.msgRef, status.cmdRef);
    if (entry === undefined) return false;
    const number = statusNumber(status.data);
    if (Number.isNaN(number)) entry.problem ??= `the device answered ${shownStatus(status.data)}`;
    else if (number !== statusCodes.chunkedItemAccepted) {
      const { targetRefs, sourceRefs, items } = status;
      const said = { status: number, targetRefs, sourceRefs, items };
      if (!this.#room(heldOctets(said))) return false;
      entry.statuses.push(detached(said));
    }
    return true;
  }

  /** True when Results are for a command of ours; without a MsgRef they are for the last message with commands. */
  knows(results: Results): boolean {
    return this.#entry(results.msgRef ?? this.#lastMsgId, results.cmdRef) !== undefined;
  }

  /** Takes an item of Results in, if `knows` knows them; false when there is no room for more answers. */
  result(results: Results, item: Item): boolean {
    const { size: _size, ...meta } = effectiveMeta(results.meta, item.meta);
    const complete = Object.keys(meta).length === 0 ? item : { ...item, meta };
    if (!this.#room(heldOctets(complete))) return false;
    this.#entry(results.msgRef ?? this.#lastMsgId, results.cmdRef)?.results.push(detached(complete));
    return true;
  }

  /** The command that Results belong to has failed, whatever else the client says to it. */
  refuse(results: Results, problem: string): void {
    const entry = this.#entry(results.msgRef ?? this.#lastMsgId, results.cmdRef);
    if (entry !== undefined) entry.problem ??= problem;
  }

  /** The same for a command of ours. */
  fail(command: ManagementCommand, problem: string): void {
    const entry = this.#entries.get(command);
    if (entry !== undefined) entry.problem ??= problem;
  }

  /** Forgets what was said to the command that Results belong to: the rest of them did not come. */
  forget(results: Results): void {
    const entry = this.#entry(results.msgRef ?? this.#lastMsgId, results.cmdRef);
    entry?.statuses.splice(0);
    entry?.results.splice(0);
  }

  /** Everything, as effects; nothing is remembered. */
  close(): ClientReport[] {
    const effects: ClientReport[] = [];
    for (const [command, entry] of this.#entries) effects.push({ effect: 'answered', command, ...entry });
    this.#entries.clear();
    this.#byReference.clear();
    this.#memory.give(this.#octets);
    this.#octets = 0;
    return effects;
  }

  #room(octets: number): boolean {
    const after = this.#octets + octets;
    if (after > mostOctets || !this.#memory.take(octets)) return false;
    this.#octets = after;
    return true;
  }

  #entry(msgRef: string, cmdRef: string): Entry | undefined {
    return this.#byReference.get(reference(msgRef, cmdRef));
  }
}

const reference = (msgId: string, cmdId: string): string => `${msgId}/${cmdId}`;
