import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DmCommand,
  type DmMessage,
  type Item,
  type MessageForm,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { exactCommandSize, messageSize } from '../../../src/session/message/exact-size.ts';
import { numberCommands } from '../../../src/session/message/numbering.ts';
import { commandSize } from '../../../src/session/message/size.ts';

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
