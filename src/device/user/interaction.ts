// Alerts 1100–1104 of a server: what is only shown is shown at once, what wants an answer takes its turn at the user's
// (DM-PRO-1.2; spec-notes ruling 21).
import type { Clock } from '../../core/index.ts';
import type { UserInteraction, UserResponse } from '../../session/index.ts';
import { answerInTime } from './answer-in-time.ts';
import type { QuestionDesk } from './question-desk.ts';
import type { UserInterface } from './user-interface.ts';

/** What an interaction draws on. */
export interface InteractionHost {
  readonly user?: UserInterface | undefined;
  readonly questions: QuestionDesk;
  readonly clock: Clock;
  /** How long the user may take, whatever the server says, in milliseconds. */
  readonly confirmTimeoutMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Carries one out; `stopped` when the device ends before there is an answer. Never rejects. */
export type Interact = (request: UserInteraction) => Promise<UserResponse | 'stopped'>;

/**
 * Interactions for a server that proved itself; `undefined` on a device whose user has no part in them. A question ends
 * after MAXDT, and after the device's own time at the latest; `refused` is told why one was not put to the user.
 */
export function interactionFor(
  serverId: string,
  host: InteractionHost,
  refused: (why: string) => void,
): Interact | undefined {
  const { user, questions, clock, confirmTimeoutMs, signal } = host;
  const interact = user?.interact?.bind(user);
  if (interact === undefined) return undefined;
  return async (request) => {
    const seconds = request.maximumDisplaySeconds ?? 0;
    const timeoutMs = Math.min(confirmTimeoutMs, seconds > 0 ? seconds * 1000 : confirmTimeoutMs);
    const ask = (unwanted: AbortSignal): Promise<UserResponse> => interact(request, unwanted);
    const answer =
      request.kind === 'display'
        ? await answerInTime(ask, { clock, timeoutMs, signal })
        : await questions.ask(serverId, { ask, timeoutMs, signal });
    if (!('silence' in answer)) return answer.given;
    switch (answer.silence) {
      case 'stopped':
        return 'stopped';
      case 'unanswered':
        return { response: 'timeout' };
      case 'full':
        refused(answer.detail);
        return { response: 'unavailable' };
    }
  };
}
