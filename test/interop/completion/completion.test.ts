// reveille completion: bash, zsh and fish themselves are asked what they complete.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { commandsFor } from '../../../src/cli/command-table.ts';
import { run } from '../../../src/cli/program.ts';
import { runCli, testIo } from '../../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-completion-'));
const scriptFolder = mkdtempSync(join(tmpdir(), 'reveille-completion-scripts-'));
after(() => {
  for (const each of [folder, scriptFolder]) rmSync(each, { recursive: true, force: true });
});
// What files are completed to, and a name that shells take for something else.
writeFileSync(join(folder, 'chain.pem'), '');
writeFileSync(join(folder, 'two words.json'), '');
mkdirSync(join(folder, 'data'));

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

const scripts = new Map<Shell, string>();
for (const shell of shells) {
  const { status, stdout } = await runCli(['completion', shell]);
  assert.equal(status, 0);
  const file = join(scriptFolder, `reveille.${shell}`);
  writeFileSync(file, stdout);
  scripts.set(shell, file);
}

function output(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const asking: Readonly<Record<Shell, (script: string, line: string) => readonly string[]>> = {
  bash: (script, line) => {
    // As readline divides it.
    const words = line.split(/ |(=)/).filter((word) => word !== undefined);
    const ask = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reveille; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return output('bash', ['--norc', '-c', ask, 'bash', script, ...words]).split('\n');
  },
  zsh: (script, line) => {
    const answer = output('zsh', ['-f', resolve(import.meta.dirname, 'ask-zsh.zsh'), script, line]);
    return (answer.split('---')[1] ?? '').split(/\r?\n/).map((each) => each.replaceAll('\\ ', ' '));
  },
  fish: (script, line) =>
    output('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line])
      .split('\n')
      .map((each) => each.split('\t')[0] ?? ''),
};

/** What a shell offers behind a line, sorted, each once; `/` at the end of folders taken away. */
function offered(shell: Shell, line: string): readonly string[] {
  const words = asking[shell](scripts.get(shell) ?? '', line);
  // Before "=" fish and zsh repeat the option.
  const bare = words.map((word) =>
    word
      .trim()
      .replace(/\/$/, '')
      .replace(/^--[a-z-]+=(?=.)/, ''),
  );
  return [...new Set(bare.filter((word) => word !== '' && word !== '--'))].sort();
}

const { io } = testIo();
const commands = await commandsFor([], io, run);

for (const shell of shells) {
  describe(shell, () => {
    test('the script is one of that shell', () => {
      output(shell, ['-n', scripts.get(shell) ?? '']);
    });

    test('commands, those below one, and what they begin with', () => {
      assert.deepEqual(offered(shell, 'reveille '), commands.map((command) => command.name()).sort());
      assert.deepEqual(offered(shell, 'reveille ser'), ['serve']);
      assert.deepEqual(offered(shell, 'reveille token '), ['create', 'list', 'revoke', 'rotate'].sort());
      assert.deepEqual(offered(shell, 'reveille message v'), ['verify']);
    });

    test('options of the command that stands there, whatever stands before it', () => {
      assert.deepEqual(offered(shell, 'reveille serve --api-t'), ['--api-tls-certificate', '--api-tls-key']);
      assert.deepEqual(offered(shell, 'reveille secret check --'), ['--help', '--json']);
      assert.deepEqual(offered(shell, 'reveille serve --data token --chal'), ['--challenge']);
    });

    test('choices of options and of arguments', () => {
      for (const line of [
        'reveille serve --challenge ',
        'reveille serve --challenge=',
        'reveille serve --data d --challenge ',
      ]) {
        assert.deepEqual(offered(shell, line), ['basic', 'hmac', 'md5'], line);
      }
      assert.deepEqual(offered(shell, 'reveille completion '), ['bash', 'fish', 'zsh']);
    });

    test('files where one is asked for, folders where a folder is, and nothing where neither is', () => {
      const all = ['chain.pem', 'data', 'two words.json'];
      assert.deepEqual(offered(shell, 'reveille serve --tls-certificate '), all);
      assert.deepEqual(offered(shell, 'reveille batch '), all);
      assert.deepEqual(offered(shell, 'reveille batch two'), ['two words.json']);
      assert.deepEqual(offered(shell, 'reveille serve --data '), ['data']);
      assert.deepEqual(offered(shell, 'reveille serve --api '), []);
    });
  });
}

test('every command and every option stands in each script', async () => {
  for (const shell of shells) {
    const { stdout } = await runCli(['completion', shell]);
    const walk = (list: typeof commands): void => {
      for (const command of list) {
        assert.ok(stdout.includes(command.name()), command.name());
        for (const { long } of command.options) {
          const written = shell === 'fish' ? `-l '${long?.slice(2)}'` : String(long);
          assert.ok(stdout.includes(written), `${shell}: ${command.name()} ${long}`);
        }
        walk(command.commands);
      }
    };
    walk(commands);
  }
});

test('another shell is an error of usage that names those that can be', async () => {
  const { status, stderr } = await runCli(['completion', 'csh']);
  assert.equal(status, 2);
  assert.match(stderr, /Allowed choices are bash, zsh, fish/);
});
