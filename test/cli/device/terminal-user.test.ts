// What a person at the terminal says: a yes has to be one, and silence is no answer.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consentOf, terminalUser } from '../../../src/cli/device/terminal-user.ts';
import type { UserInteraction } from '../../../src/session/index.ts';
import * as terminal from './terminal-scene.ts';
import { never, soon, until } from './terminal-scene.ts';

function scene(stdinIsTerminal: boolean) {
  const at = terminal.scene(stdinIsTerminal);
  return { ...at, user: terminalUser(at.io, at.lines) };
}

/** Consent after `line` was typed at the prompt. */
async function typed(line: string, isTerminal: boolean) {
  const { stdin, user, lines, shown } = scene(isTerminal);
  const asked = user.confirm('Operator wants to manage this device', never);
  await until(() => shown() !== '');
  assert.match(shown(), /Operator wants to manage this device\. Start the session\? \[y\/N\] $/);
  stdin.write(`${line}\n`);
  const consent = await soon(asked);
  lines.close();
  return consent;
}

/** What comes of each line, asked of users of their own at the same time. */
const each = <Result>(lines: readonly string[], ask: (line: string) => Promise<Result>) =>
  Promise.all(lines.map(async (line) => [line, await ask(line)]));
/** The same outcome for each line. */
const all = (lines: readonly string[], outcome: unknown) => lines.map((line) => [line, outcome]);

const noes = [
  '',
  ' ',
  'n',
  'N',
  'no',
  'No',
  '0',
  '1',
  'true',
  'yeah',
  'yes please',
  'ok',
  'y y',
  'x',
  '是',
  '\u0003',
  '\u0004',
];

describe('consent at the terminal', { concurrency: true }, () => {
  for (const isTerminal of [true, false]) {
    const where = isTerminal ? 'terminal' : 'pipe';
    it(`only an explicit yes is a yes, ${where}`, async () => {
      const yeses = ['y', 'Y', 'yes', 'YES', ' yes ', 'y\r'];
      const consents = await each(yeses, (line) => typed(line, isTerminal));
      assert.deepEqual(consents, all(yeses, true));
    });

    it(`every other line is a no: empty, a number, a word, a control character, ${where}`, async () => {
      const consents = await each(noes, (line) => typed(line, isTerminal));
      assert.deepEqual(consents, all(noes, false));
    });

    it(`the end of input is no answer, whenever it comes, ${where}`, async () => {
      const { stdin, user, shown } = scene(isTerminal);
      const asked = user.confirm('First', never);
      await until(() => shown() !== '');
      stdin.end();
      assert.equal(await soon(asked), 'unanswered');
      assert.equal(await soon(user.confirm('Second', never)), 'unanswered');
    });
  }

  it('without a terminal, and with nothing piped in, nobody has answered', async () => {
    const { stdin, user } = scene(false);
    stdin.end();
    assert.equal(await soon(user.confirm('Who is there', never)), 'unanswered');
    assert.deepEqual(await soon(user.interact?.(alert('confirm'), never)), { response: 'timeout' });
  });

  it('a question that is withdrawn (time, Ctrl-C) is no answer, and the next one is asked', async () => {
    const { stdin, user, lines, shown } = scene(true);
    const aborter = new AbortController();
    const asked = user.confirm('First', aborter.signal);
    await until(() => shown() !== '');
    aborter.abort();
    assert.equal(await soon(asked), 'unanswered');
    const next = user.confirm('Second', never);
    await until(() => shown().includes('Second'));
    stdin.write('yes\n');
    assert.equal(await soon(next), true);
    lines.close();
  });

  it('a question that is withdrawn before the terminal shows it holds no later one', async () => {
    const { stdin, user, lines, shown } = scene(true);
    const aborter = new AbortController();
    const asked = user.confirm('First', aborter.signal);
    // The very first question waits a moment for what was typed before.
    setTimeout(() => aborter.abort(), 10);
    assert.equal(await soon(asked), 'unanswered');
    assert.doesNotMatch(shown(), /First/);
    const next = user.confirm('Second', never);
    await until(() => shown().includes('Second'));
    stdin.write('y\n');
    assert.equal(await soon(next), true);
    lines.close();
  });

  it('closing standard input while a question is open is no answer', async () => {
    const { user, lines, shown } = scene(true);
    const asked = user.confirm('First', never);
    await until(() => shown() !== '');
    lines.close();
    assert.equal(await soon(asked), 'unanswered');
  });
});

function alert(kind: UserInteraction['kind'], more: Partial<UserInteraction> = {}): UserInteraction {
  return { kind, text: 'Proceed?', choices: [], ...more };
}

async function answered(request: UserInteraction, line: string) {
  const { stdin, user, lines, shown } = scene(true);
  const asked = user.interact?.(request, never);
  await until(() => shown() !== '');
  stdin.write(`${line}\n`);
  const response = await soon(asked);
  lines.close();
  return { response, shown: shown() };
}

const responses = (request: UserInteraction, lines: readonly string[]) =>
  each(lines, async (line) => (await answered(request, line)).response);

