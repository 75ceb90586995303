// Questions to whoever sits at the terminal: one at a time, and no answer counts twice.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { never, scene, settle, soon, until } from './terminal-scene.ts';

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
