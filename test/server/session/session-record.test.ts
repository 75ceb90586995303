// What a step of a session leaves for the store: nonces, what the device reported, what becomes of notifications.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand, Item } from '../../../src/codec/syncml/index.ts';
import { type RecordContext, updateOf } from '../../../src/server/session/session-record.ts';
import type { SessionEntry } from '../../../src/server/session/session-table.ts';
import type { SessionEnd, SessionStep } from '../../../src/session/index.ts';

const idleMs = 60_000;
const context: RecordContext = {
  node: 'n',
  now: Date.UTC(2026, 0, 1),
  monotonic: 7_000_000,
  idleMs,
  retryAfterMs: 10_000,
};

interface Scene {
  readonly sessionId?: number | string;
  readonly authenticated?: boolean;
  /** Id of the notification that the session answers. */
  readonly answers?: string;
  readonly alsoAnswers?: readonly string[];
  readonly marked?: readonly string[];
  readonly lostAt?: number;
}

/** An entry with what the record looks at. */
function entryOf(scene: Scene): SessionEntry {
  const { sessionId = 5, authenticated = true, answers, alsoAnswers = [], marked = [] } = scene;
  const entry = {
    deviceId: 'd',
    notification: answers === undefined ? undefined : { id: answers },
    subject: { device: { reported: {} }, holder: 'h', alsoAnswers: new Set(alsoAnswers) },
    marked: new Set(marked),
    lostAt: scene.lostAt ?? context.monotonic + 3 * idleMs,
    session: { authenticated, options: { sessionId } },
  };
  return entry as unknown as SessionEntry;
}

const step = (effects: SessionStep['effects'], end?: SessionEnd): SessionStep => ({
  effects,
  ...(end !== undefined && { end }),
});
const update = (scene: Scene, done: SessionStep, at: RecordContext = context) =>
  updateOf(entryOf(scene), done, at);

const failed: SessionEnd = { outcome: 'failed', reason: 'it vanished' };
const back = { event: 'session-failed', node: 'n', cause: 'SESSION', dueAt: context.now + 10_000 };

test('a step that changes nothing leaves nothing', () => {
  assert.equal(update({}, step([])), undefined);
  assert.equal(update({ answers: 'p' }, step([{ effect: 'note', text: 'x' }])), undefined);
  // Nothing of the session is anybody's but the device's, which ends it.
  for (const end of [{ outcome: 'completed' }, { outcome: 'aborted', by: 'client', reason: 'x' }] as const) {
    assert.equal(update({}, step([], end)), undefined);
  }
});

test('nonces, the proof and the resynchronisation are kept as the session tells them', () => {
  const nonce = new Uint8Array([1]);
  const other = new Uint8Array([2]);
  const proved = { effect: 'peer-authenticated', scheme: 'md5', defaultNonce: false } as const;
  assert.deepEqual(
    update(
      { answers: 'p' },
      step([{ effect: 'client-nonce', nonce }, { effect: 'server-nonce', nonce: other }, proved]),
    ),
    {
      deviceId: 'd',
      pushId: 'p',
      clientNonce: nonce,
      serverNonce: other,
      authenticated: true,
      changes: [{ event: 'answered', node: 'n', detail: 'authenticated: md5' }],
    },
  );
  const swapped = update(
    { answers: 'p', sessionId: '0500' },
    step([{ ...proved, defaultNonce: true }, { effect: 'resynchronised' }]),
  );
  assert.deepEqual(swapped, {
    deviceId: 'd',
    pushId: 'p',
    authenticated: true,
    usedDefaultNonce: true,
    resynchronised: true,
    changes: [
      {
        event: 'answered',
        node: 'n',
        detail: 'authenticated: md5, default nonce; the octets of its SessionID are swapped',
      },
      { event: 'resynchronised', node: 'n' },
    ],
  });
  assert.equal(update({ sessionId: '0500' }, step([proved]))?.changes[0]?.detail, 'authenticated: md5');
});

test('what a device reports of itself is kept within bounds: leaves under the root, as text', () => {
  const item = (uri: string, data: string | Uint8Array): Item => ({ source: { uri }, data });
  const received = (command: DmCommand) => update({}, step([{ effect: 'received', command }]));
  const reported = (items: readonly Item[]) => received({ name: 'Replace', cmdId: '1', items })?.reported;
  assert.deepEqual(reported([item('./DevInfo/Man', 'Acme'), item('./DevInfo/Mod', 'x'.repeat(1024))]), {
    './DevInfo/Man': 'Acme',
    './DevInfo/Mod': 'x'.repeat(1024),
  });
  assert.deepEqual(reported([item(`./${'u'.repeat(253)}`, 'x')]), { [`./${'u'.repeat(253)}`]: 'x' });
  for (const refused of [
    item('DevInfo/Man', 'x'),
    item(`./${'u'.repeat(254)}`, 'x'),
    item('./A', 'x'.repeat(1025)),
    item('./A', new Uint8Array(1)),
    { data: 'of nothing' },
  ]) {
    assert.equal(reported([refused]), undefined);
  }
  const many = Array.from({ length: 300 }, (_, each) => item(`./${each}`, 'x'));
  assert.equal(Object.keys(reported(many) ?? {}).length, 256);
  assert.equal(received({ name: 'Get', cmdId: '1', items: [item('./A', 'x')] }), undefined);
});

