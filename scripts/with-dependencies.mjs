// Runs a command on the project's own Node, after installing what is missing. Plain JavaScript, because the machine's
// Node may be too old to run TypeScript: `node scripts/with-dependencies.mjs [--here] COMMAND [ARGUMENT ...]`. With --here the
// command runs in the folder where npm was called, which may be another one than the project's (npm says so in INIT_CWD), and
// its first argument is a file of the project.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const needed = 24;
/** Set for what this file starts: a Node that is too old although its package said otherwise does not start another. */
const mark = 'REVEILLE_WITH_DEPENDENCIES';
const isNewEnough = (version) => Number.parseInt(version, 10) >= needed;

if (process.env[mark] !== undefined && !isNewEnough(process.versions.node)) {
  refuse(`the project's own Node turns out to be ${process.version}`);
}

if (!isInstalled()) {
  process.stderr.write('Installing dependencies (once) ...\n');
  const npm = process.env.npm_execpath;
  const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const result = spawnSync(
    command,
    [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (result.status !== 0) {
    process.stderr.write(
      'Installing failed. See the lines above; when the registry lacks a package of another platform, run: npm install\n',
    );
    process.exit(1);
  }
}

const own = join(root, 'node_modules', 'node');
if (!existsSync(join(own, 'bin', 'node'))) {
  process.stderr.write(
    'npm did not install Node itself: allow install scripts (npm config get ignore-scripts), then run: npm ci\n',
  );
  process.exit(1);
}
const version = ownVersion();
if (!isNewEnough(version)) refuse(`the node package in node_modules is ${version}`);

const here = process.argv[2] === '--here';
const [command = 'node', ...given] = process.argv.slice(here ? 3 : 2);
const args = here && given[0] !== undefined ? [resolve(root, given[0]), ...given.slice(1)] : given;
const child = spawn(command === 'node' ? join(binaries, 'node') : command, args, {
  stdio: 'inherit',
  cwd: here ? (process.env.INIT_CWD ?? process.cwd()) : process.cwd(),
  env: { ...process.env, [mark]: '1', PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${command} could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
});

/** True when what is installed is what the lock file names. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !existsSync(join(binaries, 'node'))) return false;
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, entry]) => path === '' || entry.optional === true || have[path]?.version === entry.version,
    );
  } catch {
    // An installation that broke off.
    return false;
  }
}

/** The version that the package says it has. */
function ownVersion() {
  try {
    return String(JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')).version);
  } catch {
    return refuse('the node package in node_modules is not whole');
  }
}

function refuse(detail) {
  process.stderr.write(`reveille needs Node ${needed} or newer, and ${detail}. Run: npm ci\n`);
  process.exit(2);
}
