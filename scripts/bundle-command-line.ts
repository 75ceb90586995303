// The command line as few files, which start in a fraction of the time (docs/performance.md).
import { relative, resolve } from 'node:path';
import { type OutputChunk, type RolldownOutput, rolldown } from 'rolldown';

/**
 * Makes `dist/cli/bundle` of the JavaScript in `dist/`: one file for what all commands share, and one for what each needs
 * alone. All lie in one folder, as deep as the module that looks for package.json, and beside the threads that the
 * store and the inspector start by their names.
 */
export async function bundleCommandLine(dist: string): Promise<void> {
  const main = resolve(dist, 'cli/main.js');
  const bundle = await rolldown({
    input: {
      main,
      'writer-thread': resolve(dist, 'store/sqlite/commit/writer-thread.js'),
      'scan-thread': resolve(dist, 'store/sqlite/read/scan-thread.js'),
      'copy-thread': resolve(dist, 'store/sqlite/file/copy-thread.js'),
      'facts-process': resolve(dist, 'store/sqlite/copy/facts-process.js'),
      'inspect-thread': resolve(dist, 'cli/inspect/inspect-thread.js'),
    },
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    // Modules only define things: of a room a command gets what it uses, not all that the door of the room shows.
    treeshake: { moduleSideEffects: false },
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    plugins: [
      {
        name: 'ascii',
        generateBundle: (_options, files) => {
          for (const file of Object.values(files)) if (file.type === 'chunk') file.code = inAscii(file.code);
        },
      },
    ],
  });
  // Cut as each module's users ask for it, `decode` would open thirty files, and each costs it as much as some 20 kB of source.
  const cutFine = await bundle.generate({ format: 'esm' });
  const start = modulesLoadedBy(cutFine, main);
  const decode = modulesLoadedBy(cutFine, resolve(dist, 'cli/commands/decode.js'));
  const needed = (id: string, rooms: RegExp): boolean => decode.has(id) && rooms.test(relative(dist, id));
  await bundle.write({
    dir: resolve(dist, 'cli/bundle'),
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    comments: false,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        // What waits for the command cannot be what the command waits for.
        { name: 'start', test: (id) => start.has(id) && id !== main },
        { name: 'base', test: (id) => needed(id, /^(?:core|files|cli\/io)\//) },
        { name: 'codecs', test: (id) => needed(id, /^codec\//) },
        { name: 'explain', test: (id) => needed(id, /^/) },
      ],
    },
  });
  await bundle.close();
}

/** The same program in a text that the engine keeps, and reads, an octet a character. */
function inAscii(code: string): string {
  return code.replace(/[\u0080-\uffff]/g, (unit, at: number) => {
    if (code[at - 1] === '\\') throw new Error(`${unit} stands behind a backslash`);
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Modules in the files that are loaded with the module `id`. */
function modulesLoadedBy({ output }: RolldownOutput, id: string): ReadonlySet<string> {
  const chunks = new Map<string, OutputChunk>();
  for (const file of output) if (file.type === 'chunk') chunks.set(file.fileName, file);
  const entry = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId === id);
  if (entry === undefined) throw new Error(`${id} is not loaded by its own`);
  const modules = new Set<string>();
  const loaded = new Set([entry.fileName]);
  for (const fileName of loaded) {
    const chunk = chunks.get(fileName);
    for (const module of chunk?.moduleIds ?? []) modules.add(module);
    for (const imported of chunk?.imports ?? []) loaded.add(imported);
  }
  return modules;
}
