// What can be said of a folder without writing into it.
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** What is at a path; `undefined` where nothing is, also below a file. */
export function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The nearest path above that is there: where a folder that is not there yet would be made. */
export function nearestAbove(folder: string): string {
  let above = dirname(resolve(folder));
  while (entryAt(above) === undefined && above !== dirname(above)) above = dirname(above);
  return above;
}

/** The error of the system where nothing can be made in a folder; `undefined` where it can. */
export function whyNotWritable(folder: string): unknown {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return error;
  }
}
