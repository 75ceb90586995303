import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobCommand, shownCommand } from '../../../src/store/index.ts';

test('a command in words: what it does and to what; an alert by its kind, a group by its name', () => {
  const get: JobCommand = { command: 'get', uri: './A' };
  const commands: readonly JobCommand[] = [
    get,
    { command: 'exec', uri: './X', correlator: 'c' },
    { command: 'copy', uri: './B', source: './A' },
    { command: 'alert', kind: 'confirm', text: 'Now?' },
    { command: 'atomic', commands: [get] },
    { command: 'sequence', commands: [get] },
  ];
  const words = ['get ./A', 'exec ./X', 'copy ./B', 'alert confirm', 'atomic', 'sequence'];
  assert.deepEqual(commands.map(shownCommand), words);
});
