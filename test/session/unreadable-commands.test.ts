import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage, writeMessage } from '../../src/codec/syncml/index.ts';
import { bytesToUtf8, utf8ToBytes } from '../../src/core/index.ts';
import type { Incoming, SessionStep } from '../../src/session/index.ts';
import { get, stage } from './conversation.ts';

const faulty = '<Get><CmdID>77</CmdID></Get><Get><Item/></Get><Delete><CmdID>0</CmdID><Item/></Delete>';

/** A message as the peer gets it, with commands before Final that cannot be read. */
function withFaulty(step: SessionStep): Incoming {
  assert.ok(step.send);
  const xml = bytesToUtf8(writeMessage(step.send.message, 'xml')) ?? '';
  const body = utf8ToBytes(xml.replace('<Final', `${faulty}<Final`));
  return { message: readMessage(body, 'xml'), body };
}

function statuses(step: SessionStep): (readonly string[])[] {
  // As the peer reads them.
  assert.ok(step.send);
  const { commands } = readMessage(writeMessage(step.send.message, 'xml'), 'xml');
  return commands.flatMap((each) => (each.name === 'Status' ? [[each.cmd, each.cmdRef, each.data]] : []));
}

test('DM-REPPRO-1.2: the device answers 412 or 400 for a command it cannot read, and carries out the others', async () => {
  const { session, server, executed } = stage({ packages: [[get('a', './A')]] });
  const first = session.start();
  assert.ok(first.send);
  const body = writeMessage(first.send.message, 'xml');
  const answer = await server.receive({ message: readMessage(body, 'xml'), body });
  const step = await session.receive(withFaulty(answer));
  assert.deepEqual(executed, ['Get ./A']);
  assert.deepEqual(statuses(step).slice(-4), [
    ['Get', '4', '200'],
    ['Get', '77', '412'],
    ['Get', '', '400'],
    ['Delete', '0', '400'],
  ]);
});

test('DM-REPPRO-1.2: the server answers 412 or 400 for a command it cannot read, and takes the others', async () => {
  const { session, server } = stage({ packages: [[get('a', './A')]] });
  const step = await server.receive(withFaulty(session.start()));
  assert.deepEqual(statuses(step), [
    ['SyncHdr', '0', '200'],
    ['Alert', '1', '200'],
    ['Replace', '2', '200'],
    ['Get', '77', '412'],
    ['Get', '', '400'],
    ['Delete', '0', '400'],
  ]);
});
