// Whose a receipt is: the id of the message and the number of the device decide together, since some centres give one id to
// every message, and others count from 0 again after a restart.
import { agreement } from '../number/device-digits.ts';
import { messageKey, type OpenPush, type OpenPushes } from './open-pushes.ts';
import type { Submissions } from './submissions.ts';
import type { WhyUnclear } from './unclear-receipt.ts';

/** What a receipt has to be known by. */
export interface ReceiptMarks {
  readonly smsc: string;
  /** Comparable ids of its message. */
  readonly ids: readonly string[];
  /** What they may be besides. */
  readonly guesses: readonly string[];
  /** All digits of its device; empty when it names none. */
  readonly number: string;
  /** The last of them. */
  readonly digits: string;
  /** Submissions that had begun when it came. */
  readonly begun: number;
}

/** What is known of pushes. */
export interface KnownPushes {
  readonly open: OpenPushes;
  readonly submissions: Submissions;
  readonly sameAccount: (smsc: string) => readonly string[];
  /** As in `TrackerSettings`. */
  readonly uniqueIds: boolean;
}

/** Pushes that are looked at for one receipt, at most. */
const maxLookedAt = 1000;

/** What a receipt is about. */
export type Finding =
  | { readonly push: OpenPush; readonly key: string }
  /** One of these, or another one: nobody can tell. */
  | { readonly several: readonly OpenPush[]; readonly why: WhyUnclear }
  /** A push that is over. */
  | 'over'
  /** That depends on the answers to the submissions under way. */
  | 'wait'
  /** Nothing that is known. */
  | undefined;

/**
 * Finds it: by id and number; else by the id alone, if one open push has it, none had it before, and no other push may be
 * getting it just now. Guesses and other links of the account count with the number only, and an id that fits several open
 * pushes by different readings settles none.
 */
export function findPush(marks: ReceiptMarks, known: KnownPushes): Finding {
  const own = marks.ids.map((id) => messageKey(marks.smsc, id));
  const guessed = marks.guesses.map((id) => messageKey(marks.smsc, id));
  if (marks.digits !== '') {
    const named = byNumber(marks, own, guessed, known);
    if (named !== undefined) return named;
    // Of a message whose answer is under way, it will be known by that.
    if (known.submissions.areUnderWay(marks.digits)) return undefined;
  }
  return byIdAlone(marks, own, guessed, known);
}

function byNumber(
  marks: ReceiptMarks,
  own: readonly string[],
  guessed: readonly string[],
  known: KnownPushes,
): Finding {
  const { open, submissions, sameAccount } = known;
  const { smsc, ids, guesses, digits } = marks;
  const named = closest(own, marks, known);
  const besides = guessed.map((key) => closest([key], marks, known)).filter((one) => one !== undefined);
  if (named !== undefined) return oneReading([named, ...besides]);
  if (own.some((key) => open.isOver(key, digits))) {
    if (submissions.areUnderWay(digits)) return undefined;
    const also = pushesOf(besides);
    return also.length === 0 ? 'over' : { several: also, why: 'readings' };
  }
  if (besides.length > 0) return oneReading(besides);
  const elsewhere = sameAccount(smsc).flatMap((name) =>
    [...ids, ...guesses].map((id) => messageKey(name, id)),
  );
  return closest(elsewhere, marks, known);
}

function byIdAlone(
  { begun }: ReceiptMarks,
  own: readonly string[],
  guessed: readonly string[],
  { open, submissions, uniqueIds }: KnownPushes,
): Finding {
  for (const key of own) {
    const pushes = some(open.withId(key));
    const [oldest] = pushes;
    if (oldest === undefined) continue;
    const others = guessed.flatMap((guess) => some(open.withId(guess)));
    const one = [...pushes, ...others].every(({ pushId }) => pushId === oldest.pushId);
    if (one && !open.isOver(key, '')) {
      // One that had begun to leave by then may get the same id.
      return !uniqueIds && submissions.anyOfFirst(begun) ? 'wait' : { push: oldest, key };
    }
    // One whose end is being written down needs no note.
    const all = [...new Set([...pushes, ...others])];
    const waiting = all.filter(({ reporting }) => reporting === undefined);
    const why = others.length > 0 && pushes.length === 1 ? 'readings' : 'shared';
    return { several: waiting.length > 0 ? waiting : all, why };
  }
  // No id comes back: it need not wait for the answer of a submission.
  return uniqueIds && own.some((key) => open.isOver(key, '')) ? 'over' : undefined;
}

/** By the first of the keys that a push to that number has; of several numbers with the same last digits, the closest. */
function closest(
  keys: readonly string[],
  { number, digits, begun }: ReceiptMarks,
  { open, submissions }: KnownPushes,
): Finding {
  for (const key of keys) {
    const pushes = some(open.withIdFor(key, digits));
    if (pushes.length === 0) continue;
    const agreed = Math.max(...pushes.map((push) => agreement(push.number, number)));
    const nearest = pushes.filter((push) => agreement(push.number, number) === agreed);
    const own = nearest[0]?.number ?? '';
    const before = open.overNumber(key, digits);
    if (before !== undefined && before !== own) {
      const had = agreement(before, number);
      if (had > agreed) return 'over';
      if (had === agreed) return { several: nearest, why: 'shared' };
    }
    if (submissions.rival(number, own, begun) >= agreed) return 'wait';
    return oneOf(nearest, key);
  }
  return undefined;
}

/** What the readings of an id come to together. */
function oneReading(findings: readonly Exclude<Finding, undefined>[]): Finding {
  const [first] = findings;
  const pushes = pushesOf(findings);
  if (findings.length < 2 || pushes.every(({ pushId }) => pushId === pushes[0]?.pushId)) return first;
  return { several: pushes, why: 'readings' };
}

function pushesOf(findings: readonly Finding[]): readonly OpenPush[] {
  const all = findings.flatMap((finding) => {
    if (typeof finding !== 'object') return [];
    return 'several' in finding ? finding.several : [finding.push];
  });
  return [...new Set(all)];
}

function some(pushes: ReadonlySet<OpenPush>): readonly OpenPush[] {
  const lookedAt: OpenPush[] = [];
  for (const push of pushes) {
    if (lookedAt.length === maxLookedAt) break;
    lookedAt.push(push);
  }
  return lookedAt;
}

/** Attempts of one push are one: the oldest is meant. Those whose end is being written down are over where others are not. */
function oneOf(pushes: readonly OpenPush[], key: string): Finding {
  const waiting = pushes.filter(({ reporting }) => reporting === undefined);
  const several = waiting.length > 0 ? waiting : pushes;
  const [oldest] = several;
  if (oldest === undefined) return undefined;
  return several.every(({ pushId }) => pushId === oldest.pushId)
    ? { push: oldest, key }
    : { several, why: 'shared' };
}
