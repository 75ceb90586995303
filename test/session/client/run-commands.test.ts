// Commands that nobody answers: what became of them is counted, and what no Status tells goes into the log
// (DM-SESSIONLESS-1.3 §5.5).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert, DmCommand, DmMessage, ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { type RunCommandsOptions, runCommands } from '../../../src/session/client/run-commands.ts';
import { deviceId, get, serverId, serverUri } from '../conversation.ts';

const done = async (): Promise<void> => undefined;
const message = (...commands: readonly DmCommand[]): DmMessage => ({
  header: {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: '1',
    target: { uri: deviceId },
    source: { uri: serverUri },
  },
  commands,
  final: true,
});
const replace = (...uris: readonly string[]): ManagementCommand => ({
  name: 'Replace',
  cmdId: '1',
  items: uris.map((uri) => ({ target: { uri }, data: 'x' })),
});
const alert = (data?: string): Alert => ({
  name: 'Alert',
  cmdId: '1',
  items: [],
  ...(data === undefined ? {} : { data }),
});
const group = (
  name: 'Atomic' | 'Sequence',
  ...commands: readonly ManagementCommand[]
): ManagementCommand => ({ name, cmdId: '1', commands });

/** Runs them on a device where everything below ./bad fails. */
async function run(commands: readonly DmCommand[], more: Partial<RunCommandsOptions> = {}) {
  const notes: string[] = [];
  const executed: string[] = [];
  const counts = await runCommands(message(...commands), {
    serverId,
    sessionId: 1,
    maxObjSize: 1000,
    execute: async ({ name, item: { target } }) => {
      executed.push(`${name} ${target?.uri}`);
      return { status: target?.uri.startsWith('./bad') === true ? 404 : 200 };
    },
    transaction: { begin: done, commit: done, rollback: done },
    note: (text) => notes.push(text),
    ...more,
  });
  return { counts, notes, executed };
}

test('each item counts by itself, one that fails keeps none of the others back, and nothing is noted of it', async () => {
  const { counts, notes, executed } = await run([replace('./A', './bad', './B'), get('1', './C')]);
  assert.deepEqual(counts, { succeeded: 3, failed: 1 });
  assert.deepEqual(executed, ['Replace ./A', 'Replace ./bad', 'Replace ./B', 'Get ./C']);
  assert.deepEqual(notes, []);
});

test('of a group the commands inside count, not the group', async () => {
  assert.deepEqual((await run([group('Atomic', replace('./A'), replace('./B'))])).counts, {
    succeeded: 2,
    failed: 0,
  });
  assert.deepEqual((await run([group('Sequence', replace('./A', './B'), get('1', './C'))])).counts, {
    succeeded: 3,
    failed: 0,
  });
  assert.deepEqual((await run([group('Atomic'), group('Sequence')])).counts, { succeeded: 0, failed: 0 });
});

test('an Atomic that failed counts as failed whole, and the log says what was done with the rest', async () => {
  const { counts, notes } = await run([group('Atomic', replace('./A'), replace('./bad'), replace('./C'))]);
  assert.deepEqual(counts, { succeeded: 0, failed: 3 });
  assert.deepEqual(notes, [
    'Atomic refused with 507: one of its commands failed, and what it had done is undone',
  ]);
});

test('a Sequence says how many of its commands were not reached', async () => {
  const { counts, notes } = await run([
    group('Sequence', replace('./A'), replace('./bad'), replace('./C'), replace('./D')),
  ]);
  assert.deepEqual(counts, { succeeded: 1, failed: 3 });
  assert.deepEqual(notes, ['Sequence: 2 of 4 commands were not carried out after one that failed']);
});

test('a refusal is noted with the command, and an alert with its code where that is one', async () => {
  const element = { name: 'Search', namespace: '', attributes: [], children: [] };
  const { counts, notes } = await run([
    alert('1100'),
    alert('1222'),
    alert('a secret'),
    alert(),
    { name: 'Get', cmdId: '1', items: [] },
    { name: 'Unknown', cmdId: '1', element },
  ]);
  assert.deepEqual(counts, { succeeded: 0, failed: 6 });
  assert.deepEqual(notes, [
    'Alert 1100 refused with 406: there is no user to ask',
    'Alert 1222 refused with 406: it is none of the alerts 1100 to 1104',
    'Alert without a code refused with 406: it is none of the alerts 1100 to 1104',
    'Alert without a code refused with 406: it is none of the alerts 1100 to 1104',
    'Get refused with 412: it has no item',
    'Unknown refused with 406: "Search" is no command of device management, or stands where it may not',
  ]);
});

test('a message that ends in the middle of an object has failed with it', async () => {
  const piece = (data: string, more: object): ManagementCommand => ({
    name: 'Add',
    cmdId: '1',
    items: [{ target: { uri: './Big' }, data, ...more }],
  });
  const first = piece('abc', { meta: { size: 6 }, moreData: true });
  const whole = await run([first, piece('def', {})]);
  assert.deepEqual(whole.counts, { succeeded: 2, failed: 0 });
  assert.deepEqual(whole.executed, ['Add ./Big']);
  const open = await run([replace('./A'), first]);
  assert.deepEqual(open.counts, { succeeded: 1, failed: 1 });
  assert.deepEqual(open.notes, [
    'Add refused: the message ends in the middle of an object (MoreData), which is dropped',
  ]);
});
