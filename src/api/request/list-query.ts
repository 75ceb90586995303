// What lists are narrowed by: moments of creation, and one state or several.
import { Type } from 'typebox';
import { ValueError } from '../../core/index.ts';
import { deviceFilter } from '../../server/index.ts';
import type { CreatedBetween, PushFilter } from '../../store/index.ts';

const moment = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));

/** Parameters of lists whose items have a moment of creation. */
export const CreatedQuery = {
  since: moment('Created at this moment or later, such as 2026-12-01T00:00:00Z'),
  until: moment('Created before this moment'),
};

/** The parameter for a filter of devices. */
export const DevicesQuery = {
  filter: Type.Optional(
    Type.String({ maxLength: 4096, description: 'Of devices that a filter means (docs/filters.md)' }),
  ),
};

/** @throws {FilterError} for a filter that is none */
export function readDevices({
  filter,
}: {
  readonly filter?: string | undefined;
}): Pick<PushFilter, 'devices'> {
  return filter === undefined ? {} : { devices: deviceFilter(filter) };
}

/** The parameter for states, of these. */
export function statesQuery(states: readonly string[]) {
  return Type.String({
    maxLength: 512,
    description: `One state, or several with commas between them: ${states.join(', ')}`,
  });
}

/** @throws {ValueError} for a moment that is none */
export function readCreated({
  since,
  until,
}: {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}): CreatedBetween {
  return {
    ...(since !== undefined && { createdFrom: readMoment(since, 'since') }),
    ...(until !== undefined && { createdBefore: readMoment(until, 'until') }),
  };
}

/** The states that a parameter names. @throws {ValueError} for one that is none of `states` */
export function readStates<State extends string>(
  text: string | undefined,
  states: readonly State[],
): readonly State[] | undefined {
  if (text === undefined) return undefined;
  const asked = new Set(text.split(','));
  const known = states.filter((state) => asked.delete(state));
  if (asked.size === 0) return known;
  const one = text.includes(',') ? 'each must be' : 'must be';
  throw new ValueError('OUT_OF_RANGE', `${one} one of ${states.join(', ')}`, 'state');
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function readMoment(text: string, path: string): number {
  const ms = dateTime.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new ValueError('BAD_FORMAT', 'not a moment such as 2026-12-01T00:00:00Z', path);
  }
  return ms;
}
