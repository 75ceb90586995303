import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type DmCommand,
  type DmMessage,
  type MessageForm,
  readMessage,
  readMessageHead,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { DecodeError } from '../../../src/core/index.ts';

const limits = { maxCommands: 16, maxOctets: 65_536 };

function message(commands: readonly DmCommand[]): DmMessage {
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1',
      msgId: '1',
      target: { uri: 'https://dm.example/' },
      source: { uri: 'IMEI:493005100592800', name: 'e1' },
      cred: { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: 'Zz6EivR3yeaaENcRN6lpAQ==' },
    },
    commands,
    final: true,
  };
}

function gets(count: number): DmCommand[] {
  return Array.from({ length: count }, (_, each) => ({
    name: 'Get',
    cmdId: String(each + 1),
    items: [{ target: { uri: './DevInfo/Man' } }],
  }));
}

for (const form of ['xml', 'wbxml'] as const) {
  describe(`the beginning of a message in ${form}`, () => {
    test('a message within the limits is read whole', () => {
      for (const count of [0, 1, 16]) {
        const octets = writeMessage(message(gets(count)), form);
        const head = readMessageHead(octets, form, limits);
        assert.equal(head.complete, true);
        assert.deepEqual(head.message, readMessage(octets, form));
      }
    });

    test('reading stops behind the command that is one too many, whatever follows', () => {
      const octets = writeMessage(message(gets(30)), form);
      // The last command is cut off, and what is left is no document.
      const head = readMessageHead(octets.subarray(0, octets.length - 40), form, limits);
      assert.equal(head.complete, false);
      assert.deepEqual(head.message.header, message([]).header);
      assert.deepEqual(head.message.commands, gets(17));
    });

    test('Status and Results do not count as commands', () => {
      const status: DmCommand = {
        name: 'Status',
        cmdId: '1',
        msgRef: '1',
        cmdRef: '0',
        cmd: 'SyncHdr',
        targetRefs: [],
        sourceRefs: [],
        data: '200',
        items: [],
      };
      const octets = writeMessage(message(Array(40).fill(status)), form);
      assert.equal(readMessageHead(octets, form, limits).complete, true);
    });

    test('reading stops at the limit of octets, and a command that is cut there is left out', () => {
      const [get] = gets(1);
      assert.ok(get);
      const large: DmCommand = {
        name: 'Replace',
        cmdId: '2',
        items: [
          { target: { uri: './A' }, data: 'x'.repeat(500) },
          ...Array(200).fill({ target: { uri: './B' }, data: 'y' }),
        ],
      };
      const octets = writeMessage(message([get, large, { ...get, cmdId: '3' }]), form);
      const head = readMessageHead(octets, form, { maxCommands: 16, maxOctets: 1500 });
      assert.equal(head.complete, false);
      assert.deepEqual(head.message.commands, [get]);
    });

    test('reading stops at the limit of elements, wherever they stand', () => {
      const items = Array(3000).fill({ target: { uri: './B' } });
      const octets = writeMessage(message([...gets(1), { name: 'Get', cmdId: '2', items }]), form);
      const head = readMessageHead(octets, form, { ...limits, maxOctets: octets.length });
      assert.equal(head.complete, false);
      assert.deepEqual(head.message.commands, gets(1));
    });

    test('a header that does not end within the limit is an error', () => {
      const long = message([]);
      const octets = writeMessage(
        { ...long, header: { ...long.header, target: { uri: 'x'.repeat(3000) } } },
        form,
      );
      assert.throws(() => readMessageHead(octets, form, { ...limits, maxOctets: 100 }), DecodeError);
    });

    test('property: any octets are a head or a DecodeError, at any limit', () => {
      const octets = writeMessage(message(gets(5)), form);
      fc.assert(
        fc.property(
          fc.nat(octets.length - 1),
          fc.nat(255),
          fc.integer({ min: 1, max: 800 }),
          fc.integer({ min: 1, max: 6 }),
          (at, value, maxOctets, maxCommands) => {
            const changed = octets.slice();
            changed[at] = value;
            try {
              const { message: read, complete } = readMessageHead(changed, form, { maxOctets, maxCommands });
              assert.ok(complete || read.commands.length <= maxCommands + 1);
            } catch (error) {
              assert.ok(error instanceof DecodeError, String(error));
            }
          },
        ),
      );
    });
  });
}

test('of 5000 commands a head holds as many as it may, and one to know that there are more', () => {
  const forms: readonly MessageForm[] = ['xml', 'wbxml'];
  for (const form of forms) {
    const octets = writeMessage(message(gets(5000)), form);
    const { message: read, complete } = readMessageHead(octets, form, limits);
    assert.equal(complete, false);
    assert.equal(read.commands.length, 17);
  }
});
