// Commands carried out on a device, and what is told of what fails there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { CommandRunner, type Ran, type RunnerOptions } from '../../../src/session/client/command-runner.ts';
import { LargeObjectReceiver } from '../../../src/session/message/large-object.ts';
import { get, serverId } from '../conversation.ts';

const replace = (uri: string): ManagementCommand => ({
  name: 'Replace',
  cmdId: uri,
  items: [{ target: { uri }, data: 'x' }],
});
const atomic = (...commands: readonly ManagementCommand[]): ManagementCommand => ({
  name: 'Atomic',
  cmdId: 'atomic',
  commands,
});

/** Statuses of a command and of all that is inside it. */
const statuses = ({ outcomes, inner }: Ran): unknown[] => [
  ...outcomes.map(({ status }) => status),
  ...inner.map(statuses),
];

/** A device on which ./bad fails and ./broken throws, and so do the named steps of a transaction. */
function device(broken: readonly string[] = [], more: Partial<RunnerOptions> = {}, transactions = true) {
  const notes: string[] = [];
  const journal: string[] = [];
  const step = (name: string) => async (): Promise<void> => {
    journal.push(name);
    if (broken.includes(name)) throw new RangeError('with a value that is nobody’s business');
  };
  const runner = new CommandRunner({
    serverId,
    sessionId: 7,
    objects: new LargeObjectReceiver(1000),
    answerFits: () => true,
    note: (text) => notes.push(text),
    execute: async ({ name, item: { target } }) => {
      journal.push(`${name} ${target?.uri}`);
      if (target?.uri === './broken') throw 'no error at all';
      return { status: target?.uri === './bad' ? 404 : 200 };
    },
    ...(transactions && {
      transaction: { begin: step('begin'), commit: step('commit'), rollback: step('rollback') },
    }),
    ...more,
  });
  return { runner, notes, journal };
}

for (const [step, commands, expected] of [
  ['begin', [replace('./A')], [507, [215]]],
  ['commit', [replace('./A')], [507, [216]]],
  ['rollback', [replace('./A'), replace('./bad')], [507, [516], [404]]],
] as const) {
  test(`an Atomic whose ${step} fails says so in the log, by the name of the error alone`, async () => {
    const { runner, notes, journal } = device([step]);
    assert.deepEqual(statuses(await runner.run(atomic(...commands))), expected);
    assert.deepEqual(notes, [`${step} of an Atomic failed on the device: RangeError`]);
    assert.equal(journal.at(-1), step);
  });
}

test('what was undone is told item by item', async () => {
  const { runner } = device();
  const three: ManagementCommand = {
    name: 'Replace',
    cmdId: '1',
    items: ['./A', './bad', './B'].map((uri) => ({ target: { uri }, data: 'x' })),
  };
  const { inner } = await runner.run(atomic(three));
  assert.deepEqual(
    inner[0]?.outcomes.map(({ item, status }) => [item?.target?.uri, status]),
    [
      ['./A', 216],
      ['./bad', 404],
      ['./B', 215],
    ],
  );
});

test('a command that throws is 500, whatever is thrown, and the next one is carried out', async () => {
  const { runner, notes } = device();
  assert.deepEqual(statuses(await runner.run(replace('./broken'))), [500]);
  assert.deepEqual(statuses(await runner.run(get('a', './A'))), [200]);
  assert.deepEqual(notes, ['Replace failed on the device: error']);
});

test('an alert for the user that fails on the device is 500, and the log says which', async () => {
  const interact = () => Promise.reject(new TypeError('no display'));
  const { runner, notes } = device([], { interact });
  const ask: ManagementCommand = {
    name: 'Alert',
    cmdId: '1',
    data: '1101',
    items: [{ data: '' }, { data: 'Go?' }],
  };
  assert.deepEqual(statuses(await runner.run(ask)), [500]);
  assert.deepEqual(notes, ['Alert failed on the device: TypeError']);
});

test('what stands in a refused Atomic is not carried out, however deep', async () => {
  const sequence: ManagementCommand = { name: 'Sequence', cmdId: 's', commands: [replace('./A')] };
  const none = device([], {}, false);
  assert.deepEqual(statuses(await none.runner.run(atomic(sequence))), [406, [215, [215]]]);
  const long = device([], { answerFits: () => false });
  assert.deepEqual(statuses(await long.runner.run(atomic(sequence, replace('./B')))), [
    517,
    [215, [215]],
    [215],
  ]);
  const deep = device();
  const withGet: ManagementCommand = { ...sequence, commands: [replace('./A'), get('g', './G')] };
  assert.deepEqual(statuses(await deep.runner.run(atomic(withGet, replace('./B')))), [
    507,
    [500, [215], [215]],
    [215],
  ]);
  assert.deepEqual([...none.journal, ...long.journal, ...deep.journal], []);
});

test('an outcome names what the user did where that is no success', async () => {
  const ask: ManagementCommand = {
    name: 'Alert',
    cmdId: '1',
    data: '1101',
    items: [{ data: '' }, { data: 'Go?' }],
  };
  for (const [response, status, reason] of [
    ['accepted', 200, undefined],
    ['rejected', 304, 'the user said no'],
    ['cancelled', 214, 'the user cancelled it'],
  ] as const) {
    const { runner } = device([], { interact: async () => ({ response }) });
    const { outcomes } = await runner.run(ask);
    assert.deepEqual(
      outcomes.map((outcome) => [outcome.status, outcome.reason]),
      [[status, reason]],
    );
  }
});
