#!/usr/bin/env node
// Starts the command line: from dist/ when installed, from src/ in a checkout (there with the project's own Node, if
// the machine's is too old).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const inCheckout = existsSync(path('../src/cli/main.ts'));
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
  await import(inCheckout ? '../src/cli/main.ts' : '../dist/cli/main.js');
} else {
  // In a checkout below this folder; installed, beside it.
  const ownNode = [path('../node_modules/node/bin/node'), path('../../node/bin/node')].find((file) =>
    existsSync(file),
  );
  if (ownNode === undefined) {
    const next = inCheckout
      ? 'Run: npm ci'
      : 'Install Node 24 from your distribution or with: npm install node@24';
    process.stderr.write(`reveille needs Node 24 or newer; this is ${process.version}. ${next}\n`);
    process.exit(2);
  }
  const child = spawn(ownNode, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
