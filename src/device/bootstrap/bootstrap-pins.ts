// PINs of bootstraps: asked for once at a time, and tried on every bootstrap that waits for one. So a flood of them costs
// the user one question, and does not keep the one that he was told the PIN of from its turn.
import { createHash } from 'node:crypto';
import type { ManagementTree } from '../../tree/index.ts';
import { readAccounts } from '../../tree/index.ts';
import type { BootstrapHost, BootstrapVerdict } from './bootstrap-gate.ts';
import type { PinQuestion } from './bootstrap-policy.ts';
import { type PinSec, type Protection, pinHolds } from './bootstrap-protection.ts';

/** A bootstrap that wants a PIN. */
export interface PinCandidate {
  readonly body: Uint8Array;
  readonly protection: Extract<Protection, { sec: PinSec }>;
  readonly host: BootstrapHost;
  /** Why it could not be taken under any PIN, as the tree is now. */
  readonly refusal: () => Promise<PinRefusal | undefined>;
  /** Makes the account, once a PIN holds. */
  readonly take: () => Promise<BootstrapVerdict>;
}

/** Why it is not taken. */
export interface PinRefusal {
  readonly detail: string;
  readonly serverId?: string | undefined;
}

/** What came of it; `inVain` when the user was asked for nothing, which counts against the sender. */
export type PinProof =
  | { readonly holds: true; readonly verdict: BootstrapVerdict }
  | ({ readonly holds: false; readonly inVain: boolean } & PinRefusal);

/** How to ask. */
export interface PinOptions {
  readonly askPin: (question: PinQuestion, signal: AbortSignal) => Promise<string | undefined>;
  readonly attempts: number;
}

/** One message that waits, with all its copies. */
interface Waiting {
  readonly first: PinCandidate;
  readonly copies: Map<(proof: PinProof) => void, BootstrapHost>;
  /** PINs that were tried on it. */
  tries: number;
  /** Accounts as they were when it was last found that it could be taken; `undefined` before. */
  allowedWith: string | undefined;
}

/** The bootstraps of one device that wait for a PIN. Their number is bounded by the device's places for bootstraps. */
export class PinDesk {
  readonly #options: PinOptions;
  /** Oldest first. */
  readonly #waiting = new Map<string, Waiting>();
  #asking = false;
  /** The question that is on its way; aborts when nobody waits for it any more. */
  #question = new AbortController();

  constructor(options: PinOptions) {
    this.#options = options;
  }

  /** Waits until a PIN holds for the candidate, none does, or its host gives it up. Never rejects. */
  prove(candidate: PinCandidate): Promise<PinProof> {
    const { signal } = candidate.host;
    if (signal.aborted) return Promise.resolve(givenUp);
    const name = nameOf(candidate);
    const known = this.#waiting.get(name);
    const waiting = known ?? { first: candidate, copies: new Map(), tries: 0, allowedWith: undefined };
    this.#waiting.set(name, waiting);
    return new Promise((resolve) => {
      const settle = (proof: PinProof): void => {
        signal.removeEventListener('abort', leave);
        waiting.copies.delete(settle);
        if (waiting.copies.size === 0) this.#remove(name, waiting);
        resolve(proof);
      };
      const leave = (): void => settle(givenUp);
      signal.addEventListener('abort', leave, { once: true });
      waiting.copies.set(settle, candidate.host);
      if (known === undefined) void this.#look(waiting);
    });
  }

  #remove(name: string, waiting: Waiting): void {
    if (this.#waiting.get(name) === waiting) this.#waiting.delete(name);
    if (![...this.#waiting.values()].some(({ allowedWith }) => allowedWith !== undefined)) {
      this.#question.abort();
    }
  }

  /** Finds out whether it could be taken under any PIN: what could not is refused, and the user is not asked for it. */
  async #look(waiting: Waiting): Promise<void> {
    for (;;) {
      const [host] = waiting.copies.values();
      if (host === undefined) return;
      const found = await lookWith(host, waiting.first);
      // This copy gave way; another one may be there.
      if (found === undefined && host.signal.aborted) continue;
      if (found?.allowedWith === undefined) {
        refuseAll([waiting], { detail: 'it was not looked at', ...found?.refusal, inVain: false });
        return;
      }
      waiting.allowedWith = found.allowedWith;
      if (!this.#asking) await this.#askAll();
      return;
    }
  }

  /** Asks as long as something waits that could be taken. */
  async #askAll(): Promise<void> {
    this.#asking = true;
    for (;;) {
      const due = this.#due();
      const [oldest] = due;
      if (oldest === undefined) break;
      this.#question = new AbortController();
      await this.#askOnce(oldest, due, this.#question.signal);
    }
    this.#asking = false;
  }

