// Reads what the doctor looks at: a configuration and those of Kannel; what cannot be read is found.
import { ConfigError } from '../../core/index.ts';
import type { KannelConfig } from '../../push/sms-kannel/index.ts';
import { type MissingText, readConfigFile } from '../bindings/config-file.ts';
import { faultsOf } from '../config/fault.ts';
import type { Examined, Finding } from '../doctor-base/finding.ts';
import { secretFileFinding } from '../doctor-base/secret-files.ts';
import { readInput } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import { configShape } from '../settings/config-shape.ts';
import { kannelFiles } from './kannel-files.ts';

/** Texts for those that could not be read: a PIN, and any other, long enough for a secret. */
const standIns = { pin: '0000', other: 'stands-in-for-a-secret-that-was-not-read' };

/**
 * The configuration, unless it cannot be read as one: that is found. `unread` gets the places of texts that stand in for
 * others, `secrets` the paths of fields by the file of a secret that they name.
 */
export async function readConfiguration(
  io: Io,
  file: string,
  found: Finding[],
  unread: string[],
  secrets: Map<string, string[]>,
): Promise<Examined['config']> {
  return await unlessUnreadable('configuration', file, found, async () => {
    const guard = (secret: string, path: string): void => {
      const paths = secrets.get(secret);
      const known = paths !== undefined;
      secrets.set(secret, [...(paths ?? []), path]);
      const wrong = secretFileFinding(secret);
      // Several roads may share a file.
      if (!known) found.push(...wrong);
    };
    const standIn = ({ path, why }: MissingText): string => {
      const where = `${file}: ${path}`;
      unread.push(where);
      found.push({ check: 'secret files', severity: 'error', where, what: why });
      return path.endsWith('.pin') ? standIns.pin : standIns.other;
    };
    const { server: _, ...sections } = await readConfigFile(io, file, configShape, { guard, standIn });
    return { file, sections };
  });
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
