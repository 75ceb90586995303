// Bearers that the device has, and which one a session takes (DM-NOTI-1.3 §6.5.6).
import { type PreferredBearer, preferredBearers } from '../../codec/notification/index.ts';
import { ValueError } from '../../core/index.ts';

/** A bearer by its name in DM-NOTI-1.3 §6.5.6. */
export type BearerName = Exclude<PreferredBearer, 'not-specified'>;

const bearerNames = preferredBearers.filter((name) => name !== 'not-specified');

/** A bearer that is available now. */
export interface Bearer {
  readonly name: BearerName;
  /** Address of the device on this bearer: connections of the session are made from it. Default: the system chooses. */
  readonly localAddress?: string;
}

/**
 * Checks a list of available bearers, in order of the device's own preference.
 * @throws {ValueError} for an unknown or repeated name
 */
export function parseBearers(value: readonly (Bearer | string)[], path = 'bearers'): readonly Bearer[] {
  const found: Bearer[] = [];
  for (const [index, entry] of value.entries()) {
    const bearer = typeof entry === 'string' ? { name: entry } : entry;
    const at = `${path}[${index}]`;
    const name = bearerNames.find((known) => known === bearer.name);
    if (name === undefined) {
      throw new ValueError('BAD_FORMAT', `"${bearer.name}" is not one of ${bearerNames.join(', ')}`, at);
    }
    if (found.some((other) => other.name === name)) {
      throw new ValueError('BAD_FORMAT', `${name} stands there twice`, at);
    }
    found.push({ ...bearer, name });
  }
  return found;
}

/**
 * The bearer for a session. `preferred` is the notification's list, highest priority first; `not-specified` in it stands
 * for any, and an empty one for no preference. `available` is `undefined` on a device that does not tell bearers apart:
 * it then has them all.
 * @returns the bearer, `'any'` when the system is to choose, or `undefined` when the session has to wait
 */
export function chooseBearer(
  preferred: readonly PreferredBearer[],
  available: readonly Bearer[] | undefined,
): Bearer | 'any' | undefined {
  if (available === undefined) return 'any';
  if (preferred.length === 0) return available[0];
  for (const name of preferred) {
    const found = name === 'not-specified' ? available[0] : available.find((bearer) => bearer.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
