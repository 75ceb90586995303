// From the decision to its end: the user, the device's readiness, a bearer, and sessions until one completes.
import type { PreferredBearer } from '../../codec/notification/index.ts';
import { type Clock, sleep } from '../../core/index.ts';
import type { DeviceEvent } from '../report/events.ts';
import { type Ignored, ignored } from '../report/verdict.ts';
import type { SessionResult } from '../session/drive-session.ts';
import { type BackOffOptions, pauseAfter } from '../transport/back-off.ts';
import type { BearerPool } from '../transport/bearer-pool.ts';
import type { Bearer } from '../transport/bearers.ts';
import type { QuestionDesk } from '../user/question-desk.ts';
import type { UserInterface } from '../user/user-interface.ts';
import type { Decision } from './decide.ts';

/** One session to run. */
export interface SessionOrder {
  readonly address: string;
  readonly bearer: Bearer | 'any';
  /** From 1. */
  readonly attempt: number;
  /** True when another session would follow, should this one not reach its server. */
  readonly mayRetry: boolean;
}

/** What a pursuit draws on. */
export interface ActingHost {
  readonly clock: Clock;
  readonly user?: UserInterface | undefined;
  readonly questions: QuestionDesk;
  readonly bearers: BearerPool;
  readonly bearerWaitMs: number;
  readonly backOff: Required<BackOffOptions>;
  /** 0 to below 1. */
  readonly random: () => number;
  /** Ends the pursuit. */
  readonly signal: AbortSignal;
  /** `true`, or why the device cannot be managed now. */
  readonly mayStart: (decision: Decision) => Promise<true | string>;
  readonly runSession: (decision: Decision, order: SessionOrder) => Promise<SessionResult>;
  readonly report: (event: DeviceEvent) => void;
}

/** How a decision ended: not acted on after all, or with the result of its last session. */
export type PursuitEnd = Ignored | { readonly result: SessionResult };

/** Sees a decision through. Never rejects unless `runSession` does. */
export async function actOn(decision: Decision, host: ActingHost): Promise<PursuitEnd> {
  const left = timeLeft(decision, host.clock);
  const refused = (await consult(decision, host)) ?? expiry(left);
  if (refused !== undefined) return refused;
  const ready = await host.mayStart(decision);
  if (ready !== true) return ignored('not-ready', ready);

  let last: SessionResult | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const bearer = await findBearer(decision, left, host);
    const late = host.signal.aborted ? stopping() : expiry(left);
    if (late !== undefined) return last === undefined ? late : { result: last };
    if (bearer === undefined) {
      if (last !== undefined) return { result: last };
      return ignored('no-bearer', `none of ${preferredOf(decision).join(', ')} became available`);
    }
    const address = decision.addresses[(attempt - 1) % decision.addresses.length] ?? '';
    const mayRetry = attempt < host.backOff.attempts;
    last = await host.runSession(decision, { address, bearer, attempt, mayRetry });
    if (!last.retryable || !mayRetry || host.signal.aborted) return { result: last };
    const delayMs = pauseAfter(attempt, host.backOff, host.random());
    host.report({ event: 'waiting', for: 'retry', ...namesOf(decision), delayMs });
    await sleep(host.clock, delayMs, host.signal);
  }
}

async function consult(decision: Decision, host: ActingHost): Promise<Ignored | undefined> {
  const { user, questions, signal } = host;
  if (decision.interaction === 'inform') tell(user, decision.notice);
  if (decision.interaction !== 'ask') return undefined;
  if (user === undefined) return ignored('unanswered', 'there is nobody to ask');
  const answer = await questions.ask(decision.message.serverId, {
    ask: (unwanted) => user.confirm(decision.notice, unwanted),
    signal,
    onShown: (delayMs) => host.report({ event: 'waiting', for: 'user', ...namesOf(decision), delayMs }),
  });
  if (!('silence' in answer)) return refusalOf(answer.given);
  switch (answer.silence) {
    case 'stopped':
      return stopping();
    case 'unanswered':
      return ignored('unanswered', 'the user did not answer');
    case 'full':
      return ignored('too-many', answer.detail);
  }
}

/** Nothing but these two words is the user's: whatever else a screen gives, nobody has answered. */
function refusalOf(consent: unknown): Ignored | undefined {
  if (consent === true) return undefined;
  if (consent === false) return ignored('declined', 'the user said no');
  return ignored('unanswered', 'there was nobody to answer');
}

function tell(user: UserInterface | undefined, notice: string): void {
  try {
    user?.inform(notice);
  } catch {
    // The recommendation is to inform; a screen that fails is no reason to stay unmanaged.
  }
}

async function findBearer(
  decision: Decision,
  left: () => number,
  host: ActingHost,
): Promise<Bearer | 'any' | undefined> {
  const preferred = preferredOf(decision);
  const now = host.bearers.choose(preferred);
  if (now !== undefined) return now;
  // One more, so that a Session-ID that ran out is told as expired.
  const delayMs = Math.max(0, Math.min(host.bearerWaitMs, left() + 1));
  host.report({ event: 'waiting', for: 'bearer', ...namesOf(decision), delayMs });
  return host.bearers.waitFor(preferred, host.clock, delayMs, host.signal);
}

/** For how long the Session-ID is still valid, in milliseconds, asked at any time. */
function timeLeft({ validUntilMs, validFromArrival }: Decision, clock: Clock): () => number {
  if (validUntilMs === undefined) return () => Number.POSITIVE_INFINITY;
  if (validFromArrival !== true) return () => validUntilMs - clock.now();
  const end = clock.monotonic() + (validUntilMs - clock.now());
  return () => end - clock.monotonic();
}

function expiry(left: () => number): Ignored | undefined {
  if (left() >= 0) return undefined;
  return ignored('expired', 'its Session-ID ran out while it waited');
}

function preferredOf({ message }: Decision): readonly PreferredBearer[] {
  return message.format === 'dm1.3' ? (message.preferredBearer ?? []) : [];
}

function namesOf({ message }: Decision): { readonly serverId: string; readonly sessionId: number } {
  return { serverId: message.serverId, sessionId: message.sessionId };
}

function stopping(): Ignored {
  return ignored('stopping', 'the device stops');
}
