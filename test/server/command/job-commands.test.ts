// Commands of jobs as DM commands, and what a device said as JSON: which status counts, what is shown, what is withheld.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Item, type ManagementCommand, mediaTypes } from '../../../src/codec/syncml/index.ts';
import { encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { readXml } from '../../../src/codec/xml/index.ts';
import { bytesToBase64 } from '../../../src/core/index.ts';
import {
  type Answered,
  answerOf,
  jobItem,
  managementCommand,
  sessionCommand,
} from '../../../src/server/command/job-commands.ts';
import type { JobCommand } from '../../../src/store/index.ts';

const get: ManagementCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './A' } }] };
const replace: ManagementCommand = { name: 'Replace', cmdId: '1', items: [{ target: { uri: './A' } }] };

const status = (code: number, items: readonly Item[] = []) => ({
  status: code,
  targetRefs: [],
  sourceRefs: [],
  items,
});

function said(command: ManagementCommand, changes: Partial<Answered> = {}): Answered {
  return { effect: 'answered', command, sent: true, statuses: [], results: [], ...changes };
}

test('each command of a job is the DM command of its name', () => {
  const cases: readonly (readonly [JobCommand, ManagementCommand])[] = [
    [{ command: 'get', uri: './A' }, get],
    [
      { command: 'delete', uri: './A' },
      { name: 'Delete', cmdId: '1', items: [{ target: { uri: './A' } }] },
    ],
    [
      { command: 'copy', uri: './B', source: './A' },
      { name: 'Copy', cmdId: '1', items: [{ target: { uri: './B' }, source: { uri: './A' } }] },
    ],
    [
      { command: 'add', uri: './A', data: '', type: 'text/x' },
      { name: 'Add', cmdId: '1', items: [{ target: { uri: './A' }, meta: { type: 'text/x' }, data: '' }] },
    ],
    [
      { command: 'exec', uri: './A' },
      { name: 'Exec', cmdId: '1', items: [{ target: { uri: './A' } }] },
    ],
    [
      { command: 'exec', uri: './A', correlator: 'c-1', data: 'x' },
      { name: 'Exec', cmdId: '1', correlator: 'c-1', items: [{ target: { uri: './A' }, data: 'x' }] },
    ],
    [
      { command: 'alert', kind: 'confirm', text: 'Now?', minimumDisplaySeconds: 5, defaultResponse: '1' },
      { name: 'Alert', cmdId: '1', data: '1101', items: [{ data: 'MINDT=5&DR=1' }, { data: 'Now?' }] },
    ],
    [
      { command: 'alert', kind: 'single-choice', text: 'Which?', choices: ['a', 'b'] },
      {
        name: 'Alert',
        cmdId: '1',
        data: '1103',
        items: [{ data: '' }, { data: 'Which?' }, { data: 'a' }, { data: 'b' }],
      },
    ],
    [
      {
        command: 'sequence',
        commands: [{ command: 'atomic', commands: [{ command: 'get', uri: './A' }] }],
      },
      { name: 'Sequence', cmdId: '1', commands: [{ name: 'Atomic', cmdId: '1', commands: [get] }] },
    ],
  ];
  for (const [command, wanted] of cases) assert.deepEqual(managementCommand(command), wanted);
});

