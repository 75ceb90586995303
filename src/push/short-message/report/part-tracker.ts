// Matches receipts of messages to pushes: by the id of the message and the number of the device together, for some carriers
// give one id twice. A push is delivered when all of its messages are.
import type { DeliveryReport } from '../../index.ts';
import { agreement, allDigits, deviceDigits } from '../number/device-digits.ts';
import { type EarlyReceipt, EarlyReceipts, earlyMs, type TakenReceipt } from './early-receipts.ts';
import { type Finding, findPush } from './find-push.ts';
import { HeldReceipts } from './held-receipts.ts';
import { messageReference } from './message-reference.ts';
import { messageKey, type OpenPush, OpenPushes } from './open-pushes.ts';
import type { AcceptedMessage, PartReceipt } from './part-receipt.ts';
import { type Submission, Submissions } from './submissions.ts';
import type { PartCounters, TrackerSettings } from './tracker-settings.ts';
import { nothingUnclear, unclearDetail, type WhyUnclear, worthANote } from './unclear-receipt.ts';

/** Pushes that one receipt may leave a note with, at most. */
const maxNotes = 100;

/** Waits for receipts. */
export class PartTracker {
  readonly #settings: TrackerSettings;
  readonly #open: OpenPushes;
  readonly #early = new EarlyReceipts();
  /** Pushes of which a message has left, and not all answers have come. */
  readonly submissions = new Submissions(() => this.#goOn());
  readonly #held = new HeldReceipts();
  readonly #counts = {
    matched: 0,
    intermediate: 0,
    unmatched: 0,
    late: 0,
    unclear: 0,
    forgotten: 0,
  };

  constructor(settings: TrackerSettings) {
    this.#settings = settings;
    this.#open = new OpenPushes(2 * settings.maxTracked);
  }

  /** Waits for the receipts of a push whose submission all messages have their answer to. Those that overtook it count. */
  track(
    pushId: string,
    reference: string,
    messages: readonly AcceptedMessage[],
    submission: Submission,
  ): void {
    const { number, begunAt } = submission;
    this.submissions.takeOut(submission);
    this.#add(pushId, reference, messages, number, begunAt);
    this.#goOn();
  }

