// Reads what the doctor looks at: a configuration and those of Kannel; what cannot be read is found.
import { ConfigError } from '../../core/index.ts';
import type { KannelConfig } from '../../push/sms-kannel/index.ts';
import { type MissingText, standInFor } from '../bindings/config-file.ts';
import { type ConfigFault, faultsOf } from '../config/fault.ts';
import type { Examined, Finding } from '../doctor-base/finding.ts';
import { secretFileFinding } from '../doctor-base/secret-files.ts';
import { readInput } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { strangeVariables } from '../set-up/set-up.ts';
import { type Given, type ReadSettings, readSettings } from '../settings/read-settings.ts';
import { kannelFiles } from './kannel-files.ts';

/**
 * The settings of `serve` and the sections of its configuration, as far as they can be read; the rest is found. `unread` gets the
 * places of texts that stand in for others, `secrets` the paths of fields by the file of a secret that they name.
 * @throws {UsageError} for an option that cannot be
 */
export async function readConfiguration(
  io: Io,
  given: Given,
  found: Finding[],
  unread: string[],
  secrets: Map<string, string[]>,
): Promise<ReadSettings> {
  let file = given.config ?? '';
  const guard = (secret: string, path: string): void => {
    const paths = secrets.get(secret);
    const known = paths !== undefined;
    secrets.set(secret, [...(paths ?? []), path]);
    const wrong = secretFileFinding(secret);
    // Several roads may share a file.
    if (!known) found.push(...wrong);
  };
  const missing: MissingText[] = [];
  const standIn = (text: MissingText): string => {
    missing.push(text);
    return standInFor(text);
  };
  const faults: ConfigFault[] = [];
  const read = await readSettings(io, given, faults, { guard, standIn });
  file = read.file ?? file;
  for (const { path, why } of missing) {
    const where = `${file}: ${path}`;
    unread.push(where);
    found.push({ check: 'secret files', severity: 'error', where, what: why });
  }
  for (const { usage = false, ...fault } of faults) {
    if (usage && fault.where.startsWith('--')) {
      throw new UsageError(`${fault.where}: ${fault.what}`, fault.remedy);
    }
    const where = fault.where === '' ? file : fault.where;
    // Where it is said already; in "cannot read FILE: why" it stays.
    const what = fault.what.startsWith(`${file}: `) ? fault.what.slice(file.length + 2) : fault.what;
    found.push({ check: 'configuration', severity: 'error', ...fault, where, what });
  }
  for (const what of strangeVariables(io, read)) {
    const where = /REVEILLE_[A-Z0-9_]*/.exec(what)?.[0] ?? 'the environment';
    found.push({ check: 'configuration', severity: 'warning', where, what });
  }
  return read;
}

/** The file and its sections; `undefined` without a file, and for one that cannot be read. */
export function configOf({ file, sections, placeOf }: ReadSettings): Examined['config'] {
  // Of a file that was read the whole has a place.
  return file === undefined || placeOf('') === '' ? undefined : { file, sections };
}

/** Those of Kannel that can be read. */
export async function readKannels(
  io: Io,
  files: readonly string[],
  found: Finding[],
): Promise<Examined['kannels']> {
  const kannels: KannelConfig[] = [];
  for (const file of new Set(files)) {
    const kannel = await unlessUnreadable('kannel', file, found, async () =>
      kannelFiles(file, await readInput(io, file)),
    );
    if (kannel !== undefined) kannels.push(kannel);
  }
  return kannels;
}

async function unlessUnreadable<Read>(
  check: string,
  file: string,
  found: Finding[],
  read: () => Promise<Read>,
): Promise<Read | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { usage: _, ...fault } of faultsOf(error, file)) {
      found.push({ check, severity: 'error', ...fault });
    }
    return undefined;
  }
}