test('DM-REPPRO-1.2: in sessions every value has Format and Type, the usual ones where none are given', () => {
  const metaOf = (changes: object) => {
    const command = sessionCommand({ command: 'replace', uri: './A', ...changes } as JobCommand);
    return 'items' in command ? command.items[0]?.meta : undefined;
  };
  assert.deepEqual(metaOf({ data: 'x' }), { format: 'chr', type: 'text/plain' });
  assert.deepEqual(metaOf({ dataBase64: 'AAE=' }), { format: 'bin', type: 'application/octet-stream' });
  assert.deepEqual(metaOf({ data: 'AAE=', format: 'b64' }), {
    format: 'b64',
    type: 'application/octet-stream',
  });
  assert.deepEqual(metaOf({ data: '<x/>', format: 'xml' }), { format: 'xml', type: 'text/xml' });
  assert.deepEqual(metaOf({ data: '7', format: 'int', type: 'x/y' }), { format: 'int', type: 'x/y' });
  // What has no value, and a property, go out as they are.
  assert.deepEqual(metaOf({ format: 'node' }), { format: 'node' });
  assert.equal(metaOf({ uri: './A?prop=ACL', data: 'Get=*' }), undefined);
  const add = sessionCommand({ command: 'add', uri: './A', data: 'x' });
  assert.deepEqual('items' in add && add.items[0]?.meta, { format: 'chr', type: 'text/plain' });
  assert.deepEqual(sessionCommand({ command: 'get', uri: './A' }), get);
  const alert: JobCommand = { command: 'alert', kind: 'display', text: 'Hello' };
  assert.deepEqual(sessionCommand(alert), managementCommand(alert));
  const sequence = sessionCommand({
    command: 'sequence',
    commands: [{ command: 'add', uri: './A', data: 'x' }],
  });
  assert.deepEqual(sequence, { name: 'Sequence', cmdId: '1', commands: [add] });
  const grouped = sessionCommand({
    command: 'atomic',
    commands: [{ command: 'exec', uri: './A', data: 'x', correlator: 'c' }],
  });
  assert.deepEqual('commands' in grouped && grouped.commands, [
    {
      name: 'Exec',
      cmdId: '1',
      correlator: 'c',
      items: [{ target: { uri: './A' }, data: 'x', meta: { format: 'chr', type: 'text/plain' } }],
    },
  ]);
});

test('of several statuses the first that is no success counts, else the first; their items are shown together', () => {
  const answer = (...statuses: Answered['statuses']) => answerOf(said(replace, { statuses }), [], true);
  assert.deepEqual(answer(status(200)), { status: 200 });
  assert.deepEqual(answer(status(200), status(404), status(500)), { status: 404 });
  assert.deepEqual(answer(status(202), status(200)), { status: 202 });
  assert.deepEqual(answer(status(404), status(200)), { status: 404 });
  assert.deepEqual(answer(status(200, [{ data: 'Ada' }]), status(418, [{ target: { uri: './A' } }])), {
    status: 418,
    items: [{ data: 'Ada' }, { uri: './A' }],
  });
});

test('what no status came for has a problem once nothing more can come, and goes out again before', () => {
  assert.equal(answerOf(said(replace), [], false), undefined);
  assert.deepEqual(answerOf(said(replace), [], true), { problem: 'the device gave no status' });
  const kept = said(replace, { sent: false });
  assert.deepEqual(answerOf(kept, [], true), { problem: 'larger than the device can take' });
  const broken = said(replace, { problem: 'the end of the object did not come' });
  assert.deepEqual(answerOf(broken, [], false), { problem: 'the end of the object did not come' });
  const failed = said(replace, { statuses: [status(200)], problem: 'a piece was refused' });
  assert.deepEqual(answerOf(failed, [], true), { status: 200, problem: 'a piece was refused' });
});

test('a Get whose status is a success waits for its Results while they can come, and fails without', () => {
  const bare = said(get, { statuses: [status(200)] });
  assert.equal(answerOf(bare, [], false), undefined);
  assert.deepEqual(answerOf(bare, [], true), { status: 200, problem: 'status 200 without Results' });
  // What has failed for another reason is no wait.
  const failed = { ...bare, problem: 'the end of the object did not come' };
  for (const over of [false, true]) {
    assert.deepEqual(answerOf(failed, [], over), {
      status: 200,
      problem: 'the end of the object did not come',
    });
  }
  assert.deepEqual(answerOf(said(get, { statuses: [status(404)] }), [], false), { status: 404 });
  assert.deepEqual(answerOf(said(replace, { statuses: [status(200)] }), [], false), { status: 200 });
  const results = [{ source: { uri: './A' }, data: 'x' }];
  assert.deepEqual(answerOf({ ...bare, results }, [], false), {
    status: 200,
    results: [{ uri: './A', data: 'x' }],
  });
});

