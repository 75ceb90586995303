#!/usr/bin/env node
// Starts the command line: from dist/ when installed, from src/ in a checkout (there with the project's own Node, if
// the machine's is too old). It stands alone, so that it can say what is missing on any Node.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const needed = 24;
/** Set for what this file starts, so that a Node which is not what its package says is not started again and again. */
const mark = 'REVEILLE_STARTED_ON_OWN_NODE';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const majorOf = (version) => Number.parseInt(version, 10);
const inCheckout = existsSync(path('../src/cli/main.ts'));

if (majorOf(process.versions.node) >= needed) {
  delete process.env[mark];
  // SIGHUP has a server read its configuration again. While it is still loading there is none to read, and it must not end for it.
  if (process.argv[2] === 'serve') process.on('SIGHUP', () => undefined);
  await import(inCheckout ? '../src/cli/main.ts' : '../dist/cli/bundle/main.js');
} else {
  if (process.env[mark] !== undefined) refuse('the node package beside it started that one');
  // In a checkout below this folder; installed, beside it.
  const beside = ['../node_modules/node', '../../node']
    .map(readNodePackage)
    .filter((found) => found !== undefined);
  const own = beside.find((found) => majorOf(found.version) >= needed);
  if (own === undefined) refuse(beside[0] && `the node package beside it is ${beside[0].version}`);

  const { spawn } = await import('node:child_process');
  const child = spawn(own.file, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, [mark]: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    refuse(`the one beside it could not be started (${error.code ?? error.message})`),
  );
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

/** The `node` package in a folder: its program and the version that it says it is; undefined when it is not whole. */
function readNodePackage(folder) {
  const file = path(`${folder}/bin/node`);
  try {
    const { version } = JSON.parse(readFileSync(path(`${folder}/package.json`), 'utf8'));
    return typeof version === 'string' && existsSync(file) ? { file, version } : undefined;
  } catch {
    return undefined;
  }
}

function refuse(detail) {
  const next = inCheckout
    ? 'Run: npm ci'
    : `Install Node ${needed} from your distribution or with: npm install node@${needed}`;
  const because = detail ? `, and ${detail}` : '';
  process.stderr.write(
    `reveille needs Node ${needed} or newer; this is ${process.version}${because}. ${next}\n`,
  );
  process.exit(2);
}
