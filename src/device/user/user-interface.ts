// The user, as the decision meets him: told (informative), asked (user interaction), or left alone (DM-NOTI-1.3 §6.4.4,
// DM-NOTI-1.2 §6.2.7).
import { printable } from '../../core/index.ts';
import type { UserInteraction, UserResponse } from '../../session/index.ts';
import { type Ignored, ignored } from '../report/verdict.ts';

/**
 * What a yes-or-no question came to. Only `true` is a yes. `false` is the user's own no, and final. `unanswered` is neither:
 * nobody is there (no terminal, its input is at an end), or nobody said anything; the server may ask again.
 */
export type Consent = boolean | 'unanswered';

/** The device's screen and keys. */
export interface UserInterface {
  /** Shows a message; does not wait for the user. */
  inform(message: string): void;
  /**
   * Asks a yes-or-no question. `signal` aborts when the answer is no longer wanted; what is returned then is not used. A
   * rejection, and any value that is no `Consent`, counts as `unanswered`.
   */
  confirm(question: string, signal: AbortSignal): Promise<Consent>;
  /**
   * User interaction alerts 1100–1104. Without it they are answered 406. `signal` as above. Where nobody answers the
   * response is `timeout`, which is not the user's `rejected` or `cancelled`; silence is told to the server in the same way.
   */
  interact?(request: UserInteraction, signal: AbortSignal): Promise<UserResponse>;
}

/** What answers a server that recommends to ask the user. */
export type AcceptPolicy =
  /** Yes, without asking. */
  | 'always'
  /** No, without asking. */
  | 'never'
  /** The user. */
  | 'ask';

/** What the notification says for the user. */
export interface UserNotice {
  readonly uiMode: 'not-specified' | 'background' | 'informative' | 'user-interaction';
  /** Who is shown as the origin: the account's name, or its server identifier. */
  readonly from: string;
  /** Connect-Reason, or the reason of dm1.3-2010. */
  readonly reason?: string;
  /** Who caused the session, in the server's view. Default `server`. */
  readonly initiator?: 'user' | 'server';
  /** Vendor specific information, as text. */
  readonly vendor?: string | undefined;
}

/**
 * The text to show: who, whether the user is said to have caused it (DM-NOTI-1.3 §6.4.3), why if the server says so
 * (§6.5.5, DM-NOTI-1.3-2010 §6.2.23), and what it says besides (§6.5.3).
 */
export function noticeText(notice: UserNotice): string {
  const from = printable(notice.from);
  const reason = notice.reason === undefined ? '' : printable(notice.reason);
  const vendor = notice.vendor === undefined ? '' : printable(notice.vendor);
  const cause = notice.initiator === 'user' ? ', as its user has asked' : '';
  const why = reason === '' ? '' : `: ${reason}`;
  return `${from} wants to manage this device${cause}${why}${vendor === '' ? '' : ` (${vendor})`}`;
}

/**
 * What to do about the user: nothing, inform, ask, or leave the notification. A mode that is not specified is taken as
 * background, for then the server has no recommendation and a device may well have no screen.
 */
export function chooseInteraction(
  uiMode: UserNotice['uiMode'],
  accept: AcceptPolicy,
): { readonly act: 'silent' | 'inform' | 'ask' } | Ignored {
  switch (uiMode) {
    case 'not-specified':
    case 'background':
      return { act: 'silent' };
    case 'informative':
      return { act: 'inform' };
    case 'user-interaction':
      if (accept === 'ask') return { act: 'ask' };
      if (accept === 'always') return { act: 'inform' };
      return ignored('declined', 'sessions that need consent are refused (accept: never)');
  }
}
