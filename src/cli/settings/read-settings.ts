// The settings of `serve` from all that may say them: an option, else a variable, else the configuration file, else the default.
import { dirname } from 'node:path';
import type { OidcSettings } from '../../api/index.ts';
import { ConfigError, ValueError } from '../../core/index.ts';
import { loadConfigFile, type TextReading } from '../bindings/config-file.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import { type ConfigFault, faultsOf } from '../config/fault.ts';
import type { SourceText } from '../config/source-text.ts';
import type { Io } from '../io/io.ts';
import { type ConfigValue, configShape, sectionsOf } from './config-shape.ts';
import { fileVariable, givenVariables } from './environment.ts';
import type { Flags } from './flags.ts';
import { type Setting, variableOf } from './setting.ts';
import { type SettingName, type SettingValues, settingList, settings } from './settings-table.ts';

/** What a command line gives. */
export interface Given {
  /** The file of `--config`; absent: that of the environment, if it names one. */
  readonly config?: string | undefined;
  readonly flags: Flags;
}

/** Where the value of a setting comes from. */
export type Origin = 'option' | 'variable' | 'file' | 'default';

/** All settings, read. */
export interface ReadSettings {
  readonly values: SettingValues;
  /** The sections of bindings. */
  readonly sections: ServeSections;
  /** An identity provider that stands in the file itself. */
  readonly oidc?: OidcSettings | undefined;
  /** The configuration file; absent without one. */
  readonly file?: string | undefined;
  readonly origins: Readonly<Record<SettingName, Origin>>;
  /** What errors call a setting: its option, its variable, or its place in the file. */
  nameOf(name: SettingName): string;
  /** What errors call a path of the file. */
  placeOf(path: string): string;
  /** Names of variables that the file names. */
  readonly usedVariables: ReadonlySet<string>;
}

/**
 * Reads them, and adds what is wrong to `faults`; a setting that is has its default then.
 * @throws nothing for what it reads
 */
export async function readSettings(
  io: Io,
  given: Given,
  faults: ConfigFault[],
  reading: TextReading = {},
): Promise<ReadSettings> {
  const fromEnvironment = io.env[fileVariable];
  const file = given.config ?? (fromEnvironment === '' ? undefined : fromEnvironment);
  const used = new Set<string>();
  const loaded = file === undefined ? undefined : await load(io, file, faults, reading, used);
  const { server } = loaded?.value ?? {};
  const placeOf = (path: string): string => loaded?.source.place(path) ?? path;
  const variables = givenVariables(io);
  const origins: Partial<Record<SettingName, Origin>> = {};
  const values: Partial<Record<SettingName, unknown>> = {};
  const nameOf = (name: SettingName): string => {
    const { flag, key } = settings[name];
    const origin = origins[name];
    if (origin === 'file') return placeOf(`server.${key}`);
    return origin === 'variable' ? variableOf(settings[name]) : flag;
  };
  for (const [name, each] of settingList) {
    const flag = given.flags[name];
    const variable = variables[name];
    // What a variable holds itself counts more than a file that the configuration names.
    const inFile = isHeld(each, io) ? undefined : memberOf(server, each.key);
    const origin =
      flag !== undefined
        ? 'option'
        : variable !== undefined
          ? 'variable'
          : inFile !== undefined
            ? 'file'
            : 'default';
    origins[name] = origin;
    const read = (): unknown => {
      if (origin === 'file')
        return each.kind.ofFile(inFile, file === undefined || file === '-' ? '.' : dirname(file));
      return Array.isArray(flag)
        ? flag.flatMap((text) => each.kind.ofText(text))
        : each.kind.ofText(String(flag ?? variable));
    };
    values[name] = origin === 'default' ? initialOf(each) : (attempt(read, name, faults) ?? initialOf(each));
  }
  /** The value, or a fault. */
  function attempt(read: () => unknown, name: SettingName, found: ConfigFault[]): unknown {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      const isFile = origins[name] === 'file';
      const text = origins[name] === 'option' ? given.flags[name] : variables[name];
      const where = isFile ? nameOf(name) : `${nameOf(name)} ${text}`;
      found.push({ where, what: error.detail, ...(!isFile && { usage: true }) });
      return undefined;
    }
  }
  return {
    values: values as SettingValues,
    sections: sectionsOf(loaded?.value ?? {}),
    file,
    origins: origins as Record<SettingName, Origin>,
    nameOf,
    placeOf,
    usedVariables: used,
    oidc: memberOf(server, 'api.oidc') as OidcSettings | undefined,
  };
}

interface Loaded {
  readonly value: ConfigValue;
  readonly source: SourceText;
}

async function load(
  io: Io,
  file: string,
  faults: ConfigFault[],
  reading: TextReading,
  used: Set<string>,
): Promise<Loaded | undefined> {
  const env = new Proxy(io.env, {
    get: (target, name) => {
      if (typeof name === 'string') used.add(name);
      return Reflect.get(target, name);
    },
  });
  try {
    return await loadConfigFile({ ...io, env }, file, configShape, reading);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...faultsOf(error));
    return undefined;
  }
}

/** True where a variable holds what the file of this setting would. */
function isHeld({ contents }: Setting<unknown>, { env }: Pick<Io, 'env'>): boolean {
  return contents !== undefined && (env[contents] ?? '') !== '';
}

function initialOf({ initial, kind }: Setting<unknown>): unknown {
  return initial === undefined ? undefined : kind.ofText(initial);
}

function memberOf(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Object(at)[name] : undefined;
  }
  return at;
}
