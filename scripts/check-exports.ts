// Checks that package.json exports each public room that exists, and nothing else. With --write it sets them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rooms } from './rooms.ts';

const root = resolve(import.meta.dirname, '..');
const file = resolve(root, 'package.json');
const manifest = JSON.parse(readFileSync(file, 'utf8')) as { exports?: unknown; [key: string]: unknown };

const wanted: Record<string, unknown> = {};
if (existsSync(resolve(root, 'src/index.ts'))) {
  wanted['.'] = { types: './dist/index.d.ts', default: './dist/index.js' };
}
for (const room of rooms) {
  if (room.exportAs === undefined || !existsSync(resolve(root, 'src', room.path, 'index.ts'))) continue;
  wanted[`./${room.exportAs}`] = {
    types: `./dist/${room.path}/index.d.ts`,
    default: `./dist/${room.path}/index.js`,
  };
}
wanted['./vectors/*.json'] = './vectors/*.json';
wanted['./package.json'] = './package.json';

if (process.argv.includes('--write')) {
  writeFileSync(file, `${JSON.stringify({ ...manifest, exports: wanted }, null, 2)}\n`);
} else if (JSON.stringify(manifest.exports) !== JSON.stringify(wanted)) {
  console.error('check-exports: "exports" in package.json differs from scripts/rooms.ts');
  console.error('run: node scripts/check-exports.ts --write');
  process.exit(1);
}
console.log(`check-exports: ${Object.keys(wanted).length} entries`);
