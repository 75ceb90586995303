// Asks the user for consent, for a limited time (DM-NOTI-1.3 §6.4.4).
import type { Clock } from '../core/index.ts';
import type { UserInterface } from './user-interface.ts';

/** What came of it. */
export type Consent = 'yes' | 'no' | 'unanswered' | 'stopped';

/** Asks until there is an answer, `timeoutMs` are over or `signal` aborts. Never rejects: a broken interface is silence. */
export function askConsent(
  user: UserInterface | undefined,
  question: string,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Consent> {
  if (user === undefined) return Promise.resolve('unanswered');
  if (signal.aborted) return Promise.resolve('stopped');
  return new Promise((resolve) => {
    const unwanted = new AbortController();
    const settle = (consent: Consent): void => {
      timer.cancel();
      signal.removeEventListener('abort', stop);
      resolve(consent);
      unwanted.abort();
    };
    const stop = (): void => settle('stopped');
    const timer = clock.after(timeoutMs, () => settle('unanswered'));
    signal.addEventListener('abort', stop, { once: true });
    new Promise<boolean>((answer) => answer(user.confirm(question, unwanted.signal))).then(
      (yes) => settle(yes ? 'yes' : 'no'),
      () => settle('unanswered'),
    );
  });
}