test('a notification is completed with its session, put back when it breaks off, and ends with a client that says farewell', () => {
  const ends = (end: SessionEnd, scene: Scene = {}) => {
    const { changes, endsWithoutJob } = update({ answers: 'p', ...scene }, step([], end)) ?? {};
    return [changes, endsWithoutJob];
  };
  assert.deepEqual(ends({ outcome: 'completed' }), [[{ event: 'completed', node: 'n' }], undefined]);
  assert.deepEqual(ends(failed), [[{ ...back, detail: 'it vanished' }], undefined]);
  assert.deepEqual(ends({ outcome: 'aborted', by: 'client', reason: 'Alert 1223' }), [
    [{ ...back, detail: 'the client broke the session off: Alert 1223' }],
    true,
  ]);
  // The device has not had what it was woken for.
  assert.deepEqual(ends({ outcome: 'aborted', by: 'server', reason: 'no time' }), [
    [{ ...back, detail: 'no time' }],
    undefined,
  ]);
  const { dueAt: _, ...stays } = back;
  assert.deepEqual(ends(failed, { authenticated: false }), [
    [{ ...stays, detail: 'a session did not authenticate: it vanished' }],
    undefined,
  ]);
});

test('a session that goes on puts off when it counts as lost, once half of that has passed', () => {
  const renewed = (scene: Scene) => update(scene, step([]))?.dueAt;
  const { monotonic, now } = context;
  for (const [left, wanted] of [
    [1.5 * idleMs, undefined],
    [1.5 * idleMs - 1, now + 3 * idleMs],
    [Number.NEGATIVE_INFINITY, now + 3 * idleMs],
  ] as const) {
    assert.equal(renewed({ answers: 'p', lostAt: monotonic + left }), wanted);
  }
  assert.equal(renewed({ answers: 'p', authenticated: false, lostAt: 0 }), undefined);
  assert.equal(renewed({ lostAt: 0 }), undefined);
  const entry = entryOf({ answers: 'p', lostAt: 0 });
  assert.ok(updateOf(entry, step([]), context));
  assert.equal(entry.lostAt, monotonic + 3 * idleMs);
  assert.equal(updateOf(entry, step([]), context), undefined);
});

test('another notification whose job the session does is answered by it once, and waits as long as it', () => {
  const { now, monotonic } = context;
  const entry = entryOf({ alsoAnswers: ['q'], lostAt: monotonic + 100_000 });
  const first = updateOf(entry, step([]), context)?.answeredToo;
  const answered = { event: 'answered', node: 'n', detail: 'by session 5, which the device began' };
  assert.deepEqual(first, [{ pushId: 'q', changes: [answered], dueAt: now + 100_000 }]);
  assert.equal(updateOf(entry, step([]), context), undefined, 'and no more until it is put off');
  entry.lostAt = monotonic + 1;
  const later = updateOf(entry, step([]), context);
  assert.deepEqual(later?.answeredToo, [{ pushId: 'q', changes: [], dueAt: now + 3 * idleMs }]);
  assert.equal(later?.dueAt, undefined, 'the session answers none of its own');

  // It has its whole time, however long the session had run before it took the job.
  const late = entryOf({ lostAt: 0 });
  updateOf(late, step([]), context);
  late.subject.alsoAnswers.add('q');
  const taken = updateOf(late, step([]), { ...context, monotonic: monotonic + idleMs, now: now + idleMs });
  assert.deepEqual(taken?.answeredToo?.[0]?.dueAt, now + 4 * idleMs);

  const own = update({ answers: 'p', alsoAnswers: ['p', 'q'], sessionId: 0xab }, step([]));
  const byAnother = { ...answered, detail: 'by session AB, which another notification began' };
  assert.deepEqual(own?.answeredToo, [{ pushId: 'q', changes: [byAnother], dueAt: now + 3 * idleMs }]);
});

test('with the end of the session the others are completed, or due after the pause, and nothing else puts them off', () => {
  const others = (end: SessionEnd, marked: readonly string[]) =>
    update({ alsoAnswers: ['q'], marked, sessionId: 'any' }, step([], end))?.answeredToo;
  const answered = { event: 'answered', node: 'n', detail: 'by session "any", which the device began' };
  assert.deepEqual(others({ outcome: 'completed' }, ['q']), [
    { pushId: 'q', changes: [{ event: 'completed', node: 'n' }] },
  ]);
  assert.deepEqual(others(failed, ['q']), [{ pushId: 'q', changes: [{ ...back, detail: 'it vanished' }] }]);
  // One that came up in the last step is answered and over in one.
  assert.deepEqual(others(failed, []), [
    { pushId: 'q', changes: [answered, { ...back, detail: 'it vanished' }] },
  ]);
});
