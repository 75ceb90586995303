// The command line as few files, which start in a fraction of the time (docs/performance.md).
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Makes `dist/cli/bundle` of the JavaScript in `dist/`: one file for what all commands share, and one for what each needs
 * alone. All lie in one folder, as deep as the module that looks for package.json, and beside the threads that the
 * store and the inspector start by their names.
 */
export async function bundleCommandLine(dist: string): Promise<void> {
  const bundle = await rolldown({
    input: {
      main: resolve(dist, 'cli/main.js'),
      'writer-thread': resolve(dist, 'store/sqlite/commit/writer-thread.js'),
      'scan-thread': resolve(dist, 'store/sqlite/read/scan-thread.js'),
      'copy-thread': resolve(dist, 'store/sqlite/file/copy-thread.js'),
      'facts-process': resolve(dist, 'store/sqlite/copy/facts-process.js'),
      'inspect-thread': resolve(dist, 'cli/inspect/inspect-thread.js'),
    },
    platform: 'node',
    // Modules only define things: of a room a command gets what it uses, not all that the door of the room shows.
    treeshake: { moduleSideEffects: false },
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  });
  await bundle.write({
    dir: resolve(dist, 'cli/bundle'),
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
  });
  await bundle.close();
}
