// Folders for the time of a run: gone when it ends, however it ends short of SIGKILL.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';

/** Makes folders in one folder that goes when the process ends. */
export class Scratch {
  readonly path: string;
  #count = 0;

  /** @param within folder that it is made in; default: that of the system for temporary files */
  constructor(within = tmpdir()) {
    this.path = mkdtempSync(join(within, 'reveille-bench-'));
    atEnd(() => remove(this.path));
  }

  /** A new empty folder. */
  folder(name: string): string {
    this.#count += 1;
    const path = join(this.path, `${this.#count}-${name}`);
    mkdirSync(path);
    return path;
  }

  /** Removes a folder before the end: databases are large. */
  drop(path: string): void {
    remove(path);
  }
}

/** A child that was killed a moment ago may still write. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
