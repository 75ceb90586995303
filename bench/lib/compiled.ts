// Small programs in C around a library that rows are held against.
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';

/** A library, and what brings it. */
export interface Library {
  /** As `pkg-config` knows it. */
  readonly name: string;
  /** Debian packages. */
  readonly packages: string;
}

/** Compiles `bench/programs/NAME.c` into a folder; gives the program, or says why it cannot be had. */
export function compiled(
  root: string,
  name: string,
  folder: string,
  library: Library,
): { readonly program: string } | { readonly missing: string } {
  const flags = spawnSync('pkg-config', ['--cflags', '--libs', library.name], { encoding: 'utf8' });
  if (flags.status !== 0) {
    return { missing: `${library.name} is not installed (Debian packages ${library.packages}, pkg-config)` };
  }
  const program = join(folder, basename(name));
  const source = join(root, 'bench/programs', `${name}.c`);
  const made = spawnSync('cc', ['-O2', '-o', program, source, ...flags.stdout.trim().split(/\s+/)], {
    encoding: 'utf8',
  });
  if (made.error !== undefined) return { missing: 'there is no C compiler (Debian package gcc)' };
  if (made.status !== 0) throw new Error(`cc: ${made.stderr}`);
  return { program };
}
