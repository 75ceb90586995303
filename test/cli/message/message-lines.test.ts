// Commands of a DM message as lines and as JSON.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandJson, commandLines } from '../../../src/cli/message/message-lines.ts';
import { type DmCommand, mediaTypes } from '../../../src/codec/syncml/index.ts';
import { buildTnds } from '../../../src/codec/tnds/index.ts';
import { encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { bytesToBase64 } from '../../../src/core/index.ts';

const tree = encodeWbxml(buildTnds({ verDtd: '1.2', nodes: [{ name: 'Note', value: 'x', nodes: [] }] }));

function add(data: string | Uint8Array, type: string): DmCommand {
  return {
    name: 'Add',
    cmdId: '2',
    items: [{ target: { uri: './Vendor' }, meta: { type }, data }],
  } as unknown as DmCommand;
}

describe('a command of a message', () => {
  it('shows a tree in WBXML as the document, and the same octets of another type as octets', () => {
    const [line = ''] = commandLines([add(tree, mediaTypes.tndsWbxml)]);
    assert.match(line, /^ {2}2 {2}Add \.\/Vendor \(.*\): <MgmtTree xmlns="syncml:dmddf1.2">/);
    assert.deepEqual(commandLines([add(tree, 'application/octet-stream')]), [
      `  2  Add ./Vendor (application/octet-stream): ${tree.length} octets`,
    ]);
    const text = bytesToBase64(tree);
    assert.match(
      commandLines([add(text, mediaTypes.tndsWbxml)])[0] ?? '',
      /: <MgmtTree xmlns="syncml:dmddf1.2">/,
    );
    assert.deepEqual(commandJson(add(text, 'text/plain')), {
      command: 'Add',
      cmdId: '2',
      items: [{ target: './Vendor', type: 'text/plain', data: text }],
    });
  });

  it('has a field for data only where the command has data', () => {
    const alert = { name: 'Alert', cmdId: '1', data: '1201', items: [] } as unknown as DmCommand;
    assert.deepEqual(commandJson(alert), { command: 'Alert', cmdId: '1', data: '1201', items: [] });
    assert.deepEqual(commandLines([alert]), ['  1  Alert 1201']);
    const get = { name: 'Get', cmdId: '3', items: [] } as unknown as DmCommand;
    assert.deepEqual(commandJson(get), { command: 'Get', cmdId: '3', items: [] });
  });
});
