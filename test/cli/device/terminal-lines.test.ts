// Questions to whoever sits at the terminal: one at a time, and no answer counts twice.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { never, scene, settle, soon, until } from './terminal-scene.ts';

describe('standard input', () => {
  it('may be let go of where nobody was asked, and where nobody waits', async () => {
    const { stdin, lines } = scene(false);
    assert.doesNotThrow(() => lines.close());
    const other = scene(false);
    const asked = other.lines.ask('question? ', never);
    other.stdin.write('y\n');
    assert.equal(await soon(asked), 'y');
    assert.doesNotThrow(() => other.lines.close());
    assert.ok(!stdin.readableFlowing, 'what nobody asked for is not read');
  });

  it('is let go of: the question that waits is answered by nothing, and nothing more is read', async () => {
    const { stdin, lines } = scene(false);
    let given: string | undefined = 'not yet';
    const asked = lines.ask('question? ', never).then((line) => {
      given = line;
    });
    await settle();
    lines.close();
    await settle();
    assert.equal(given, undefined);
    await soon(asked);
    assert.ok(stdin.isPaused());
  });

  it('is read ahead by 64 lines; what comes after them stays in the pipe until its question', async () => {
    const { stdin, lines } = scene(false);
    const first = lines.ask('question? ', never);
    stdin.write('0\n');
    assert.equal(await soon(first), '0');
    for (let line = 1; line < 64; line += 1) {
      assert.doesNotThrow(() => stdin.write(`${line}\n`));
      await settle();
      assert.deepEqual([line, stdin.isPaused(), stdin.readableLength], [line, false, 0]);
    }
    stdin.write('64\n');
    await settle();
    assert.equal(stdin.isPaused(), true);
    stdin.write('65\n');
    await settle();
    assert.equal(stdin.readableLength, '65\n'.length);
    for (let line = 1; line <= 65; line += 1) {
      assert.equal(await soon(lines.ask('question? ', never)), String(line));
    }
    lines.close();
  });
});

describe('one question', () => {
  it('is answered by one line, as it was typed: control characters are no keys', async () => {
    for (const line of ['y', '', ' a b ', 'a\u0008b', 'y\u007fn', '\u0003', '\u001b[A']) {
      const { stdin, lines, shown } = scene(false);
      stdin.end(`${line}\n`);
      assert.equal(await soon(lines.ask('question? ', never)), line);
      assert.equal(shown(), 'question? ');
    }
  });

  it('to a pipe is shown at once; only a terminal may have old lines to hand over first', async () => {
    for (const isTerminal of [false, true]) {
      const { lines, shown } = scene(isTerminal);
      const asked = lines.ask('question? ', never);
      await settle();
      assert.equal(shown(), isTerminal ? '' : 'question? ');
      await until(() => shown() === 'question? ');
      lines.close();
      assert.equal(await soon(asked), undefined);
    }
  });

  it('is answered by nothing at the end of input, and every later one', async () => {
    const { stdin, lines, shown } = scene(false);
    const asked = lines.ask('first? ', never);
    stdin.end();
    assert.equal(await soon(asked), undefined);
    assert.equal(await soon(lines.ask('second? ', never)), undefined);
    assert.equal(shown(), 'first? \nsecond? \n');
  });

  it('holds its signal only while it waits', async () => {
    const { stdin, lines } = scene(false);
    const { signal } = new AbortController();
    const asked = lines.ask('question? ', signal);
    await settle();
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    stdin.write('y\n');
    assert.equal(await soon(asked), 'y');
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    lines.close();
  });

  it('that is withdrawn while a terminal hands over old lines is not shown', async () => {
    const { lines, shown } = scene(true);
    const aborter = new AbortController();
    const asked = lines.ask('question? ', aborter.signal);
    await settle();
    aborter.abort();
    await Promise.race([soon(asked), until(() => shown() !== '')]);
    assert.equal(shown(), '');
    assert.equal(await soon(asked), undefined);
    lines.close();
  });
});

describe('questions at the terminal', () => {
  it('one line answers one question, and the next is shown after it', async () => {
    const { stdin, lines, shown } = scene(true);
    const first = lines.ask('first? ', never);
    const second = lines.ask('second? ', never);
    await until(() => shown() !== '');
    assert.equal(shown(), 'first? ');
    stdin.write('y\n');
    assert.equal(await soon(first), 'y');
    await settle();
    assert.equal(shown(), 'first? second? ');
    stdin.write('n\n');
    assert.equal(await soon(second), 'n');
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
    assert.equal(await soon(asked), undefined);
    stdin.write('y\n');
    await settle();
    const later = lines.ask('second? ', never);
    await settle();
    stdin.write('n\n');
    assert.equal(await soon(later), 'n');
    lines.close();
  });

  it('piped lines answer in order, and their end answers nobody', async () => {
    const { stdin, lines } = scene(false);
    stdin.end('y\nn\n');
    const first = lines.ask('first? ', never);
    assert.equal(await soon(first), 'y');
    assert.equal(await soon(lines.ask('second? ', never)), 'n');
    assert.equal(await soon(lines.ask('third? ', never)), undefined);
  });
});

describe('questions that are withdrawn or never end', () => {
  it('a question that is withdrawn while it waits for its turn is not shown', async () => {
    const { stdin, lines, shown } = scene(true);
    const aborter = new AbortController();
    const first = lines.ask('first? ', never);
    const second = lines.ask('second? ', aborter.signal);
    const third = lines.ask('third? ', never);
    await until(() => shown() === 'first? ');
    aborter.abort();
    stdin.write('a\n');
    assert.equal(await soon(first), 'a');
    assert.equal(await soon(second), undefined);
    await until(() => shown().includes('third'));
    stdin.write('c\n');
    assert.equal(await soon(third), 'c');
    assert.equal(shown(), 'first? third? ');
    lines.close();
  });

  it('the line after one that is withdrawn belongs to the next question, and an end of it is shown', async () => {
    const { stdin, lines, shown } = scene(true);
    const aborter = new AbortController();
    const asked = lines.ask('first? ', aborter.signal);
    await until(() => shown() === 'first? ');
    aborter.abort();
    assert.equal(await soon(asked), undefined);
    assert.equal(shown(), 'first? \n');
    const next = lines.ask('next? ', aborter.signal);
    assert.equal(await soon(next), undefined);
    assert.equal(shown(), 'first? \n', 'withdrawn before it was asked');
    stdin.end();
    assert.equal(await soon(lines.ask('last? ', never)), undefined);
    assert.equal(shown(), 'first? \nlast? \n');
  });

  it('each question takes its own signal off again', async () => {
    const { stdin, lines } = scene(false);
    const aborter = new AbortController();
    stdin.write('a\nb\n');
    assert.equal(await soon(lines.ask('first? ', aborter.signal)), 'a');
    const second = lines.ask('second? ', never);
    aborter.abort();
    assert.equal(await soon(second), 'b');
    const waiting = lines.ask('third? ', never);
    await settle();
    stdin.write('c\n');
    assert.equal(await soon(waiting), 'c');
    lines.close();
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
      assert.equal(await soon(lines.ask('again? ', never)), 'y');
    await settle();
    assert.ok(written < 100_000, `${written} lines were taken in`);
    lines.close();
  });
});
