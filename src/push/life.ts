// How long a push is worth something: what carriers that keep pushes are told, and what is sent no more.
import { PushError } from '../core/index.ts';
import type { Push } from './binding.ts';

/**
 * Milliseconds that are left of a push at `now` (milliseconds since the POSIX epoch), more than 0; infinite for one without
 * an end.
 * @throws {PushError} EXPIRED when nothing is left
 */
export function lifeLeftMs({ expiresAt = Number.POSITIVE_INFINITY }: Push, now: number): number {
  if (expiresAt > now) return expiresAt - now;
  throw expiredError();
}

/** Whole seconds that are left of a push, for carriers that count in them: 1 or more. @throws {PushError} EXPIRED */
export function lifeLeftSeconds(push: Push, now: number): number {
  return Math.max(Math.floor(lifeLeftMs(push, now) / 1000), 1);
}

/** The error of a push whose time is over. Sent again it would be no better. */
export function expiredError(detail = 'before it was sent'): PushError {
  return new PushError(expiredCode, `the time of the push ended ${detail}`, false);
}

/** Code of the error of a push whose time is over. */
export const expiredCode = 'EXPIRED';
