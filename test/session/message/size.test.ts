import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DmCommand,
  type DmMessage,
  type Item,
  type ManagementCommand,
  type MessageForm,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { exactCommandSize, messageSize } from '../../../src/session/message/exact-size.ts';
import { numberCommands } from '../../../src/session/message/numbering.ts';
import {
  boundOfCred,
  boundOfMessage,
  commandSize,
  escapedSize,
  oversized,
} from '../../../src/session/message/size.ts';

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const word = fc.string({
  unit: fc.constantFrom('a', '&', '<', '>', '"', 'ü', '€', '😀', ' ', '\r', '\n'),
  maxLength: 20,
});
const octets = fc.uint8Array({ maxLength: 40 });

/** Leaves out what is undefined. */
const dense = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;

const meta = fc
  .record({
    format: optional(fc.constantFrom('chr', 'bin', 'b64', 'xml')),
    type: optional(word),
    size: optional(fc.nat()),
    nextNonce: optional(octets),
    maxMsgSize: optional(fc.nat()),
  })
  .map(dense);
const location = fc.record({ uri: word, name: optional(word) }).map(dense);
const item = fc
  .record({
    target: optional(location),
    source: optional(location),
    meta: optional(meta),
    data: optional(word),
    moreData: optional(fc.constant(true)),
  })
  .map(dense);
const binary = fc.record({ target: location, meta: fc.constant({ format: 'bin' }), data: octets });
const items = fc.array(fc.oneof(item, binary), { maxLength: 4 }) as fc.Arbitrary<Item[]>;
const leafCommand = fc.oneof(
  fc.record({ name: fc.constantFrom('Add', 'Get', 'Replace'), cmdId: fc.constant('12'), meta, items }),
  fc.record({ name: fc.constant('Exec'), cmdId: fc.constant('12'), correlator: word, items }),
  fc.record({ name: fc.constant('Alert'), cmdId: fc.constant('12'), data: fc.constant('1226'), items }),
);
const command = fc.oneof(
  leafCommand,
  fc.record({
    name: fc.constantFrom('Atomic', 'Sequence'),
    cmdId: fc.constant('7'),
    commands: fc.array(leafCommand),
  }),
  fc.record({ name: fc.constant('Results'), cmdId: fc.constant('12'), msgRef: word, cmdRef: word, items }),
  fc.record({
    name: fc.constant('Status'),
    cmdId: fc.constant('12'),
    msgRef: word,
    cmdRef: word,
    cmd: word,
    targetRefs: fc.array(word, { maxLength: 3 }),
    sourceRefs: fc.array(word, { maxLength: 3 }),
    chal: meta.map((value) => ({ meta: value })),
    data: fc.constant('200'),
    items,
  }),
) as fc.Arbitrary<DmCommand>;
const header = fc
  .record({
    verDtd: fc.constant('1.2'),
    verProto: fc.constant('DM/1.2'),
    sessionId: fc.constant('FFFF'),
    msgId: fc.constant('1000'),
    target: location,
    source: location,
    respUri: optional(word),
    cred: optional(meta.chain((value) => word.map((data) => ({ meta: value, data })))),
    meta: optional(meta),
  })
  .map(dense) as fc.Arbitrary<DmMessage['header']>;

