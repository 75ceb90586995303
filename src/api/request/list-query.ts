// What lists are narrowed by: moments of creation, and one state or several.
import { Type } from 'typebox';
import { ValueError } from '../../core/index.ts';
import { deviceFilter } from '../../server/index.ts';
import type { CreatedBetween, DeviceSelection, PushFilter } from '../../store/index.ts';

type Filter = NonNullable<DeviceSelection['filter']>;
type Condition = Filter['condition'];

const moment = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));

/** Parameters of lists whose items have a moment of creation. */
export const CreatedQuery = {
  since: moment('Created at this moment or later, such as 2026-12-01T00:00:00Z'),
  until: moment('Created before this moment'),
};

/** The parameter for a label of devices. */
export const label = Type.Optional(
  Type.String({ maxLength: 512, description: 'Of devices with this label: `region=north`' }),
);

/** The parameters for some of the devices. */
export const DevicesQuery = {
  filter: Type.Optional(
    Type.String({ maxLength: 4096, description: 'Of devices that a filter means (docs/filters.md)' }),
  ),
  label,
};

/** What devices may be chosen by; all that is given has to be true of one. */
interface DevicesWish {
  readonly filter?: string | undefined;
  readonly label?: string | undefined;
}

/** @throws {FilterError} for a filter that is none @throws {ValueError} for a label that is none */
export function readDevices(wish: DevicesWish): Pick<PushFilter, 'devices'> {
  const devices = devicesOf(wish, {});
  return devices === undefined ? {} : { devices };
}

/**
 * The filter that all of a wish comes to; `undefined` where it is empty.
 * @throws {FilterError} for a filter that is none @throws {ValueError} for a label that is none
 */
export function devicesOf(
  wish: DevicesWish,
  { createdFrom: from, createdBefore: to }: CreatedBetween,
): Filter | undefined {
  const filter = wish.filter === undefined ? undefined : deviceFilter(wish.filter);
  const of: Condition[] = [
    ...(filter === undefined ? [] : [filter.condition]),
    ...(wish.label === undefined ? [] : [labelCondition(wish.label)]),
    ...(from === undefined && to === undefined
      ? []
      : [
          {
            is: 'between' as const,
            field: 'createdAt' as const,
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
          },
        ]),
  ];
  const [first, ...more] = of;
  if (first === undefined) return undefined;
  return { text: filter?.text ?? '', condition: more.length === 0 ? first : { is: 'and', of } };
}

function labelCondition(text: string): Condition {
  const [, key, value] = /^([A-Za-z][\w.-]{0,62})=(.+)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new ValueError('BAD_FORMAT', 'no label with its value, such as region=north', 'label');
  }
  return { is: 'equal', field: { name: 'labels', key }, values: [value] };
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
