// Whose a receipt is: the id of the message and the number of the device decide together, since some centres give one id to
// every message, and others count from 0 again after a restart.
import { messageKey, type OpenPush, type OpenPushes } from './open-pushes.ts';
import type { Submissions } from './submissions.ts';

/** What a receipt has to be known by. */
export interface ReceiptMarks {
  readonly smsc: string;
  /** Comparable ids of its message. */
  readonly ids: readonly string[];
  /** What they may be besides. */
  readonly guesses: readonly string[];
  /** Digits of its device; empty when it names none. */
  readonly digits: string;
}

/** What is known of pushes. */
export interface KnownPushes {
  readonly open: OpenPushes;
  readonly submissions: Submissions;
  readonly sameAccount: (smsc: string) => readonly string[];
}

/** Pushes that are looked at for one receipt, at most. */
const maxLookedAt = 1000;

/** What a receipt is about. */
export type Finding =
  | { readonly push: OpenPush; readonly key: string }
  | { readonly several: readonly OpenPush[] }
  /** A push that is over. */
  | 'over'
  /** Nothing that is known. */
  | undefined;

/**
 * Finds it: by id and number; else by the id alone, if there is one open push with it and nothing says that the receipt is
 * another's, which had the id before or will have it. Guesses and other links of the account count with the number only.
 */
export function findPush(
  { smsc, ids, guesses, digits }: ReceiptMarks,
  { open, submissions, sameAccount }: KnownPushes,
): Finding {
  const own = ids.map((id) => messageKey(smsc, id));
  if (digits !== '') {
    const named = exact(own, digits, open);
    if (named !== undefined) return named;
    const underWay = submissions.areUnderWay(digits);
    if (own.some((key) => open.isOver(key, digits))) return underWay ? undefined : 'over';
    const guessed = guesses.map((id) => messageKey(smsc, id));
    const elsewhere = sameAccount(smsc).flatMap((name) =>
      [...ids, ...guesses].map((id) => messageKey(name, id)),
    );
    const guess = exact([...guessed, ...elsewhere], digits, open);
    if (guess !== undefined) return guess;
    // Of a message whose answer is under way, it will be known by that.
    if (underWay) return undefined;
  }
  for (const key of own) {
    const pushes = open.withId(key);
    if (pushes.size > 0) return oneOf(pushes, key);
  }
  return undefined;
}

/** By one of the keys and the number together. */
function exact(keys: readonly string[], digits: string, open: OpenPushes): Finding {
  for (const key of keys) {
    const pushes = open.withIdFor(key, digits);
    if (pushes.size > 0) return oneOf(pushes, key);
  }
  return undefined;
}

/** Attempts of one push are one: the oldest is meant. Those whose end is being written down are over where others are not. */
function oneOf(pushes: ReadonlySet<OpenPush>, key: string): Finding {
  const lookedAt: OpenPush[] = [];
  for (const push of pushes) {
    if (lookedAt.length === maxLookedAt) break;
    lookedAt.push(push);
  }
  const waiting = lookedAt.filter(({ reporting }) => reporting === undefined);
  const several = waiting.length > 0 ? waiting : lookedAt;
  const [oldest] = several;
  if (oldest === undefined) return undefined;
  return several.every(({ pushId }) => pushId === oldest.pushId) ? { push: oldest, key } : { several };
}
