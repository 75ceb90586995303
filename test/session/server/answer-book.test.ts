// What a client says to the server's commands, and to which of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand, Results, Status } from '../../../src/codec/syncml/index.ts';
import type { Outbound } from '../../../src/session/message/outgoing-package.ts';
import { AnswerBook } from '../../../src/session/server/answer-book.ts';
import { get } from '../conversation.ts';

const status = (msgRef: string, cmdRef: string, data = '200'): Status => ({
  name: 'Status',
  cmdId: '1',
  msgRef,
  cmdRef,
  cmd: 'Get',
  targetRefs: [],
  sourceRefs: [],
  data,
  items: [],
});
const results = (cmdRef: string, msgRef?: string): Results => ({
  name: 'Results',
  cmdId: '1',
  ...(msgRef === undefined ? {} : { msgRef }),
  cmdRef,
  items: [],
});
const sent = (...commands: readonly ManagementCommand[]): ReadonlyMap<string, Outbound> =>
  new Map(commands.map((command, index) => [String(index + 2), { command, original: command }]));

/** What became of each command: its own CmdID, whether it went out, statuses, values, problem. */
const closed = (book: AnswerBook): unknown[] =>
  book
    .close()
    .map((report) =>
      report.effect === 'answered'
        ? [
            report.command.cmdId,
            report.sent,
            report.statuses.map((each) => each.status),
            report.results.length,
            report.problem,
            report.again,
          ]
        : [],
    );

/** A book with commands a and b, of which a went out in message 1 as command 2. */
function open() {
  const book = new AnswerBook();
  const [a, b] = [get('a', './A'), get('b', './B')];
  book.enter(a);
  book.enter(b);
  book.sent('1', sent(a));
  return { book, a, b };
}

test('a Status is taken for the command of its message and CmdID, and for no other', () => {
  const { book } = open();
  assert.equal(book.status(status('1', '2')), true);
  for (const other of [status('2', '2'), status('1', '3'), status('', '')]) {
    assert.equal(book.status(other), false);
  }
  assert.deepEqual(closed(book), [
    ['a', true, [200], 0, undefined, undefined],
    ['b', false, [], 0, undefined, undefined],
  ]);
  assert.equal(book.empty, true);
  assert.equal(book.status(status('1', '2')), false, 'nothing is remembered');
});

test('what is not of the host, or was reported before, does not become one of its commands by being sent', () => {
  const { book, a } = open();
  const alert = { name: 'Alert', cmdId: '', data: '1222', items: [] } as const;
  book.sent('2', new Map([['2', { command: alert }]]));
  assert.equal(book.status(status('2', '2')), false);
  assert.equal(book.knows(results('2')), true, 'message 1 is still the last with commands');
  closed(book);
  book.sent('3', sent(a));
  assert.equal(book.status(status('3', '2')), false);
  assert.deepEqual(closed(book), []);
});

test('Results without MsgRef are for the last message that had commands', () => {
  const { book, b } = open();
  book.sent('2', sent(b));
  assert.equal(book.knows(results('2', '1')), true);
  assert.equal(book.knows(results('3')), false);
  assert.equal(book.result(results('2'), { source: { uri: './B' }, data: 'v' }), true);
  book.refuse(results('2'), 'spoilt');
  book.refuse(results('7'), 'no command');
  assert.deepEqual(closed(book), [
    ['a', true, [], 0, undefined, undefined],
    ['b', true, [], 1, 'spoilt', undefined],
  ]);
});

test('the first problem of a command is the one that is told', () => {
  const { book, a } = open();
  book.status(status('1', '2', 'OK'));
  book.status(status('1', '2', 'KO'));
  book.fail(a, 'another');
  book.refuse(results('2', '1'), 'a third');
  book.fail(get('x', './X'), 'of no command here');
  assert.equal((closed(book)[0] as unknown[])[4], 'the device answered "OK", which is no status');
});

test('a message that was not believed has sent nothing: what the client says to it is no answer', () => {
  const { book, a, b } = open();
  book.sent('2', sent(b));
  book.unsent('2', sent(b));
  assert.equal(book.status(status('2', '2')), false);
  assert.equal(book.status(status('1', '2')), true);
  book.unsent('9', sent(a));
  assert.deepEqual(closed(book), [
    ['a', true, [200], 0, undefined, undefined],
    ['b', false, [], 0, undefined, undefined],
  ]);
});

test('a message that goes out once more repeats its own commands alone', () => {
  const { book, b } = open();
  book.sent('2', sent(b));
  book.sentAgain();
  assert.deepEqual(closed(book), [
    ['a', true, [], 0, undefined, undefined],
    ['b', true, [], 0, undefined, true],
  ]);
});

test('a group comes after what is inside it, each once', () => {
  const book = new AnswerBook();
  const inner = get('inner', './A');
  const group: ManagementCommand = {
    name: 'Atomic',
    cmdId: 'outer',
    commands: [{ name: 'Sequence', cmdId: 'middle', commands: [inner] }],
  };
  book.enter(group);
  book.enter(group);
  assert.deepEqual(
    book.close().map((report) => report.effect === 'answered' && report.command.cmdId),
    ['inner', 'middle', 'outer'],
  );
});

test('a kept chunk is no answer yet; what was said to a command can be forgotten', () => {
  const { book } = open();
  assert.equal(book.status(status('1', '2', '213')), true);
  book.status(status('1', '2', '200'));
  book.result(results('2', '1'), { source: { uri: './A' }, data: 'v' });
  book.forget(results('2', '1'));
  book.forget(results('5', '1'));
  assert.deepEqual(closed(book)[0], ['a', true, [], 0, undefined, undefined]);
});
