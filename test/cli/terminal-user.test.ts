// What a person at the terminal says: a yes has to be one, and silence is no answer.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import type { Io } from '../../src/cli/io.ts';
import { TerminalLines } from '../../src/cli/terminal-lines.ts';
import { terminalUser } from '../../src/cli/terminal-user.ts';
import type { UserInteraction } from '../../src/session/index.ts';

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
  const lines = new TerminalLines(io);
  return { stdin, user: terminalUser(io, lines), lines, shown: () => shown };
}

const never = new AbortController().signal;
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Consent after `line` was typed at the prompt. */
async function typed(line: string, terminal: boolean) {
  const { stdin, user, lines, shown } = scene(terminal);
  const asked = user.confirm('Operator wants to manage this device', never);
  await until(() => shown() !== '');
  assert.match(shown(), /Operator wants to manage this device\. Start the session\? \[y\/N\] $/);
  stdin.write(`${line}\n`);
  const consent = await asked;
  lines.close();
  return consent;
}

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

describe('consent at the terminal', () => {
  for (const terminal of [true, false]) {
    const where = terminal ? 'terminal' : 'pipe';
    it(`only an explicit yes is a yes, ${where}`, async () => {
      for (const line of ['y', 'Y', 'yes', 'YES', ' yes ', 'y\r'])
        assert.equal(await typed(line, terminal), true, line);
    });

    it(`every other line is a no: empty, a number, a word, a control character, ${where}`, async () => {
      for (const line of noes) assert.equal(await typed(line, terminal), false, JSON.stringify(line));
    });

    it(`the end of input is no answer, whenever it comes, ${where}`, async () => {
      const { stdin, user, shown } = scene(terminal);
      const asked = user.confirm('First', never);
      await until(() => shown() !== '');
      stdin.end();
      assert.equal(await asked, 'unanswered');
      assert.equal(await user.confirm('Second', never), 'unanswered');
    });
  }

  it('without a terminal, and with nothing piped in, nobody has answered', async () => {
    const { stdin, user } = scene(false);
    stdin.end();
    assert.equal(await user.confirm('Who is there', never), 'unanswered');
    assert.deepEqual(await user.interact?.(alert('confirm'), never), { response: 'timeout' });
  });

  it('a question that is withdrawn (time, Ctrl-C) is no answer, and the next one is asked', async () => {
    const { stdin, user, lines, shown } = scene(true);
    const aborter = new AbortController();
    const asked = user.confirm('First', aborter.signal);
    await until(() => shown() !== '');
    aborter.abort();
    assert.equal(await asked, 'unanswered');
    const next = user.confirm('Second', never);
    await until(() => shown().includes('Second'));
    stdin.write('yes\n');
    assert.equal(await next, true);
    lines.close();
  });

  it('a question that is withdrawn before the terminal shows it holds no later one', async () => {
    const { stdin, user, lines, shown } = scene(true);
    const aborter = new AbortController();
    const asked = user.confirm('First', aborter.signal);
    // The very first question waits a moment for what was typed before.
    setTimeout(() => aborter.abort(), 10);
    assert.equal(await asked, 'unanswered');
    assert.doesNotMatch(shown(), /First/);
    const next = user.confirm('Second', never);
    await until(() => shown().includes('Second'));
    stdin.write('y\n');
    assert.equal(await next, true);
    lines.close();
  });

  it('closing standard input while a question is open is no answer', async () => {
    const { user, lines, shown } = scene(true);
    const asked = user.confirm('First', never);
    await until(() => shown() !== '');
    lines.close();
    assert.equal(await asked, 'unanswered');
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
  const response = await asked;
  lines.close();
  return { response, shown: shown() };
}

describe('alerts 1101 to 1104 at the terminal', () => {
  it('confirmation: only an explicit yes is one', async () => {
    for (const line of ['y', 'yes', 'YES']) {
      assert.deepEqual((await answered(alert('confirm'), line)).response, { response: 'accepted' }, line);
    }
    for (const line of noes) {
      const { response } = await answered(alert('confirm'), line);
      assert.deepEqual(response, { response: 'rejected' }, JSON.stringify(line));
    }
  });

  it('confirmation: the default response is shown, and only an empty line is it', async () => {
    const yes = alert('confirm', { defaultResponse: '1' });
    const empty = await answered(yes, '');
    assert.match(empty.shown, /\[Y\/n\] $/);
    assert.deepEqual(empty.response, { response: 'accepted' });
    for (const line of ['x', 'n', '1', 'ok']) {
      assert.deepEqual((await answered(yes, line)).response, { response: 'rejected' }, line);
    }
    const no = await answered(alert('confirm', { defaultResponse: '0' }), '');
    assert.match(no.shown, /\[y\/N\] $/);
    assert.deepEqual(no.response, { response: 'rejected' });
  });

  it('a choice that is none is cancelled, and taken for no other', async () => {
    const one = alert('single-choice', { choices: ['a', 'b'] });
    assert.deepEqual((await answered(one, '2')).response, { response: 'accepted', choices: [2] });
    for (const line of ['', '0', '3', '1 2', 'a', '-1', '1.5']) {
      assert.deepEqual((await answered(one, line)).response, { response: 'cancelled' }, line);
    }
  });

  it('the end of input is a timeout, never a default', async () => {
    for (const kind of ['confirm', 'text', 'single-choice', 'multiple-choice'] as const) {
      const { stdin, user, shown } = scene(true);
      const asked = user.interact?.(alert(kind, { choices: ['a'], defaultResponse: '1' }), never);
      await until(() => shown() !== '');
      stdin.end();
      assert.deepEqual(await asked, { response: 'timeout' }, kind);
    }
  });
});
