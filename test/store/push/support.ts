// Pushes of each purpose as records, and the life cycle as a table that shares nothing with the code's own: it is written
// from docs/architecture.md.
import assert from 'node:assert/strict';
import {
  type ChangeVerdict,
  type MessagePush,
  type NotificationPush,
  type PushPurpose,
  type PushRecord,
  type PushState,
  pushStates,
} from '../../../src/store/index.ts';
import { samplePushMark, samplePushMessage } from '../../../src/testing/index.ts';

const base = {
  state: 'queued',
  attempts: 3,
  sends: 2,
  failures: 1,
  refusedAddresses: ['sms:+1'],
  lease: 7,
  version: 4,
  dueAt: 500,
  expiresAt: 1000,
  reason: 'before',
  createdAt: 1,
  updatedAt: 1,
} as const;

/** A notification that waits for its fourth attempt. */
export const notification: NotificationPush = {
  ...base,
  purpose: 'notification',
  id: 'n',
  deviceId: 'd',
  serverId: 's',
  sessionId: 0x1234,
  format: 'dm1.2',
  fields: {},
  defaultNonce: 'none',
  resynchronise: false,
};

const octets = { octets: samplePushMessage().body.length, resultFailures: 4 };

/** A message that waits for its fourth attempt. */
export const message: MessagePush = { ...samplePushMessage(), ...base, ...octets, id: 'm' };

/** One of another initiator that asked for its result. */
export const relayed: MessagePush = {
  ...samplePushMessage({ initiator: samplePushMark() }),
  ...base,
  ...octets,
  id: 'r',
};

const { notifyTo: _, ...quietMark } = samplePushMark();

/** One of another initiator that asked for nothing. */
export const quiet: MessagePush = { ...relayed, initiator: quietMark, id: 'q' };

/** One of each, by what it is. */
export const samples: Readonly<Record<string, PushRecord>> = {
  notification,
  message,
  relayed,
  'relayed, without a result': quiet,
};

/**
 * One letter for each event in the order queued sending, sent accepted delivered, answered completed, failed expired cancelled,
 * unreported: m(oves), n(oted), and a dash for refused. Remarks are always noted.
 */
type Table = Readonly<Record<PushState, string>>;

const over = '-- nnn n- --- -';

const session: Table = {
  queued: '-m nnn m- mmm -',
  sending: 'mm mmm m- mmm -',
  sent: '-m nmm m- mmm -',
  accepted: '-m nnm m- mmm -',
  delivered: '-m nnn m- mmm -',
  answered: '-m nnn nm m-- -',
  completed: over,
  failed: over,
  expired: over,
  cancelled: over,
  unreported: over,
};

const carrier: Table = {
  queued: '-m nnm n- mmm -',
  sending: 'mm mmm n- mm- -',
  sent: over,
  accepted: 'm- nnm n- m-- m',
  delivered: over,
  answered: over,
  completed: over,
  failed: over,
  expired: over,
  cancelled: over,
  unreported: '-- nnm n- m-- -',
};

/** What ends a push. */
export const tables: Readonly<Record<PushPurpose, Table>> = {
  notification: session,
  message: carrier,
  relayed: carrier,
};

/** States in which a push is not over. */
export const openStates: Readonly<Record<PushPurpose, readonly PushState[]>> = {
  notification: ['queued', 'sending', 'sent', 'accepted', 'delivered', 'answered'],
  message: ['queued', 'sending', 'accepted'],
  relayed: ['queued', 'sending', 'accepted'],
};

/** Events that others told us of. */
export const facts: readonly string[] = ['sent', 'accepted', 'delivered', 'answered'];

/** What the table says of an event. */
export function verdictOf({ purpose, state }: PushRecord, event: string): ChangeVerdict {
  const index = (pushStates as readonly string[]).indexOf(event);
  if (index < 0) return 'kept';
  const letter = tables[purpose][state].replaceAll(' ', '')[index];
  assert.ok(letter !== undefined, `a letter for ${event} after ${state}`);
  if (letter === 'm') return 'changed';
  return letter === 'n' ? 'kept' : 'refused';
}

/** The same of an older claim: it moves nothing. */
export function lateVerdictOf(push: PushRecord, event: string): ChangeVerdict {
  const verdict = verdictOf(push, event);
  if (verdict !== 'changed') return verdict;
  return facts.includes(event) ? 'kept' : 'refused';
}

/** The push in a state; one that is over was over at 50. */
export function inState(push: PushRecord, state: PushState): PushRecord {
  if (openStates[push.purpose].includes(state)) return Object.freeze({ ...push, state });
  const { dueAt: __, ...ended } = push;
  return Object.freeze({ ...ended, state, endedAt: 50 });
}
