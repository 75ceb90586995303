import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DmCommand,
  type Item,
  type MessageForm,
  readMessage,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { LargeObjectReceiver } from '../../../src/session/message/large-object.ts';
import { numberCommands } from '../../../src/session/message/numbering.ts';
import { OutgoingPackage } from '../../../src/session/message/outgoing-package.ts';

const header = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1',
  msgId: '1',
  target: { uri: 'a' },
  source: { uri: 'b' },
};

/** Through the codec and back, as one message after the other would go, in no more octets than there is room for. */
function carried(commands: readonly DmCommand[], form: MessageForm, room: number): readonly DmCommand[] {
  const octets = writeMessage({ header, commands: numberCommands(commands), final: true }, form);
  const envelope = writeMessage({ header, commands: [], final: true }, form).length;
  assert.ok(octets.length - envelope <= room, `${octets.length - envelope} octets, room for ${room}`);
  return readMessage(octets, form).commands;
}

// Of any length up to there: by default nearly all would be too short to be cut.
const size = 'max';
const text = (form: MessageForm) =>
  fc.string({
    // XML carries no NUL.
    unit: fc.constantFrom('a', 'b', '&', '<', 'ü', '€', '😀', form === 'xml' ? '\n' : '\u0000'),
    maxLength: 1500,
    size,
  });
const command = (form: MessageForm) =>
  fc.record({
    name: fc.constantFrom('Add', 'Replace'),
    data: fc.array(fc.noBias(fc.oneof(text(form), fc.uint8Array({ maxLength: 1500, size }))), {
      minLength: 1,
      maxLength: 3,
    }),
  });

for (const form of ['xml', 'wbxml'] as const satisfies readonly MessageForm[]) {
  test(`any commands in any message size come out whole and in order, ${form}`, () => {
    fc.assert(
      fc.property(
        fc.array(command(form), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 600, max: 3000 }),
        (given, room) => {
          const outgoing = new OutgoingPackage(form);
          let uri = 0;
          const wanted: (string | Uint8Array)[] = [];
          for (const { name, data: values } of given) {
            const items = values.map((value): Item => {
              uri += 1;
              wanted.push(value);
              const target = { uri: `./${uri}` };
              return typeof value === 'string'
                ? { target, data: value }
                : { target, meta: { format: 'bin' }, data: value };
            });
            outgoing.add({ command: { name: name as 'Add' | 'Replace', cmdId: '', items } });
          }
          const receiver = new LargeObjectReceiver(1_000_000);
          const got: (string | Uint8Array)[] = [];
          for (let messages = 0; !outgoing.empty; messages += 1) {
            assert.ok(messages < 1000, 'the package does not get empty');
            const portion = outgoing.take(room);
            assert.deepEqual(portion.tooLarge, []);
            assert.ok(portion.commands.length > 0);
            const last = portion.commands.at(-1)?.command;
            assert.equal(
              last?.name !== 'Status' &&
                last !== undefined &&
                'items' in last &&
                last.items[0]?.moreData === true,
              portion.chunk,
            );
            for (const each of carried(
              portion.commands.map((entry) => entry.command),
              form,
              room,
            )) {
              assert.ok(each.name === 'Add' || each.name === 'Replace');
              for (const item of each.items) {
                const verdict = receiver.take(each, item);
                assert.notEqual(verdict.state, 'refused');
                if (verdict.state === 'whole') got.push(value(verdict.item));
              }
            }
          }
          assert.equal(receiver.awaited, undefined);
          assert.deepEqual(got, wanted);
        },
      ),
      // As found: to make texts of that length shorter takes minutes.
      { numRuns: 60, endOnFailure: true },
    );
  });
}

function value({ data: found, meta }: Item): string | Uint8Array {
  if (found instanceof Uint8Array) return found;
  assert.ok(found === undefined || typeof found === 'string');
  if (meta?.format === 'b64') return Uint8Array.from(Buffer.from(found ?? '', 'base64'));
  return meta?.format === 'bin' ? new Uint8Array() : (found ?? '');
}

