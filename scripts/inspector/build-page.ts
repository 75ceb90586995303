// Builds the inspector's page: web/inspector as static files, nothing inline, everything of one origin.
import { resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../../web/inspector');

/** Writes the page into `folder`, which it empties. */
export async function buildPage(folder: string): Promise<void> {
  await build({
    root,
    base: './',
    configFile: false,
    envDir: false,
    logLevel: 'error',
    publicDir: false,
    // What is imported for its exports alone may come later: what only captures need is no part of the first load.
    worker: { format: 'es', rollupOptions: { treeshake: { moduleSideEffects: false } } },
    build: {
      outDir: resolve(folder),
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
}
