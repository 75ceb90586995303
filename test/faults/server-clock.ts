// The clock of the server's machine, set forth and back while it runs: libfaketime (Debian package faketime) reads the offset
// from a file. The monotonic clock is left alone, as it is when a clock is set.
import { existsSync, globSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clock. */
export class ServerClock {
  /** For the process whose clock it is. */
  readonly env: Readonly<Record<string, string>>;
  readonly #file: string;

  /** @throws {Error} when libfaketime is not installed */
  constructor(folder: string) {
    const library = globSync('/usr/lib/*/faketime/libfaketime.so.1').find((file) => existsSync(file));
    if (library === undefined) throw new Error('libfaketime is missing: install the Debian package faketime');
    this.#file = join(folder, 'clock');
    this.set(0);
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
    };
  }

  /** Sets it to so many milliseconds after the true time; whole seconds. */
  set(offsetMs: number): void {
    const seconds = Math.round(offsetMs / 1000);
    // In one step: whoever reads never sees half a number.
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
