// Which messages of the client a session has taken in, and how another one stands to it.
import { equalConstantTime, sha256 } from '../../core/index.ts';
import type { Incoming } from '../contract/contract.ts';
import type { SessionMemory } from '../message/memory.ts';

/**
 * How a message stands to a session: `next` is new; `repeat` is the last one again, and gets the same answer; `restart`
 * is another message #1, so the client began anew and the host should make a new session; `stale` is an older or
 * contradictory one, or of another device or session, and is ignored.
 */
export type MessageOrder = 'next' | 'repeat' | 'restart' | 'stale';

/** What a MsgID takes in memory, in octets. */
const seenOctets = 160;

/** Remembers MsgIDs, and the digest of the last message. */
export class SeenMessages {
  readonly #memory: SessionMemory;
  readonly #seen = new Set<string>();
  #last: { readonly msgId: string; readonly hash: Uint8Array } | undefined;

  constructor(memory: SessionMemory) {
    this.#memory = memory;
  }

  /** How a message of the session's own client stands to it. */
  order({ message: { header }, body }: Incoming): MessageOrder {
    if (!this.#seen.has(header.msgId)) return 'next';
    const same = this.#last?.msgId === header.msgId && equalConstantTime(this.#last.hash, sha256(body));
    if (same) return 'repeat';
    return header.msgId.trim() === '1' ? 'restart' : 'stale';
  }

  /** Remembers a message as the last one. */
  add({ message: { header }, body }: Incoming): void {
    this.#seen.add(header.msgId);
    this.#last = { msgId: header.msgId, hash: sha256(body) };
    this.#memory.charge(seenOctets);
  }
}