for (const form of ['xml', 'wbxml'] as const satisfies readonly MessageForm[]) {
  test(`the size of a command in ${form} is never estimated too small, and not absurdly large`, () => {
    fc.assert(
      fc.property(command, (each) => {
        const actual = exactCommandSize(each, form, 5);
        const estimate = commandSize(each, form);
        assert.ok(actual <= estimate, `${actual} octets, estimated ${estimate}`);
        assert.ok(estimate <= actual * 3 + 400, `${actual} octets, estimated ${estimate}`);
      }),
    );
  });

  test(`the size of a message in ${form} is never estimated too small, credentials that it may get included`, () => {
    fc.assert(
      fc.property(header, fc.array(command, { maxLength: 4 }), (head, commands) => {
        const numbered = numberCommands(commands);
        const { cred, ...without } = head;
        const bound = boundOfMessage(without, commands, form) + boundOfCred(cred, form);
        assert.ok(bound >= writeMessage({ header: head, commands: numbered, final: true }, form).length);
        assert.equal(boundOfMessage(head, commands, form), bound);
      }),
    );
  });

  test(`a message in ${form} takes what its parts take by themselves`, () => {
    fc.assert(
      fc.property(header, fc.array(command, { maxLength: 4 }), (head, commands) => {
        const parts = numberCommands(commands).map((each) => exactCommandSize(each, form, 1));
        const sum = parts.reduce((size, part) => size + part, messageSize(head, [], form));
        const inner = commands.reduce((n, each) => n + ('commands' in each ? each.commands.length : 0), 0);
        const actual = messageSize(head, commands, form);
        const numbers = commands.length + inner;
        assert.ok(
          sum <= actual && actual <= sum + Math.max(0, 2 * numbers - 9),
          `${actual} octets, sum ${sum}`,
        );
        assert.equal(
          actual,
          writeMessage({ header: head, commands: numberCommands(commands), final: true }, form).length,
        );
      }),
    );
  });
}

const replace = (data: Item['data']): DmCommand => ({
  name: 'Replace',
  cmdId: '12345',
  items: [{ target: { uri: './A' }, ...(data === undefined ? {} : { data }) }],
});

test('each character is counted with the reference that XML may write for it', () => {
  for (const character of ['&', '<', '>', '\r', '\n', '\t', '"', 'a', 'ü', '€', '😀']) {
    const text = character.repeat(1000);
    assert.ok(commandSize(replace(text), 'xml') >= exactCommandSize(replace(text), 'xml', 5), character);
    const attributes = [{ name: 'b', namespace: '', value: text }];
    const document = replace({ name: 'A', namespace: '', attributes, children: [text] });
    assert.ok(commandSize(document, 'xml') >= exactCommandSize(document, 'xml', 5), `document: ${character}`);
  }
});

test('a character that XML writes as it is takes its octets of UTF-8, and no more', () => {
  assert.deepEqual(
    ['', 'a', '\u007f', '\u0080', 'ü', '߿', 'ࠀ', '€', '\uffff', '😀'].map(escapedSize),
    [0, 1, 1, 2, 2, 2, 3, 3, 3, 4],
  );
});

test('a challenge is counted with all of its elements', () => {
  const status: DmCommand = {
    name: 'Status',
    cmdId: '12345',
    msgRef: '1',
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [],
    sourceRefs: [],
    chal: { meta: { nextNonce: new Uint8Array(16) } },
    data: '401',
    items: [],
  };
  for (const form of ['xml', 'wbxml'] as const) {
    assert.ok(commandSize(status, form) >= exactCommandSize(status, form, 5), form);
  }
});

test('an object beyond MaxObjSize is found wherever its command stands, and counted as it travels', () => {
  const add = (data: string | Uint8Array): ManagementCommand => ({
    name: 'Add',
    cmdId: '1',
    items: [
      { target: { uri: './A' }, data: '' },
      { target: { uri: './B' }, meta: { format: 'bin' }, data },
    ],
  });
  const octets = new Uint8Array(9);
  for (const command of [
    add(octets),
    { name: 'Atomic', cmdId: '1', commands: [{ name: 'Sequence', cmdId: '2', commands: [add(octets)] }] },
  ] as const satisfies readonly ManagementCommand[]) {
    assert.deepEqual(
      [8, 9, 11, 12].map((most) => [oversized(command, most, 'wbxml'), oversized(command, most, 'xml')]),
      [
        [true, true],
        [false, true],
        [false, true],
        [false, false],
      ],
      command.name,
    );
  }
  const element = { name: 'Odd', namespace: '', attributes: [], children: ['x'.repeat(20)] };
  assert.equal(oversized({ name: 'Unknown', cmdId: '1', element }, 8, 'xml'), false);
});
