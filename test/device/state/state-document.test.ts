// The state document: what is taken, and that anything else is refused with the place where it is damaged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../../src/core/index.ts';
import type { RememberedNotification, ServerMemory } from '../../../src/device/state/replay-memory.ts';
import { damaged, readStateDocument, stateDocument } from '../../../src/device/state/state-document.ts';

const entry: RememberedNotification = {
  sessionId: 1,
  digests: ['aa', 'bb'],
  state: 'open',
  attempts: 1,
  changedMs: 5,
};
const memory: ServerMemory = { floor: 3, notifications: [entry], resynchronisations: [4] };
const tree = { root: 1 };
const document = { format: 'reveille-device', version: 2, tree, servers: { a: memory } };

function refusal(value: unknown): string {
  try {
    readStateDocument(value, 'state.json');
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return 'taken';
}

test('what is written is read, whole, in versions 1 and 2', () => {
  const full: RememberedNotification = { ...entry, state: 'settled', timestamp: 9, defaultNonce: true };
  const servers = new Map<string, ServerMemory>([
    ['a', { ...memory, notifications: [full, { ...entry, digests: [], state: 'failed' }] }],
    ['b', { floor: 0, notifications: [], resynchronisations: [] }],
  ]);
  const written = JSON.parse(JSON.stringify(stateDocument(tree, servers)));
  assert.deepEqual(readStateDocument(written, 'x'), { version: 2, tree, servers });
  assert.deepEqual(readStateDocument({ ...written, version: 1 }, 'x'), { version: 1, tree, servers });
});

test('what is no state, or of another version, says what to do', () => {
  assert.match(refusal(undefined), /^state\.json does not exist yet; provision/);
  for (const value of [null, [], 7, {}, { ...document, format: 'other' }, [document]]) {
    assert.match(refusal(value), /^state\.json is not the state of a device/);
  }
  for (const version of [0, 3, '2', undefined]) {
    assert.match(refusal({ ...document, version }), /^state\.json has version .*reads 1 and 2/);
  }
});

test('damage says what to do, and keeps what it was found by, if anything', () => {
  const cause = new Error('no tree');
  const error = damaged('state.json', 'its tree', cause);
  assert.match(error.message, /^state\.json is damaged at its tree; restore it/);
  assert.equal(error.cause, cause);
  assert.equal('cause' in damaged('state.json', 'servers'), false);
});

test('a memory that makes no sense is damage, told with its server', () => {
  assert.equal(refusal(document), 'taken');
  for (const servers of [null, [], 'x', undefined]) {
    assert.match(refusal({ ...document, servers }), /^state\.json is damaged at servers; restore/);
  }
  const entries: readonly object[] = [
    { sessionId: '1' },
    { sessionId: Number.NaN },
    { sessionId: undefined },
    { digests: 'aa' },
    { digests: ['aa', 7] },
    { digests: [7, 'aa'] },
    { state: 'closed' },
    { attempts: null },
    { changedMs: '5' },
    { changedMs: Number.POSITIVE_INFINITY },
    { timestamp: '9' },
    { timestamp: null },
    { defaultNonce: 'yes' },
    { defaultNonce: null },
  ].map((change) => ({ ...memory, notifications: [entry, { ...entry, ...change }] }));
  const memories: readonly unknown[] = [
    null,
    [],
    { ...memory, floor: '3' },
    { ...memory, notifications: {} },
    { ...memory, notifications: [null] },
    { ...memory, notifications: [[]] },
    { ...memory, resynchronisations: 4 },
    { ...memory, resynchronisations: [4, '5'] },
    ...entries,
  ];
  for (const wrong of memories) {
    assert.match(
      refusal({ ...document, servers: { a: memory, b: wrong } }),
      /^state\.json is damaged at servers\["b"\]/,
      JSON.stringify(wrong),
    );
  }
});