test('a sentence that quotes a secret is not shown', () => {
  const problem = 'a Status that is none: "my secret"';
  assert.deepEqual(answerOf(said(replace, { problem }), ['my secret'], true), {
    problem: 'the device answered with what is no status',
  });
  assert.deepEqual(answerOf(said(replace, { problem }), ['another'], true), { problem });
});

test('an item shows what it is of and what it holds: text, or octets, however they travelled', () => {
  assert.deepEqual(jobItem({ target: { uri: './T' }, source: { uri: './S' }, data: 'x' }, []), {
    uri: './S',
    data: 'x',
  });
  assert.deepEqual(jobItem({ target: { uri: './T' }, meta: { format: 'int', type: 'a/b' } }, []), {
    uri: './T',
    format: 'int',
    type: 'a/b',
  });
  const octets = { format: 'bin', dataBase64: 'AAE=' };
  assert.deepEqual(jobItem({ meta: { format: 'b64' }, data: 'AAE=' }, []), octets);
  assert.deepEqual(jobItem({ meta: { format: 'bin' }, data: 'AAE=' }, []), octets);
  assert.deepEqual(jobItem({ meta: { format: 'b64' }, data: Uint8Array.of(0, 1) }, []), octets);
  assert.deepEqual(jobItem({ data: Uint8Array.of(0, 1) }, []), { dataBase64: 'AAE=' });
  const odd = { format: 'chr', dataBase64: 'AAE=' };
  assert.deepEqual(jobItem({ meta: { format: 'chr' }, data: Uint8Array.of(0, 1) }, []), odd);
  assert.deepEqual(jobItem({ meta: { format: 'b64' }, data: 'no Base64!' }, []), {
    format: 'b64',
    data: 'no Base64!',
  });
  assert.deepEqual(jobItem({ data: readXml('<a><b>c</b></a>') }, []), { data: '<a><b>c</b></a>' });
});

test('DM-TNDS-1.2: a tree is shown as XML, in whichever of its forms it came', () => {
  const text =
    '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>A</NodeName><Value>x</Value></Node></MgmtTree>';
  const octets = encodeWbxml(readXml(text));
  const shown = { uri: './A', format: 'xml', type: mediaTypes.tndsXml, data: text };
  const type = mediaTypes.tndsWbxml;
  const tree = (format: string, data: Item['data']): Item => ({
    source: { uri: './A' },
    meta: { format, type },
    ...(data !== undefined && { data }),
  });
  for (const item of [
    tree('xml', octets),
    tree('bin', octets),
    tree('b64', octets),
    tree('b64', bytesToBase64(octets)),
    tree('xml', readXml(text)),
    tree('xml', text),
  ]) {
    assert.deepEqual(jobItem(item, []), shown);
  }
  // What is none stays as it came.
  assert.deepEqual(jobItem(tree('b64', 'AAE='), []), { uri: './A', format: 'bin', type, dataBase64: 'AAE=' });
  assert.deepEqual(jobItem(tree('b64', '*'), []), { uri: './A', format: 'b64', type, data: '*' });
  assert.deepEqual(jobItem(tree('xml', undefined), []), { uri: './A', format: 'xml', type });
});

test('a value that holds a secret is withheld: a short one as the whole value only, octets and trees too', () => {
  const withheld = (data: Item['data'], secret: string, meta?: Item['meta']): boolean => {
    const item = jobItem({ ...(data !== undefined && { data }), ...(meta !== undefined && { meta }) }, [
      secret,
    ]);
    if (item.withheld === true) assert.deepEqual([item.data, item.dataBase64], [undefined, undefined]);
    return item.withheld === true;
  };
  assert.equal(withheld('it is secret', 'secret'), true);
  assert.equal(withheld('it is short', 'short'), false);
  assert.equal(withheld('short', 'short'), true);
  assert.equal(withheld(Buffer.from('\0secret\0'), 'secret'), true);
  assert.equal(withheld(Buffer.from('secret').toString('base64'), 'secret', { format: 'b64' }), true);
  assert.equal(withheld(readXml('<a>secret</a>'), 'secret'), true);
  assert.equal(withheld(undefined, 'secret'), false);
});
