// At which level an event stands in the log, and with which fields.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeviceEvent, newCounters } from '../../../src/device/report/events.ts';
import { logEvent } from '../../../src/device/report/log-event.ts';
import { ignoreReasons } from '../../../src/device/report/verdict.ts';

type Line = readonly [level: string, message: string, fields: object];

function lineOf(event: DeviceEvent, sum?: { readonly count: number; readonly withinMs: number }): Line {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push([level, message, fields]);
  };
  logEvent({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, event, sum);
  assert.equal(lines.length, 1);
  return lines[0] ?? assert.fail();
}

const server = { serverId: 'com.example', sessionId: 7 } as const;
const ended = {
  event: 'session-ended',
  ...server,
  nonce: 'stored',
  resynchronised: false,
  retrying: false,
  durationMs: 1,
} as const;
const operation = { event: 'firmware', object: './FwUpdate/Main', operation: 'Update' } as const;
const push = { binding: 'wap', from: '192.0.2.1:9200', octets: 3 } as const;

for (const [level, message, event] of [
  ['debug', 'push received', { event: 'notification-received', ...push }],
  ['info', 'push dropped', { event: 'dropped', ...push, reason: 'busy', detail: 'x' }],
  ['warn', 'notification ignored', { event: 'ignored', reason: 'bad-digest', detail: 'x', ...server }],
  ['warn', 'message refused', { event: 'ignored', reason: 'message-not-signed', detail: 'x' }],
  [
    'error',
    'message refused',
    { event: 'ignored', reason: 'bootstrap-refused', detail: 'x', remedy: 'give it a policy' },
  ],
  ['info', 'session waits', { event: 'waiting', ...server, for: 'bearer', delayMs: 60_000 }],
  [
    'info',
    'message processed',
    { event: 'message-processed', serverId: 'a', succeeded: 1, failed: 0, ignored: 0 },
  ],
  [
    'info',
    'session started',
    { event: 'session-started', ...server, nonce: 'none', address: 'http://a/', attempt: 1 },
  ],
  ['info', 'session completed', { ...ended, outcome: 'completed' }],
  ['warn', 'session ended without being completed', { ...ended, outcome: 'failed', reason: 'x' }],
  ['info', 'account made by a bootstrap', { event: 'bootstrapped', serverId: 'a', uri: './DMAcc/a' }],
  [
    'error',
    'not carried out, and nobody is answered',
    { event: 'message-remark', serverId: 'a', messageId: '1', detail: 'x' },
  ],
  ['info', 'firmware update', { ...operation, stage: 'started' }],
  ['info', 'firmware update', { ...operation, stage: 'ended', result: 410, reason: 'x' }],
  ['error', 'firmware update', { ...operation, stage: 'broken', reason: 'x' }],
] as const satisfies readonly (readonly [string, string, DeviceEvent])[]) {
  test(`${event.event} ${'outcome' in event ? event.outcome : 'stage' in event ? event.stage : ''} is ${level}`, () => {
    const { event: _, ...fields } = event;
    assert.deepEqual(lineOf(event), [level, message, fields]);
  });
}

test('a line that stands for several says how many in which time', () => {
  const event: DeviceEvent = { event: 'dropped', ...push, reason: 'busy', detail: 'x' };
  const { event: _, ...fields } = event;
  assert.deepEqual(lineOf(event, { count: 9, withinMs: 10_000 }), [
    'info',
    'push dropped',
    { ...fields, count: 9, withinMs: 10_000 },
  ]);
});

test('a text of the server is cut at 512 characters, and shown to be', () => {
  const verified = {
    event: 'notification-verified',
    ...server,
    format: 'dm1.3',
    nonce: 'timestamp',
    uiMode: 'background',
    initiator: 'server',
  } as const;
  for (const [reason, shown] of [
    ['x'.repeat(512), 'x'.repeat(512)],
    [`${'x'.repeat(512)}y`, `${'x'.repeat(512)}…`],
  ] as const) {
    const { event: _, ...fields } = verified;
    assert.deepEqual(lineOf({ ...verified, reason }), [
      'info',
      'notification verified',
      { ...fields, reason: shown },
    ]);
  }
});

test('a device begins to count at zero, for every reason that there is', () => {
  const questions = { asked: 0, unanswered: 0, refused: 0 };
  const { ignored, dropped, questions: same, ...counts } = newCounters(questions);
  assert.deepEqual(ignored, Object.fromEntries(ignoreReasons.map((reason) => [reason, 0])));
  assert.deepEqual(dropped, {});
  assert.equal(same, questions);
  assert.deepEqual(counts, {
    ...{ received: 0, processed: 0, bootstrapped: 0 },
    ...{ completed: 0, failed: 0, sessions: 0, resynchronised: 0 },
  });
});
