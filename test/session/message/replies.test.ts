// What in a message answers what.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert, DmCommand, DmMessage, Status } from '../../../src/codec/syncml/index.ts';
import {
  alertCode,
  commandStatus,
  commandsToAnswer,
  isAlert,
  shownStatus,
  statusNumber,
  statusOfHeader,
} from '../../../src/session/message/replies.ts';

const header = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1',
  msgId: '2',
  target: { uri: 'a' },
  source: { uri: 'b' },
};
const message = (...commands: readonly DmCommand[]): DmMessage => ({ header, commands, final: true });
const status = (msgRef: string, cmdRef: string): Status => ({
  name: 'Status',
  cmdId: '1',
  msgRef,
  cmdRef,
  cmd: cmdRef === '0' ? 'SyncHdr' : 'Get',
  targetRefs: [],
  sourceRefs: [],
  data: '200',
  items: [],
});

test('the Status for a SyncHdr is one of that message, for its command 0, and no Results', () => {
  const results: DmCommand = { name: 'Results', cmdId: '1', msgRef: '1', cmdRef: '0', items: [] };
  assert.equal(statusOfHeader(message(results), '1'), undefined);
  assert.equal(statusOfHeader(message(status('1', '1'), status('2', '0')), '1'), undefined);
  const wanted = status('1', '0');
  assert.equal(statusOfHeader(message(results, wanted), '1'), wanted);
});

test('Statuses and Results are answers, and are not answered', () => {
  const get: DmCommand = { name: 'Get', cmdId: '2', items: [] };
  const results: DmCommand = { name: 'Results', cmdId: '3', cmdRef: '1', items: [] };
  assert.deepEqual(commandsToAnswer(message(status('1', '0'), get, results)), [get]);
});

test('a Status names its command as it came, and the items that it is about', () => {
  const element = { name: 'Search', namespace: '', attributes: [], children: [] };
  assert.equal(commandStatus('1', { name: 'Unknown', cmdId: '4', element }, 406).cmd, 'Search');
  const about = [{ target: { uri: './A' } }, { source: { uri: './B' } }];
  const { cmd, cmdRef, targetRefs, sourceRefs, items } = commandStatus(
    '1',
    { name: 'Copy', cmdId: '5', items: about },
    404,
    { about },
  );
  assert.deepEqual([cmd, cmdRef, targetRefs, sourceRefs, items], ['Copy', '5', ['./A'], ['./B'], []]);
});

test('codes are three or four digits; what is none is shown in quotes, and shortly', () => {
  const alert = (data?: string): Alert => ({
    name: 'Alert',
    cmdId: '1',
    items: [],
    ...(data === undefined ? {} : { data }),
  });
  assert.equal(isAlert(alert(' 1222 '), 1222), true);
  assert.equal(isAlert(alert('1223'), 1222), false);
  assert.equal(isAlert({ ...status('1', '1'), data: '1222' }, 1222), false);
  assert.equal(alertCode(alert()), Number.NaN);
  for (const text of ['', '20', '20000', '0x20', '200.0', '-200'])
    assert.equal(statusNumber(text), Number.NaN);
  assert.equal(shownStatus(' 404\n'), 'status 404');
  assert.equal(shownStatus('x'.repeat(50)), `"${'x'.repeat(40)}", which is no status`);
});
