// Who owns a file, as far as the system knows.
import type { Stats } from 'node:fs';

/** The user as whom this process works; `undefined` where the system has no such thing, and modes mean nothing. */
export function ownUser(): number | undefined {
  return process.geteuid?.();
}

/** The superuser, who can do everything to a file anyway. */
export const superuser = 0;

/** The mode without the kind of the file, as people write it: `0644`. */
export function modeText(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** Bits that let anyone but the owner do something. */
export function openToOthers({ mode }: Pick<Stats, 'mode'>): boolean {
  return (mode & 0o077) !== 0;
}