for (const [form, odd] of [
  ['xml', ['&', '<', '>', '\r', '"', '\n']],
  ['wbxml', ['\u0000', `\u0000${'a'.repeat(1500)}`]],
] as const) {
  test(`a piece of a text takes no more room than there is, and hardly less, ${form}`, () => {
    const envelope = writeMessage({ header, commands: [], final: true }, form).length;
    const plain = ['a', 'ü', '€', '😀'];
    for (const characters of [...plain, ...odd]) {
      for (let room = 600; room < 610; room += 1) {
        const outgoing = new OutgoingPackage(form);
        const item: Item = { target: { uri: './1' }, data: characters.repeat(1500) };
        outgoing.add({ command: { name: 'Add', cmdId: '', items: [item] } });
        const { commands, chunk } = outgoing.take(room);
        assert.equal(chunk, true);
        const numbered = numberCommands(commands.map(({ command }) => command));
        const octets = writeMessage({ header, commands: numbered, final: true }, form).length - envelope;
        const said = `${JSON.stringify(characters.slice(0, 2))}: ${octets} octets, room for ${room}`;
        assert.ok(octets <= room, said);
        // A CmdID may have a digit more; then less than a character is left.
        if (plain.includes(characters)) assert.ok(octets >= room - utf8ToBytes(characters).length, said);
      }
    }
  });
}

test('a group that fits into no message is taken out and told', () => {
  const outgoing = new OutgoingPackage('xml');
  const inner: DmCommand = {
    name: 'Add',
    cmdId: '',
    items: [{ target: { uri: './A' }, data: 'x'.repeat(2000) }],
  };
  const group: DmCommand = { name: 'Atomic', cmdId: '', commands: [inner] };
  const small: DmCommand = { name: 'Get', cmdId: '', items: [{ target: { uri: './B' } }] };
  outgoing.add({ command: group }, { command: small });
  const portion = outgoing.take(1000);
  assert.deepEqual(portion.tooLarge, [{ command: group }]);
  assert.deepEqual(portion.commands, [{ command: small }]);
});

test('what was taken comes back by rewind, and the rest of an object can be dropped', () => {
  const outgoing = new OutgoingPackage('xml');
  outgoing.add({
    command: { name: 'Add', cmdId: '', items: [{ target: { uri: './A' }, data: 'x'.repeat(2000) }] },
  });
  const first = outgoing.take(1000);
  assert.equal(first.chunk, true);
  outgoing.rewind();
  assert.deepEqual(outgoing.take(1000), first);
  outgoing.add({ command: { name: 'Delete', cmdId: '', items: [{ target: { uri: './B' } }] } });
  outgoing.dropObject();
  outgoing.dropObject();
  const rest = outgoing.take(1000).commands;
  assert.deepEqual(
    rest.map(({ command: { name } }) => name),
    ['Delete'],
  );
});

test('without room for anything, every command is told rather than the package standing still', () => {
  const outgoing = new OutgoingPackage('xml');
  outgoing.add({ command: { name: 'Add', cmdId: '', items: [{ target: { uri: './A' }, data: 'x' }] } });
  const portion = outgoing.take(-5);
  assert.equal(portion.tooLarge.length, 1);
  assert.equal(outgoing.empty, true);
});

const items = (count: number, length: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({
    target: { uri: `./${index}` },
    data: String(index % 10).repeat(length),
  }));
const lengths = (commands: readonly { readonly command: DmCommand }[]): number[] =>
  commands.map(({ command }) => ('items' in command ? command.items.length : 0));

