// Questions to whoever sits at the terminal: one at a time, and no answer counts twice.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import type { Io } from '../../src/cli/io.ts';
import { TerminalLines } from '../../src/cli/terminal-lines.ts';

function scene(stdinIsTerminal: boolean) {
  const stdin = new PassThrough();
  let shown = '';
  const io: Io = {
    stdin,
    stdinIsTerminal,
    stdout: () => undefined,
    stderr: (text) => {
      shown += text;
    },
    columns: undefined,
    colour: false,
    env: {},
    stop: new AbortController().signal,
  };
  return { stdin, lines: new TerminalLines(io), shown: () => shown };
}

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('questions at the terminal', () => {
  it('one line answers one question, and the next is shown after it', async () => {
    const { stdin, lines, shown } = scene(true);
    const first = lines.ask('first? ', never);
    const second = lines.ask('second? ', never);
    await until(() => shown() !== '');
    assert.equal(shown(), 'first? ');
    stdin.write('y\n');
    assert.equal(await first, 'y');
    await settle();
    assert.equal(shown(), 'first? second? ');
    stdin.write('n\n');
    assert.equal(await second, 'n');
    lines.close();
  });

  it('what was typed before a question on a terminal does not answer it', async () => {
    const { stdin, lines, shown } = scene(true);
    const aborter = new AbortController();
    stdin.write('y\n');
    const asked = lines.ask('first? ', aborter.signal);
    await until(() => shown() === 'first? ');
    await settle();
    aborter.abort();
    assert.equal(await asked, undefined);
    stdin.write('y\n');
    await settle();
    const later = lines.ask('second? ', never);
    await settle();
    stdin.write('n\n');
    assert.equal(await later, 'n');
    lines.close();
  });

  it('piped lines answer in order, and their end answers nobody', async () => {
    const { stdin, lines } = scene(false);
    stdin.end('y\nn\n');
    const first = lines.ask('first? ', never);
    assert.equal(await first, 'y');
    assert.equal(await lines.ask('second? ', never), 'n');
    assert.equal(await lines.ask('third? ', never), undefined);
  });
});

describe('piped input without an end', () => {
  it('is read as far as questions are asked, and a little further', async () => {
    const { stdin, lines } = scene(false);
    let written = 0;
    // A pipe that takes whatever fits, such as that of `yes`.
    const pour = (): void => {
      while (written < 100_000 && stdin.write('y\n')) written += 1;
    };
    stdin.on('drain', pour);
    pour();
    for (let question = 0; question < 200; question += 1)
      assert.equal(await lines.ask('again? ', never), 'y');
    await settle();
    assert.ok(written < 100_000, `${written} lines were taken in`);
    lines.close();
  });
});
