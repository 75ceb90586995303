// Makes a folder with those above it. Node's own recursive call never comes back below a folder that lets nothing be
// made and denies that it exists, such as /proc.
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes `folder`, readable by its owner only, unless it is there. @throws the system's error, ENOTDIR for a file */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw error;
    makeFolder(parent);
  }
  mkdirSync(folder, { mode: 0o700 });
}
