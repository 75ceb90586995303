// A receiver that `--listen URI` started, and what is told of it.
import type { PushReceiver } from '../../push/index.ts';

/** A running receiver, and the address that it really has. */
export interface StartedReceiver {
  readonly receiver: PushReceiver;
  readonly at: string;
}

/** What a starter says: `open` where pushes can come over its route from now on. */
export type RouteNews = (detail: string, level: 'error' | 'warn' | 'info' | 'open') => void;
