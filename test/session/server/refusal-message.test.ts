// The answer to a client that is not believed: how it is numbered, and what is left out where there is little room.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DmMessage, readMessage } from '../../../src/codec/syncml/index.ts';
import {
  messagesBefore,
  type RefusalOptions,
  refusalMessage,
} from '../../../src/session/server/refusal-message.ts';
import { deviceId, get, line, serverUri } from '../conversation.ts';

const message = (header: Partial<DmMessage['header']> = {}): DmMessage => ({
  header: {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: '1',
    target: { uri: serverUri },
    source: { uri: deviceId },
    ...header,
  },
  commands: [{ name: 'Alert', cmdId: '1', data: '1201', items: [] }, get('2', './A')],
  final: true,
});

test('the answer to the n-th message is the n-th, as far as its MsgID is a number of reasonable length', () => {
  for (const [msgId, before] of [
    ['1', 0],
    ['2', 1],
    [' 17 ', 16],
    ['9999', 9998],
    ['10000', 0],
    ['0', 0],
    ['-3', 0],
    ['1e3', 0],
    ['', 0],
  ] as const) {
    assert.equal(messagesBefore(message({ msgId })), before, msgId);
  }
});

test('what does not fit is left out: the Statuses of commands, then the references, then the answer', () => {
  const options: RefusalOptions = {
    message: message({ msgId: '3' }),
    complete: true,
    header: { status: 401 },
    serverUri,
    form: 'xml',
    room: 10_000,
    maxMsgSize: 4000,
    maxObjSize: 5000,
  };
  const answer = (more: Partial<RefusalOptions>): Uint8Array | undefined =>
    refusalMessage({ ...options, ...more });
  const shown = (octets: Uint8Array | undefined): string => {
    assert.ok(octets);
    const read = readMessage(octets, 'xml');
    const [status] = read.commands;
    const references = status?.name === 'Status' ? status.targetRefs.length + status.sourceRefs.length : 0;
    return `${line({ from: 'server', message: read })}, ${references} references`;
  };
  const whole = answer({});
  const headerOnly = answer({ complete: false });
  assert.ok(whole && headerOnly);
  assert.equal(shown(whole), 'S3 SyncHdr=401 Alert=401 Get=401 Final, 2 references');
  assert.equal(shown(headerOnly), 'S3 SyncHdr=401 Final, 2 references');
  assert.deepEqual(answer({ room: whole.length }), whole);
  assert.deepEqual(answer({ room: whole.length - 1 }), headerOnly);
  const shortest = answer({ room: headerOnly.length - 1 });
  assert.ok(shortest);
  assert.equal(shown(shortest), 'S3 SyncHdr=401 Final, 0 references');
  assert.equal(answer({ room: shortest.length - 1 }), undefined);
  // What the client takes counts as well, unless it is nothing.
  const meta = { maxMsgSize: headerOnly.length };
  assert.deepEqual(answer({ message: message({ msgId: '3', meta }) }), headerOnly);
  assert.deepEqual(answer({ message: message({ msgId: '3', meta: { maxMsgSize: 0 } }) }), whole);
});