  /** What could be taken now. Where there are other accounts than before, that is to be found out again. */
  #due(): readonly Waiting[] {
    return [...this.#waiting.values()].filter((waiting) => {
      if (waiting.allowedWith === undefined) return false;
      if (waiting.allowedWith === accountsNow(waiting.first.host.tree)) return true;
      waiting.allowedWith = undefined;
      void this.#look(waiting);
      return false;
    });
  }

  async #askOnce(oldest: Waiting, shownFor: readonly Waiting[], signal: AbortSignal): Promise<void> {
    const { askPin, attempts } = this.#options;
    const { protection, host } = oldest.first;
    const question = { sec: protection.sec, attempt: oldest.tries + 1, left: attempts - oldest.tries };
    const asked = await host.ask((unwanted) => askPin(question, unwanted), signal);
    if (!('silence' in asked)) {
      const pin = asked.given;
      if (typeof pin === 'string' && pin.trim() !== '') await this.#try(pin);
      else {
        const detail = pin === undefined ? 'nobody entered a PIN' : 'the user refused to enter a PIN';
        refuseAll(shownFor, { detail, inVain: true });
      }
      return;
    }
    switch (asked.silence) {
      case 'unanswered':
        refuseAll(shownFor, { detail: 'nobody entered a PIN in time', inVain: true });
        break;
      case 'full':
        refuseAll(shownFor, { detail: asked.detail, inVain: false });
        break;
      case 'stopped':
        // Who is still there is so under a host that takes no more questions.
        refuseAll(shownFor, { detail: 'the question for the PIN was taken back', inVain: false });
    }
  }

  /** What the PIN leads to is there before anything else is asked. */
  async #try(pin: string): Promise<void> {
    const held: Waiting[] = [];
    for (const waiting of [...this.#waiting.values()]) {
      const { body, protection } = waiting.first;
      if (pinHolds(body, protection, pin)) held.push(waiting);
      else {
        waiting.tries += 1;
        if (waiting.tries >= this.#options.attempts) {
          refuseAll([waiting], { detail: `${waiting.tries} wrong PINs`, inVain: true });
        }
      }
    }
    const [only, ...others] = held;
    if (only === undefined) return;
    // Only one can be the user's; who guessed the PIN shall not win.
    const why = 'different bootstraps hold under this PIN, so none is taken';
    if (others.length > 0) refuseAll(held, { detail: why, inVain: false });
    else await takeOnce(only);
  }
}

const givenUp: PinProof = {
  holds: false,
  inVain: false,
  detail: 'it gave way to newer ones, or the device stops',
};

/** What was found of it; `undefined` when it was not looked at. Never rejects. */
async function lookWith(
  host: BootstrapHost,
  { refusal }: PinCandidate,
): Promise<{ readonly allowedWith?: string; readonly refusal?: PinRefusal } | undefined> {
  try {
    return await host.look(async () => {
      const allowedWith = accountsNow(host.tree);
      const why = await refusal();
      return why === undefined ? { allowedWith } : { refusal: why };
    });
  } catch (error) {
    // Its text might hold what is in the document.
    return { refusal: failedOnDevice(error) };
  }
}

function failedOnDevice(error: unknown): PinRefusal {
  return { detail: `the bootstrap failed on the device: ${error instanceof Error ? error.name : 'error'}` };
}

function refuseAll(waiting: readonly Waiting[], why: PinRefusal & { readonly inVain: boolean }): void {
  settleAll(waiting, { holds: false, ...why });
}

function settleAll(waiting: readonly Waiting[], proof: PinProof): void {
  for (const { copies } of waiting) for (const settle of [...copies.keys()]) settle(proof);
}

async function takeOnce(waiting: Waiting): Promise<void> {
  const { first, copies } = waiting;
  for (const host of copies.values()) host.proved();
  let verdict: BootstrapVerdict;
  try {
    verdict = await first.take();
  } catch (error) {
    verdict = { verdict: 'refused', detail: failedOnDevice(error).detail };
  }
  const [settle] = copies.keys();
  settle?.({ holds: true, verdict });
  refuseAll([waiting], { detail: 'a copy of it was taken', inVain: false });
}

/** The same for copies of one message. */
function nameOf({ body, protection: { sec, mac } }: PinCandidate): string {
  return createHash('sha256').update(`${sec} ${mac.toLowerCase()} `).update(body).digest('hex');
}

/** Which accounts there are. */
function accountsNow(tree: ManagementTree): string {
  return JSON.stringify(readAccounts(tree).map(({ uri, serverId }) => [uri, serverId]));
}
