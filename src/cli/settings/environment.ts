// Settings as environment variables.
import { nearestName } from '../config/nearest-name.ts';
import type { Io } from '../io/io.ts';
import { variableOf } from './setting.ts';
import { type SettingName, settingList } from './settings-table.ts';

const prefix = 'REVEILLE_';

/** Names the configuration file. */
export const fileVariable = variableOf({ flag: '--config' });

/** Variables that are no setting of `serve`, and known all the same. */
const others: readonly string[] = [
  'REVEILLE_API_TOKEN',
  'REVEILLE_SEAL_KEY',
  // Of the unit for systemd: its further options.
  'REVEILLE_ARGS',
  'REVEILLE_SECRET',
  'REVEILLE_PIN',
  'REVEILLE_STARTED_ON_OWN_NODE',
  // Set by `npm run reveille` in a checkout.
  'REVEILLE_WITH_DEPENDENCIES',
];

/** What variables say; one that is empty counts as not set. */
export function givenVariables({ env }: Pick<Io, 'env'>): Readonly<Partial<Record<SettingName, string>>> {
  const given: Partial<Record<SettingName, string>> = {};
  for (const [name, each] of settingList) {
    const value = env[variableOf(each)];
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

/** A variable whose name begins like ours and that nobody reads. */
export interface UnknownVariable {
  readonly variable: string;
  /** What may have been meant. */
  readonly nearest?: string;
}

/** Those that nobody reads; the configuration file may name others by `{ env: NAME }`, which `used` has. */
export function unknownVariables(
  { env }: Pick<Io, 'env'>,
  used: ReadonlySet<string>,
): readonly UnknownVariable[] {
  const known = [...settingList.map(([, each]) => variableOf(each)), fileVariable, ...others];
  const strangers = Object.keys(env).filter(
    (name) => name.startsWith(prefix) && !known.includes(name) && !used.has(name),
  );
  // What all have in common says nothing of which one is near.
  const own = (name: string): string => name.slice(prefix.length);
  return strangers.sort().map((variable) => {
    const nearest = nearestName(own(variable), known.map(own));
    return nearest === undefined ? { variable } : { variable, nearest: prefix + nearest };
  });
}