for (const form of ['xml', 'wbxml'] as const) {
  for (const given of [
    { name: 'Replace', cmdId: '', items: items(3, 400) },
    { name: 'Results', cmdId: '', msgRef: '1', cmdRef: '2', items: items(3, 400) },
  ] as const satisfies readonly DmCommand[]) {
    test(`${given.name} of several items goes out item by item where it is too much for one message, ${form}`, () => {
      const outgoing = new OutgoingPackage(form);
      assert.equal(outgoing.fits(given, 700), true);
      outgoing.add({ command: given });
      const sent: DmCommand[] = [];
      for (let messages = 0; !outgoing.empty; messages += 1) {
        assert.ok(messages < 10);
        const portion = outgoing.take(700);
        assert.deepEqual([portion.chunk, portion.tooLarge], [false, []]);
        assert.deepEqual(lengths(portion.commands), [1]);
        sent.push(...portion.commands.map(({ command }) => command));
      }
      assert.deepEqual(
        sent,
        given.items.map((item) => ({ ...given, items: [item] })),
      );
    });
  }

  test(`what cannot be cut fits whole or not at all, ${form}`, () => {
    const outgoing = new OutgoingPackage(form);
    const [item] = items(1, 2000);
    assert.ok(item);
    const one = { cmdId: '', items: [item] };
    for (const [command, fits] of [
      [{ name: 'Add', ...one }, true],
      [{ name: 'Replace', ...one }, true],
      [{ name: 'Results', msgRef: '1', cmdRef: '2', ...one }, true],
      [{ name: 'Exec', ...one }, false],
      [{ name: 'Alert', ...one }, false],
      [{ name: 'Get', cmdId: '', items: [{ target: { uri: `./${'x'.repeat(2000)}` } }] }, false],
      [{ name: 'Delete', cmdId: '', items: [{ target: { uri: './A' } }, { target: { uri: './B' } }] }, true],
      [{ name: 'Atomic', cmdId: '', commands: [{ name: 'Add', ...one }] }, false],
    ] as const satisfies readonly (readonly [DmCommand, boolean])[]) {
      assert.equal(outgoing.fits(command, 1000), fits, command.name);
    }
    const mixed: DmCommand = {
      name: 'Add',
      cmdId: '',
      items: [item, { target: { uri: `./${'x'.repeat(2000)}` }, data: 'x' }],
    };
    assert.equal(outgoing.fits(mixed, 1000), false, 'one of its items cannot go out');
  });

  test(`however many commands a message has, their CmdIDs have room in it, ${form}`, () => {
    const get: DmCommand = { name: 'Get', cmdId: '', items: [{ target: { uri: './A' } }] };
    const empty = writeMessage({ header, commands: [], final: true }, form).length;
    for (let room = 6000; room < 6080; room += 7) {
      const outgoing = new OutgoingPackage(form);
      outgoing.add(...Array.from({ length: 1000 }, () => ({ command: get })));
      const commands = outgoing.take(room).commands.map(({ command }) => command);
      assert.ok(commands.length > 50);
      const octets = writeMessage({ header, commands: numberCommands(commands), final: true }, form).length;
      assert.ok(octets - empty <= room, `${octets - empty} octets, room for ${room}`);
    }
  });
}

test('a package that is cleared has nothing to send, and nothing to take back', () => {
  const outgoing = new OutgoingPackage('xml');
  outgoing.add({ command: { name: 'Add', cmdId: '', items: items(1, 2000) } });
  outgoing.take(1000);
  outgoing.clear();
  assert.equal(outgoing.empty, true);
  outgoing.rewind();
  assert.equal(outgoing.empty, true);
  outgoing.add({ command: { name: 'Delete', cmdId: '', items: [{ target: { uri: './B' } }] } });
  outgoing.dropObject();
  assert.equal(outgoing.empty, false, 'what comes now is no rest of an object');
});

