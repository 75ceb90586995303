// The files of a Kannel configuration, as Kannel reads them: a file, or all files of a directory, hidden ones too, none below it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { ValueError } from '../../core/index.ts';
import type { KannelConfig, KannelConfigFile } from '../../push/sms-kannel/index.ts';
import { reasonOf } from '../io/input.ts';

/** Files of a directory, at most. */
const maxFiles = 1000;

/**
 * A configuration whose main file was read. Kannel looks for paths that are not whole from the folder that it is started in, which nobody
 * here knows: they are looked for from ours, and then beside the main file.
 */
export function kannelFiles(file: string, text: string): KannelConfig {
  const places = (path: string): readonly string[] =>
    isAbsolute(path) || file === '-' ? [path] : [path, join(dirname(file), path)];
  return { file, text, include: (path, room) => included(places(path), room) };
}

function included(places: readonly string[], room: number): readonly KannelConfigFile[] {
  let why: unknown;
  for (const place of places) {
    try {
      return filesOf(place, room);
    } catch (error) {
      if (error instanceof ValueError) throw error;
      why ??= error;
    }
  }
  throw new ValueError('MISSING', `${places[0] ?? ''} cannot be read (${reasonOf(why)})`);
}

/** Throws what the system says. */
function filesOf(place: string, room: number): readonly KannelConfigFile[] {
  if (!statSync(place).isDirectory()) return [read(place, room)];
  const names = readdirSync(place).sort();
  if (names.length > maxFiles) {
    throw new ValueError('TOO_LONG', `${place} holds more than ${maxFiles} files`);
  }
  let left = room;
  return names
    .map((name) => join(place, name))
    .filter((path) => !statSync(path).isDirectory())
    .map((path) => {
      const one = read(path, left);
      left -= one.text.length;
      return one;
    });
}

function read(file: string, room: number): KannelConfigFile {
  const stat = statSync(file);
  // Anything else might never end.
  if (!stat.isFile()) throw new ValueError('BAD_FORMAT', `${file} is neither a file nor a directory`);
  if (stat.size > room) throw new ValueError('TOO_LONG', `${file} is too long with all that is included`);
  return { file, text: readFileSync(file, 'utf8') };
}
