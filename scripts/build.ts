// Makes dist/ from an empty folder: JavaScript and declarations of src/, the command line once more as few files, and the
// inspector's page; the manual page beside it, in man/.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundleCommandLine } from './bundle-command-line.ts';
import { buildPage } from './inspector/build-page.ts';
import { writeManPage } from './man/write-man-page.ts';

const root = resolve(import.meta.dirname, '..');
const dist = resolve(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const compiler = resolve(root, 'node_modules/typescript/bin/tsc');
const result = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (result.status !== 0) process.exit(result.status ?? 1);
await bundleCommandLine(dist);
await buildPage(resolve(dist, 'inspector'));
await writeManPage(resolve(root, 'man'));