  /** Waits for those of a push that an earlier process sent to that number, if it is known. Asked for twice, it is one wait. */
  expect(pushId: string, reference: string, messages: readonly AcceptedMessage[], number = ''): void {
    const digits = deviceDigits(number);
    const first = messages.map((one) => this.#keyOf(one)).find((key) => key !== '') ?? '';
    const known = digits === '' ? this.#open.withId(first) : this.#open.withIdFor(first, digits);
    for (const push of known) if (push.pushId === pushId && push.reference === reference) return;
    this.#add(pushId, reference, messages, allDigits(number), -1);
  }

  /** Takes a receipt. Resolves with false when it has to be said again. Never rejects. */
  async take(smsc: string, receipt: PartReceipt): Promise<boolean> {
    this.#expire();
    const { ids, number = '', outcome, state, error = '', doubtful = false } = receipt;
    if (outcome === undefined) {
      if (!doubtful) this.#counts.intermediate += 1;
      return true;
    }
    const marks = {
      smsc,
      ids: ids.filter((one) => one !== ''),
      guesses: receipt.guesses ?? [],
      number: allDigits(number),
      digits: deviceDigits(number),
      begun: this.submissions.begun,
    };
    const said = { smsc, ids: receipt.shownIds ?? ids, state };
    return this.#decide({ marks, said, outcome, error, doubtful });
  }

  /** True when a receipt with this id of an answer would be about a push that is waited for, or was lately. */
  knows(smsc: string, id: string): boolean {
    const key = this.#keyOf({ smsc, messageId: id });
    return this.#open.withId(key).size > 0 || this.#open.isOver(key, '');
  }

  #decide(receipt: TakenReceipt): Promise<boolean> | boolean {
    const finding = this.#find(receipt);
    // A device's own message, as far as anybody can tell: it is answered, and nothing else.
    if (receipt.doubtful && !this.#numberAgrees(finding, receipt.marks.digits)) return true;
    if (finding === 'over') {
      this.#counts.late += 1;
      return true;
    }
    if (finding === 'wait') {
      // Two that give way at once are as unclear as one that nobody can tell.
      for (const oldest of this.#held.add(receipt)) this.#giveUp(oldest);
      return true;
    }
    if (finding === undefined) {
      this.#keep(receipt);
      return true;
    }
    if ('several' in finding) return this.#leaveNotes(finding.several, receipt, finding.why);
    return this.#settle(finding.push, finding.key, receipt);
  }

  #numberAgrees(finding: Finding, digits: string): boolean {
    if (finding === 'over' || digits === '') return false;
    if (finding === undefined) return this.submissions.areUnderWay(digits);
    if (finding === 'wait') return true;
    const pushes = 'several' in finding ? finding.several : [finding.push];
    return pushes.every((push) => push.digits === digits);
  }

  #find({ marks }: TakenReceipt): Finding {
    const { sameAccount = noOthers, uniqueIds = false } = this.#settings;
    return findPush(marks, { open: this.#open, submissions: this.submissions, sameAccount, uniqueIds });
  }

  /** After a submission: those that waited for its answer. The carrier has been told that they were taken. */
  #goOn(): void {
    for (const receipt of this.#held.ready(this.submissions)) void this.#decide(receipt);
  }

  /** What cannot be held any longer: a note, as whose it is stays open. */
  #giveUp(receipt: TakenReceipt): void {
    const { marks, doubtful } = receipt;
    if (doubtful) return;
    const keys = marks.ids.map((one) => messageKey(marks.smsc, one));
    const pushes = keys.flatMap((key) => [...this.#open.withId(key)]);
    void this.#leaveNotes(pushes, receipt, 'shared');
  }

  /** A snapshot. */
  counters(): PartCounters {
    return { ...this.#counts, open: this.#open.size };
  }

  #add(
    pushId: string,
    reference: string,
    messages: readonly AcceptedMessage[],
    number: string,
    begunAt: number,
  ): void {
    this.#expire();
    const { clock, trackMs, maxTracked } = this.#settings;
    // An empty id names no message: such a push is never delivered, as far as receipts can tell.
    const keys = messages.map((one) => this.#keyOf(one));
    const left = new Map<string, number>();
    for (const key of keys) if (key !== '') left.set(key, (left.get(key) ?? 0) + 1);
    const deadline = clock.monotonic() + trackMs;
    const push = {
      pushId,
      reference,
      messages,
      number,
      digits: deviceDigits(number),
      keys,
      left,
      deadline,
      reporting: undefined,
      unclear: nothingUnclear(),
    };
    for (const oldest of this.#open) {
      if (this.#open.size < maxTracked) break;
      this.#forget(oldest);
    }
    this.#open.add(push);
    for (const [key, count] of left) this.#takeEarly(push, key, count, begunAt);
  }

  /** What came after the push left, and before it was known by its ids. */
  #takeEarly(push: OpenPush, key: string, count: number, begunAt: number): void {
    const all = this.#early.withId(key);
    // Without digits nothing but the id tells, as long as it tells one from all others.
    const alone = push.digits === '' && all.length === 1 && this.#open.withId(key).size === 1;
    const answers = new Map(push.messages.map((one) => [this.#keyOf(one), one.answeredAt] as const));
    const own: EarlyReceipt[] = [];
    for (const early of all) {
      const { at, keys, sure, marks } = early;
      if (at <= begunAt) continue;
      if (this.#settings.uniqueIds === true) own.push(early);
      else if (marks.digits !== '' && marks.digits === push.digits && this.#isNearest(push, key, early))
        own.push(early);
      // It came when the id was known already, and only other parts of the push had no answer yet: the id may do alone.
      else if (keys.indexOf(key) < sure && (alone || at > (answers.get(key) ?? Number.POSITIVE_INFINITY))) {
        this.#early.remove(early);
        void this.#decide(early);
      }
    }
    for (const early of own.slice(0, count)) {
      this.#early.remove(early);
      // The carrier has been told that it was taken: a handler that fails now is not asked again.
      void this.#settle(push, key, early);
    }
  }

  /** True when no other device with the same last digits is as likely. */
  #isNearest(push: OpenPush, key: string, { marks: { number, begun } }: EarlyReceipt): boolean {
    const agreed = agreement(push.number, number);
    if (this.submissions.rival(number, push.number, begun) >= agreed) return false;
    for (const other of this.#open.withIdFor(key, push.digits))
      if (other.number !== push.number && agreement(other.number, number) >= agreed) return false;
    return true;
  }

  async #settle(push: OpenPush, key: string, { said, outcome, error }: TakenReceipt): Promise<boolean> {
    this.#counts.matched += 1;
    if (push.reporting !== undefined) return push.reporting;
    if (outcome === 'delivered') {
      push.left.set(key, Math.max(0, (push.left.get(key) ?? 0) - 1));
      if (this.#settings.parts === 'each' && !isDelivered(push)) return true;
    }
    const { messages, keys } = push;
    const index = keys.indexOf(key);
    // Messages of one id cannot be told apart.
    const known = this.#settings.parts === 'each' && keys.lastIndexOf(key) === index && messages.length > 1;
    const place = known ? ` (message ${index + 1} of ${messages.length})` : '';
    const code = error === '' ? '' : `, error ${error}`;
    const smsc = messages[index]?.smsc ?? '';
    const what = `${smsc}: ${said.state}`;
    push.reporting = this.#report(push, outcome, outcome === 'delivered' ? what : `${what}${code}${place}`);
    const taken = await push.reporting;
    push.reporting = undefined;
    if (taken) this.#open.remove(push);
    return taken;
  }

  /** A receipt that may be about any of several pushes: it is told, and settles none. */
  async #leaveNotes(pushes: readonly OpenPush[], { said }: TakenReceipt, why: WhyUnclear): Promise<boolean> {
    this.#counts.unclear += 1;
    let notes = 0;
    let taken = true;
    for (const push of pushes) {
      const { unclear } = push;
      unclear.count += 1;
      if (notes === maxNotes || !worthANote(unclear, said.state)) continue;
      notes += 1;
      const before = { ...unclear };
      if (unclear.state !== said.state) unclear.changes += 1;
      unclear.state = said.state;
      if (await this.#report(push, 'unclear', unclearDetail(said, unclear.count, why))) continue;
      Object.assign(unclear, before, { count: before.count - 1 });
      taken = false;
    }
    return taken;
  }

  async #report(
    { pushId, reference, messages }: OpenPush,
    outcome: DeliveryReport['outcome'],
    detail: string,
  ): Promise<boolean> {
    const { binding, onReport } = this.#settings;
    const references = messages.map(messageReference);
    try {
      await onReport({ binding, pushId, reference, references, outcome, detail });
      return true;
    } catch {
      // The centre says it again, and the handler's own log says why it failed.
      return false;
    }
  }

  /** Keeps a receipt that may have overtaken the response. */
  #keep(receipt: TakenReceipt): void {
    const { smsc, ids, guesses } = receipt.marks;
    const { sameAccount = noOthers } = this.#settings;
    const keys = [smsc, ...sameAccount(smsc)].flatMap((name) =>
      [...ids, ...guesses].map((one) => messageKey(name, one)),
    );
    const deadline = this.#settings.clock.monotonic() + earlyMs;
    const early = { ...receipt, keys, sure: ids.length, at: this.submissions.nextMoment(), deadline };
    if (keys.length === 0) this.#giveBack(early);
    else for (const oldest of this.#early.add(early)) this.#giveBack(oldest);
  }

  #giveBack({ keys, marks, said, doubtful }: EarlyReceipt): void {
    if (doubtful) return;
    if (keys.some((key) => this.#open.isOver(key, marks.digits))) {
      this.#counts.late += 1;
      return;
    }
    this.#counts.unmatched += 1;
    this.#settings.onUnmatched?.(said);
  }

  #expire(): void {
    const now = this.#settings.clock.monotonic();
    for (const push of this.#open) {
      if (push.deadline > now) break;
      this.#forget(push);
    }
    for (const early of this.#early.expire(now)) this.#giveBack(early);
  }

  #keyOf({ smsc, messageId }: AcceptedMessage): string {
    const { comparableId } = this.#settings;
    return messageKey(smsc, comparableId === undefined ? messageId : comparableId(messageId));
  }

  #forget(push: OpenPush): void {
    this.#counts.forgotten += 1;
    this.#open.remove(push);
  }
}

const noOthers = (): readonly string[] => [];

function isDelivered({ keys, left }: OpenPush): boolean {
  return !keys.includes('') && [...left.values()].every((count) => count === 0);
}