test('only Statuses are taken where only they may go out', () => {
  const outgoing = new OutgoingPackage('xml');
  const status: DmCommand = {
    name: 'Status',
    cmdId: '',
    msgRef: '1',
    cmdRef: '2',
    cmd: 'Get',
    targetRefs: [],
    sourceRefs: [],
    data: '200',
    items: [],
  };
  const results: DmCommand = { name: 'Results', cmdId: '', msgRef: '1', cmdRef: '2', items: items(1, 10) };
  outgoing.add({ command: status }, { command: results }, { command: status });
  assert.deepEqual(outgoing.take(5000, true).commands, [{ command: status }]);
  assert.deepEqual(outgoing.take(5000).commands, [{ command: results }, { command: status }]);
});

test('behind the last piece of an object stand other commands, and are no rest of it', () => {
  const outgoing = new OutgoingPackage('xml');
  const remove: DmCommand = { name: 'Delete', cmdId: '', items: [{ target: { uri: './B' } }] };
  outgoing.add({ command: { name: 'Add', cmdId: '', items: items(1, 1000) } });
  assert.equal(outgoing.take(800).chunk, true);
  assert.equal(outgoing.take(800).chunk, false);
  outgoing.add({ command: remove });
  outgoing.dropObject();
  assert.deepEqual(outgoing.take(800).commands, [{ command: remove }]);
  // Nor behind a rest for which no message has room any more.
  outgoing.add({ command: { name: 'Add', cmdId: '', items: items(1, 2000) } });
  assert.equal(outgoing.take(800).chunk, true);
  assert.equal(outgoing.take(60).tooLarge.length, 1);
  outgoing.add({ command: remove });
  outgoing.dropObject();
  assert.deepEqual(outgoing.take(800).commands, [{ command: remove }]);
});

test('the rest of an object goes on in the next message, however little room that has beside its Statuses', () => {
  const outgoing = new OutgoingPackage('xml');
  outgoing.add({ command: { name: 'Add', cmdId: '', items: items(1, 3000) } });
  assert.equal(outgoing.take(1000).chunk, true);
  const next = outgoing.take(500, false, 5000);
  assert.deepEqual([next.chunk, next.commands.length], [true, 1]);
});

test('what finds no room beside the Statuses waits for a message of its own, an object in pieces too', () => {
  const outgoing = new OutgoingPackage('xml');
  const get: DmCommand = { name: 'Get', cmdId: '', items: [{ target: { uri: './A' } }] };
  for (const command of [
    { name: 'Add', cmdId: '', items: items(1, 3000) },
    { name: 'Add', cmdId: '', items: items(1, 600) },
  ] as const satisfies readonly DmCommand[]) {
    outgoing.add({ command });
    const first = outgoing.take(100, false, 1000);
    assert.deepEqual([first.commands, first.chunk, first.tooLarge], [[], false, []]);
    assert.equal(outgoing.take(1000).commands.length, 1);
    outgoing.clear();
  }
  const exec: DmCommand = { name: 'Exec', cmdId: '', items: items(1, 3000) };
  outgoing.add({ command: exec }, { command: get });
  assert.deepEqual(outgoing.take(900, false, 1000).tooLarge, []);
  assert.deepEqual(outgoing.take(1000), {
    commands: [{ command: get }],
    chunk: false,
    tooLarge: [{ command: exec }],
  });
});

test('the first piece has the Size of the whole, whatever its item said, and the others have none', () => {
  const outgoing = new OutgoingPackage('xml');
  const [item] = items(1, 2000);
  assert.ok(item);
  const meta = { size: 5, type: 'text/x' };
  outgoing.add({ command: { name: 'Add', cmdId: '', items: [{ ...item, meta, moreData: true }] } });
  const pieces: unknown[] = [];
  while (!outgoing.empty) {
    for (const { command } of outgoing.take(1000).commands) {
      const piece = 'items' in command ? command.items[0] : undefined;
      pieces.push([piece?.meta, piece?.moreData]);
    }
  }
  assert.deepEqual(pieces, [
    [{ type: 'text/x', size: 2000 }, true],
    [{ type: 'text/x' }, true],
    [{ type: 'text/x' }, undefined],
  ]);
});
