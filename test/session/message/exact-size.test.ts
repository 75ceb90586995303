// Octets of commands, found by writing them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand, ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { cmdIdDigits, exactCommandSize } from '../../../src/session/message/exact-size.ts';
import { commandSize } from '../../../src/session/message/size.ts';

const get: ManagementCommand = { name: 'Get', cmdId: '', items: [{ target: { uri: './A' } }] };
const exec: ManagementCommand = { name: 'Exec', cmdId: '', items: [{ target: { uri: './A' } }] };

test('every CmdID is counted with its digits, those inside groups and groups in groups too', () => {
  const sequence: ManagementCommand = { name: 'Sequence', cmdId: '', commands: [get, exec] };
  const atomic: ManagementCommand = { name: 'Atomic', cmdId: '', commands: [exec, sequence] };
  for (const form of ['xml', 'wbxml'] as const) {
    const counts: readonly (readonly [ManagementCommand, number])[] = [
      [get, 1],
      [sequence, 3],
      [atomic, 5],
    ];
    for (const [command, numbers] of counts) {
      const more = exactCommandSize(command, form, 4) - exactCommandSize(command, form, 1);
      assert.equal(more, 3 * numbers, `${form} ${command.name}`);
    }
  }
});

test('a command that cannot be written has the size of the estimate: its writer will say what is wrong', () => {
  const odd: DmCommand = {
    name: 'Add',
    cmdId: '',
    items: [{ target: { uri: './A' }, data: 'a\u0001b' }],
  };
  assert.equal(exactCommandSize(odd, 'xml', 1), commandSize(odd, 'xml'));
});

test('the digits of a CmdID suffice for as many commands as a message can have', () => {
  assert.deepEqual([-50, 0, 79, 80, 799, 800, 8000].map(cmdIdDigits), [1, 1, 1, 2, 2, 3, 4]);
  assert.equal(cmdIdDigits(Number.POSITIVE_INFINITY), 5);
});
