// The commands of a job as JSON: strictly what the table in docs/jobs.md says, errors with their path.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../../src/core/index.ts';
import { managementCommand } from '../../../src/server/command/job-commands.ts';
import { jobBounds, readJobCommands } from '../../../src/server/command/job-input.ts';

const get = { command: 'get', uri: './A' };

function errorOf(commands: unknown): ValueError {
  try {
    readJobCommands(commands, 'commands');
  } catch (error) {
    assert.ok(error instanceof ValueError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    return error;
  }
  return assert.fail(`${JSON.stringify(commands)} is taken`);
}

test('commands of every kind come back as they were given', () => {
  const commands = [
    get,
    { command: 'get', uri: '.' },
    { command: 'get', uri: './A?list=TNDS+ACL' },
    { command: 'add', uri: './A', format: 'node', type: 'urn:oma:mo:x:1.0' },
    { command: 'add', uri: './A/B', data: '' },
    { command: 'replace', uri: './A/B?prop=ACL', data: 'Get=*' },
    { command: 'replace', uri: './A/C', format: 'bin', dataBase64: 'AAH/' },
    { command: 'replace', uri: './A/D', format: 'b64', data: 'AAH/' },
    { command: 'add', uri: './A/N', format: 'null' },
    { command: 'delete', uri: './A' },
    { command: 'copy', uri: './B', source: './A' },
    { command: 'exec', uri: './X' },
    { command: 'exec', uri: './X', data: 'argument', correlator: 'c-1' },
    { command: 'alert', kind: 'display', text: 'Hello', minimumDisplaySeconds: 0 },
    {
      command: 'alert',
      kind: 'multiple-choice',
      text: 'Which?',
      choices: ['a', 'b'],
      defaultResponse: '1-2',
    },
    {
      command: 'sequence',
      commands: [get, { command: 'atomic', commands: [{ command: 'delete', uri: './A' }] }],
    },
  ];
  assert.deepEqual(readJobCommands(commands, 'commands'), commands);
});

test('octets have the format bin whether it is given or not', () => {
  const [read] = readJobCommands([{ command: 'add', uri: './A', dataBase64: 'AAH/' }], 'commands');
  assert.deepEqual(read, { command: 'add', uri: './A', dataBase64: 'AAH/', format: 'bin' });
  assert.deepEqual(read && managementCommand(read), {
    name: 'Add',
    cmdId: '1',
    items: [{ target: { uri: './A' }, meta: { format: 'bin' }, data: Uint8Array.of(0, 1, 255) }],
  });
});

test('what cannot be used is a ValueError that names the place', () => {
  const nested = (levels: number): unknown =>
    levels === 0 ? [get] : [{ command: 'sequence', commands: nested(levels - 1) }];
  const inGroup = (command: string, inner: object) => [{ command, commands: [inner] }];
  const choice = (choices: readonly string[]) => [
    { command: 'alert', kind: 'single-choice', text: 'x', choices },
  ];
  const cases: readonly [commands: unknown, path: string, code: string][] = [
    [undefined, 'commands', 'WRONG_TYPE'],
    [{}, 'commands', 'WRONG_TYPE'],
    [[], 'commands', 'OUT_OF_RANGE'],
    [[null], 'commands[0]', 'WRONG_TYPE'],
    [[{}], 'commands[0].command', 'MISSING'],
    [[{ command: 'put', uri: './A' }], 'commands[0].command', 'OUT_OF_RANGE'],
    [[get, { command: 'get' }], 'commands[1].uri', 'MISSING'],
    [[{ command: 'get', uri: 'DevInfo' }], 'commands[0].uri', 'BAD_FORMAT'],
    [[{ command: 'get', uri: '/DevInfo' }], 'commands[0].uri', 'BAD_FORMAT'],
    [[{ command: 'get', uri: './\u0000' }], 'commands[0].uri', 'BAD_FORMAT'],
    [[{ command: 'get', uri: `./${'x'.repeat(jobBounds.uri)}` }], 'commands[0].uri', 'TOO_LONG'],
    [[{ command: 'get', uri: './A', data: 'x' }], 'commands[0].data', 'UNKNOWN_FIELD'],
    [[{ command: 'add', uri: './A' }], 'commands[0].data', 'MISSING'],
    [[{ command: 'add', uri: './A', data: 7 }], 'commands[0].data', 'WRONG_TYPE'],
    [[{ command: 'add', uri: './A', data: '\ud800' }], 'commands[0].data', 'BAD_FORMAT'],
    [[{ command: 'add', uri: './A', dataBase64: '*' }], 'commands[0].dataBase64', 'BAD_FORMAT'],
    [[{ command: 'add', uri: './A', data: '*', format: 'b64' }], 'commands[0].data', 'BAD_FORMAT'],
    [[{ command: 'add', uri: './A', data: 'x', format: 'bin' }], 'commands[0].data', 'OUT_OF_RANGE'],
    [[{ command: 'add', uri: './A', data: 'x', format: 'node' }], 'commands[0].data', 'OUT_OF_RANGE'],
    [[{ command: 'add', uri: './A', data: 'x', format: 'text' }], 'commands[0].format', 'OUT_OF_RANGE'],
    [
      [{ command: 'add', uri: './A', dataBase64: 'AA==', format: 'chr' }],
      'commands[0].format',
      'OUT_OF_RANGE',
    ],
    [[{ command: 'add', uri: './A', data: 'x', dataBase64: 'AA==' }], 'commands[0].data', 'OUT_OF_RANGE'],
    [[{ command: 'add', uri: './A', data: 'x'.repeat(jobBounds.data + 1) }], 'commands[0].data', 'TOO_LONG'],
    [
      [0, 1, 2].map(() => ({ command: 'add', uri: './A', data: 'x'.repeat(jobBounds.data) })),
      'commands[2].data',
      'TOO_LONG',
    ],
    [[{ command: 'copy', uri: './A' }], 'commands[0].source', 'MISSING'],
    [[{ command: 'exec', uri: './A', correlator: '' }], 'commands[0].correlator', 'OUT_OF_RANGE'],
    [[{ command: 'exec', uri: './A', correlator: 'c'.repeat(256) }], 'commands[0].correlator', 'TOO_LONG'],
    [[{ command: 'alert', text: 'x' }], 'commands[0].kind', 'MISSING'],
    [[{ command: 'alert', kind: 'display' }], 'commands[0].text', 'MISSING'],
    [[{ command: 'alert', kind: 'single-choice', text: 'x' }], 'commands[0].choices', 'MISSING'],
    [
      [{ command: 'alert', kind: 'confirm', text: 'x', choices: ['a'] }],
      'commands[0].choices',
      'OUT_OF_RANGE',
    ],
    [
      [{ command: 'alert', kind: 'single-choice', text: 'x', choices: ['a', ''] }],
      'commands[0].choices[1]',
      'OUT_OF_RANGE',
    ],
    [
      [{ command: 'alert', kind: 'single-choice', text: 'x', choices: ['a', 7] }],
      'commands[0].choices',
      'WRONG_TYPE',
    ],
    [choice([]), 'commands[0].choices', 'OUT_OF_RANGE'],
    [choice(Array.from({ length: jobBounds.choices + 1 }, () => 'a')), 'commands[0].choices', 'OUT_OF_RANGE'],
    [choice(['a', 'x'.repeat(jobBounds.text + 1)]), 'commands[0].choices[1]', 'TOO_LONG'],
    [choice(['\u0001']), 'commands[0].choices[0]', 'BAD_FORMAT'],
    [
      [{ command: 'alert', kind: 'display', text: 'x'.repeat(jobBounds.text + 1) }],
      'commands[0].text',
      'TOO_LONG',
    ],
    [[{ command: 'alert', kind: 'text', text: 'x', maxLength: 0 }], 'commands[0].maxLength', 'OUT_OF_RANGE'],
    [inGroup('atomic', get), 'commands[0].commands[0].command', 'OUT_OF_RANGE'],
    [
      inGroup('atomic', { command: 'atomic', commands: [get] }),
      'commands[0].commands[0].command',
      'OUT_OF_RANGE',
    ],
    [
      inGroup('atomic', { command: 'sequence', commands: [get] }),
      'commands[0].commands[0].commands[0].command',
      'OUT_OF_RANGE',
    ],
    [inGroup('sequence', { command: 'get' }), 'commands[0].commands[0].uri', 'MISSING'],
    [[{ command: 'sequence', commands: [] }], 'commands[0].commands', 'OUT_OF_RANGE'],
    [[{ command: 'sequence' }], 'commands[0].commands', 'WRONG_TYPE'],
    [nested(jobBounds.depth), 'commands[0].commands[0].commands[0].commands[0].commands', 'OUT_OF_RANGE'],
    [Array.from({ length: jobBounds.commands + 1 }, () => get), 'commands', 'TOO_LONG'],
  ];
  for (const [commands, path, code] of cases) {
    const error = errorOf(commands);
    assert.deepEqual([error.path, error.code], [path, code], JSON.stringify(commands)?.slice(0, 200));
  }
  readJobCommands(nested(jobBounds.depth - 1), 'commands');
});

test('texts, choices, data and commands up to their bounds are taken', () => {
  const longest = 'ä'.repeat(jobBounds.text / 2);
  for (const commands of [
    [
      {
        command: 'alert',
        kind: 'multiple-choice',
        text: longest,
        choices: Array.from({ length: jobBounds.choices }, () => longest),
      },
    ],
    Array.from({ length: jobBounds.commands }, () => get),
    [0, 1].map(() => ({ command: 'add', uri: './A', data: 'x'.repeat(jobBounds.data) })),
    [{ command: 'get', uri: `./${'x'.repeat(jobBounds.uri - 2)}` }],
  ]) {
    assert.deepEqual(readJobCommands(commands, 'commands'), commands);
  }
});

test('commands inside groups count towards the bound', () => {
  const half = { command: 'sequence', commands: Array.from({ length: 50 }, () => get) };
  assert.equal(errorOf([half, half]).code, 'TOO_LONG');
});

test('any JSON is commands that can be sent, or a ValueError', () => {
  const name = fc.constantFrom(
    'get',
    'add',
    'replace',
    'delete',
    'copy',
    'exec',
    'alert',
    'atomic',
    'sequence',
  );
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.constantFrom('./A', 'node', 'AA=='),
  );
  const { commands } = fc.letrec<{ command: object; commands: unknown[] }>((tie) => ({
    command: fc.record(
      {
        command: name,
        uri: fc.oneof(fc.constant('./A'), scalar),
        source: scalar,
        data: scalar,
        dataBase64: scalar,
        format: scalar,
        type: scalar,
        correlator: scalar,
        kind: fc.constantFrom('display', 'text', 'single-choice'),
        text: scalar,
        choices: fc.array(scalar, { maxLength: 2 }),
        commands: tie('commands'),
      },
      { requiredKeys: ['command'], noNullPrototype: true },
    ),
    commands: fc.array(tie('command'), { maxLength: 3, depthIdentifier: 'job' }),
  }));
  fc.assert(
    fc.property(fc.oneof(commands, fc.jsonValue()), (value) => {
      try {
        for (const command of readJobCommands(value, 'commands')) managementCommand(command);
      } catch (error) {
        assert.ok(error instanceof ValueError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