describe('alerts 1101 to 1104 at the terminal', { concurrency: true }, () => {
  it('confirmation: only an explicit yes is one', async () => {
    const yeses = ['y', 'yes', 'YES'];
    assert.deepEqual(await responses(alert('confirm'), yeses), all(yeses, { response: 'accepted' }));
    assert.deepEqual(await responses(alert('confirm'), noes), all(noes, { response: 'rejected' }));
  });

  it('confirmation: the default response is shown, and only an empty line is it', async () => {
    const yes = alert('confirm', { defaultResponse: '1' });
    const empty = await answered(yes, '');
    assert.match(empty.shown, /\[Y\/n\] $/);
    assert.deepEqual(empty.response, { response: 'accepted' });
    const others = ['x', 'n', '1', 'ok'];
    assert.deepEqual(await responses(yes, others), all(others, { response: 'rejected' }));
    const no = await answered(alert('confirm', { defaultResponse: '0' }), '');
    assert.match(no.shown, /\[y\/N\] $/);
    assert.deepEqual(no.response, { response: 'rejected' });
  });

  it('a choice that is none is cancelled, and taken for no other', async () => {
    const one = alert('single-choice', { choices: ['a', 'b'] });
    assert.deepEqual((await answered(one, '2')).response, { response: 'accepted', choices: [2] });
    const none = ['', '0', '3', '1 2', 'a', '-1', '1.5'];
    assert.deepEqual(await responses(one, none), all(none, { response: 'cancelled' }));
  });

  it('the end of input is a timeout, never a default', async () => {
    for (const kind of ['confirm', 'text', 'single-choice', 'multiple-choice'] as const) {
      const { stdin, user, shown } = scene(true);
      const asked = user.interact?.(alert(kind, { choices: ['a'], defaultResponse: '1' }), never);
      await until(() => shown() !== '');
      stdin.end();
      assert.deepEqual(await soon(asked), { response: 'timeout' }, kind);
    }
  });

  it('a message is shown, and nobody is asked', async () => {
    const { user, lines, shown } = scene(true);
    const response = await soon(user.interact?.(alert('display', { text: 'Back\u001b[2J soon' }), never));
    assert.deepEqual(response, { response: 'accepted' });
    assert.match(shown(), /^reveille: the server says: Back/);
    assert.ok(!shown().includes('\u001b'), 'no control character reaches the terminal');
    assert.ok(shown().endsWith('soon\n'));
    lines.close();
  });

  it('text is what was typed, without blanks around it; an empty line is the default', async () => {
    const asked = await answered(alert('text'), '  a b ');
    assert.deepEqual(asked.response, { response: 'accepted', text: 'a b' });
    assert.equal(asked.shown, 'reveille: the server says: Proceed?\n> ');
    const kept = await answered(alert('text', { defaultResponse: 'as before' }), '');
    assert.deepEqual(kept.response, { response: 'accepted', text: 'as before' });
    assert.deepEqual((await answered(alert('text'), '')).response, { response: 'accepted', text: '' });
  });

  it('choices are listed by number, and taken in any spelling of a list', async () => {
    const several = alert('multiple-choice', { choices: ['red', 'green', 'blue'] });
    const lists = ['1 3', '1,3', '1-3', '1, 3', ' 1  3 '];
    assert.deepEqual(await responses(several, lists), all(lists, { response: 'accepted', choices: [1, 3] }));
    const none = ['', '0', '4', '1 4', '1 x', '1.5'];
    assert.deepEqual(await responses(several, none), all(none, { response: 'cancelled' }));
    const { shown } = await answered(several, '1');
    assert.equal(shown, 'reveille: the server says: Proceed?\n  1 red\n  2 green\n  3 blue\nnumbers> ');
    const one = await answered(alert('single-choice', { choices: ['a', 'b'], defaultResponse: '2' }), '');
    assert.deepEqual(one.response, { response: 'accepted', choices: [2] });
    assert.equal(one.shown, 'reveille: the server says: Proceed?\n  1 a\n  2 b\nnumber> ');
  });

  it('a default response of yes is yes in each spelling of servers, and nothing else is', async () => {
    for (const [defaultResponse, response] of [
      ['1', 'accepted'],
      ['yes', 'accepted'],
      ['Y', 'accepted'],
      ['0', 'rejected'],
      ['no', 'rejected'],
      ['2', 'rejected'],
      ['true', 'rejected'],
    ] as const) {
      const given = await answered(alert('confirm', { defaultResponse }), '');
      assert.deepEqual(given.response, { response }, defaultResponse);
      assert.ok(given.shown.endsWith(response === 'accepted' ? '[Y/n] ' : '[y/N] '), given.shown);
    }
    const none = await answered(alert('confirm'), '');
    assert.deepEqual(none.response, { response: 'rejected' });
    assert.equal(none.shown, 'reveille: the server says: Proceed?\n[y/N] ');
  });
});

describe('what the user is told', () => {
  it('is a line of its own', () => {
    const { user, lines, shown } = scene(true);
    user.inform('Operator begins a session');
    assert.equal(shown(), 'reveille: Operator begins a session\n');
    lines.close();
  });

  it('a line, or none, as consent', () => {
    assert.equal(consentOf('yes'), true);
    assert.equal(consentOf(''), false);
    assert.equal(consentOf(undefined), 'unanswered');
  });
});
