// Pushes and their events as the API shows them: every field, and never what was pushed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  MessageEventShape,
  MessageShape,
  NotificationEventShape,
  NotificationShape,
  PushEventShape,
} from '../../../src/api/shapes/push-shapes.ts';
import {
  feedViews,
  messageEventView,
  messageView,
  notificationEventView,
  notificationView,
  pushEventView,
  pushView,
} from '../../../src/api/shapes/push-views.ts';
import type { MessagePush, NotificationPush, PushEvent } from '../../../src/store/index.ts';

/** What no answer holds: what the server keeps for itself. */
const kept = {
  failures: 4,
  refusedAddresses: ['sms:+1'],
  reference: 'smsc:1',
  givenUp: 'smsc:0',
  lease: 6,
  claimedBy: 'node-b',
  version: 7,
  carrier: 'sms',
  idempotencyKey: 'key',
} as const;
const base = {
  ...kept,
  id: 'p-1',
  state: 'queued',
  attempts: 3,
  sends: 2,
  expiresAt: Date.UTC(2026, 0, 3),
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
} as const;
const late = { reason: 'busy', dueAt: Date.UTC(2026, 0, 2, 4) };
const progress = {
  state: 'queued',
  attempts: 3,
  sends: 2,
  expiresAt: '2026-01-03T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T03:04:05.006Z',
};
const shownLate = { reason: 'busy', dueAt: '2026-01-02T04:00:00.000Z' };

const notification: NotificationPush = {
  ...base,
  purpose: 'notification',
  deviceId: 'IMEI:1',
  serverId: 'com.example.dm',
  sessionId: 0x1ab,
  format: 'dm1.3',
  fields: { uiMode: 'background', timeoutMinutes: 5 },
  defaultNonce: 'offered',
  resynchronise: true,
};
const shownNotification = {
  id: 'p-1',
  device: 'IMEI:1',
  serverId: 'com.example.dm',
  sessionId: 0x1ab,
  sessionIdText: '1AB',
  format: 'dm1.3',
  message: { uiMode: 'background', timeoutMinutes: 5 },
  ...progress,
};

const message: MessagePush = {
  ...base,
  purpose: 'message',
  contentType: { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42, parameters: { MAC: '0123' } },
  body: new Uint8Array([1, 2, 3]),
  octets: 300,
  summary: { kind: 'dm+wbxml', commands: 2 },
  schemes: ['sms'],
  resultDueAt: 1,
  resultFailures: 2,
};
const shownMessage = {
  id: 'p-1',
  contentType: 'application/vnd.syncml.dm+wbxml',
  octets: 300,
  summary: { kind: 'dm+wbxml', commands: 2 },
  ...progress,
};
const mark = { initiator: 'partner', pushId: '1@partner', recipient: 'WAPPUSH=+49/TYPE=PLMN@ppg' };
const relayed: MessagePush = {
  ...message,
  ...late,
  purpose: 'relayed',
  deviceId: 'IMEI:1',
  addresses: ['sms:+491701234567'],
  serverId: 'com.example.dm',
  initiator: { ...mark, notifyTo: 'https://user:secret@partner.example/' },
};
const shownRelayed = {
  ...shownMessage,
  ...shownLate,
  device: 'IMEI:1',
  addresses: ['sms:+491701234567'],
  serverId: 'com.example.dm',
  initiator: { name: 'partner', pushId: '1@partner', recipient: 'WAPPUSH=+49/TYPE=PLMN@ppg' },
};

/** Fields that a shape publishes, without those of other answers. */
const published = (shape: { readonly properties: object }, ...others: readonly string[]): readonly string[] =>
  Object.keys(shape.properties)
    .filter((name) => !others.includes(name))
    .sort();

/** An event of a notification. */
const event: PushEvent = {
  sequence: 9,
  event: 'attempt-failed',
  state: 'sending',
  kind: 'notification',
  pushId: 'p-1',
  deviceId: 'IMEI:1',
  sessionId: 0x1ab,
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
};
const { deviceId: _, sessionId: __, ...toAddresses } = event;

describe('pushes and events', () => {
  it('can be shown, whatever they have', () => {
    for (const push of [notification, message, relayed, { ...notification, ...late, endedAt: 1 }]) {
      assert.doesNotThrow(() => pushView(push));
    }
    assert.doesNotThrow(() => notificationEventView(event));
    for (const each of [event, toAddresses]) {
      assert.doesNotThrow(() => [messageEventView(each), pushEventView(each)]);
    }
    for (const kind of ['notification', 'message', 'relayed'] as const) {
      assert.doesNotThrow(() => feedViews[kind](event), kind);
    }
  });
});

describe('a notification', () => {
  it('with what it has to have: no other field', () => {
    assert.deepEqual(notificationView(notification), shownNotification);
  });

  it('with all that it may have: each published field', () => {
    const shown = notificationView({ ...notification, ...late, heldDueAt: 1 }, 'job-1');
    assert.deepEqual(shown, { ...shownNotification, ...shownLate, job: 'job-1', held: true });
    assert.deepEqual(Object.keys(shown).sort(), published(NotificationShape, 'warnings'));
  });

  it('its Session-ID as DM messages have it: upper-case hex without leading zeros', () => {
    for (const [sessionId, text] of [
      [1, '1'],
      [0xff, 'FF'],
      [0xabcd, 'ABCD'],
      [65_535, 'FFFF'],
    ] as const) {
      assert.equal(notificationView({ ...notification, sessionId }).sessionIdText, text);
    }
  });
});

describe('a message', () => {
  it('with what it has to have: no other field, and not what was pushed', () => {
    assert.deepEqual(messageView(message), shownMessage);
  });

  it('with all that it may have: each published field, but not where the result goes', () => {
    assert.deepEqual(messageView(relayed), shownRelayed);
    const held = messageView({ ...relayed, heldResultAt: 1 });
    assert.deepEqual(held, { ...shownRelayed, held: true });
    assert.deepEqual(Object.keys(held).sort(), published(MessageShape));
  });
});

describe('any push', () => {
  it('is shown as its kind is, with what it is for', () => {
    assert.deepEqual(pushView(notification), { ...shownNotification, purpose: 'notification' });
    assert.deepEqual(pushView(message), { ...shownMessage, purpose: 'message' });
    assert.deepEqual(pushView(relayed), { ...shownRelayed, purpose: 'relayed' });
  });

  it('with the job of a notification, and with its end when it is over', () => {
    const endedAt = Date.UTC(2026, 0, 2, 5);
    const ended = { endedAt: '2026-01-02T05:00:00.000Z' };
    assert.deepEqual(pushView({ ...notification, endedAt }, 'job-1'), {
      ...shownNotification,
      purpose: 'notification',
      job: 'job-1',
      ...ended,
    });
    assert.deepEqual(pushView({ ...message, endedAt }), { ...shownMessage, purpose: 'message', ...ended });
  });
});

const attempt = { node: 'a', attempt: 2, binding: 'sms', address: 'sms:+1', detail: 'busy', reference: '1' };
const bare = { sequence: 9, event: 'attempt-failed', state: 'sending' } as const;
const at = '2026-01-02T03:04:05.006Z';
/** What no request and no session brought about is the doing of the server. */
const actor = 'server';
const asNotification = { ...bare, notification: 'p-1', device: 'IMEI:1', sessionId: 0x1ab, at, actor };

describe('an event', () => {
  it('of a notification, under the name that its readers know', () => {
    assert.deepEqual(notificationEventView(event), asNotification);
    const shown = notificationEventView({ ...event, ...attempt });
    assert.deepEqual(shown, { ...asNotification, ...attempt });
    assert.deepEqual(Object.keys(shown).sort(), published(NotificationEventShape));
  });

  it('of a notification is none without a device and a Session-ID', () => {
    const { deviceId: _, ...nobody } = event;
    const { sessionId: __, ...sessionless } = event;
    for (const none of [nobody, sessionless, toAddresses]) {
      assert.throws(() => notificationEventView(none), TypeError);
    }
  });

  it('of a message, as its timeline shows it: without its device', () => {
    const shown = messageEventView({ ...event, ...attempt, kind: 'message' });
    assert.deepEqual(shown, { ...bare, ...attempt, message: 'p-1', at, actor });
    assert.deepEqual(Object.keys(shown).sort(), published(MessageEventShape));
    assert.deepEqual(messageEventView(toAddresses), { ...bare, message: 'p-1', at, actor });
  });

  it('of any push: with its kind, and its device where it has one', () => {
    const shown = pushEventView({ ...event, ...attempt });
    const asPush = { ...bare, kind: 'notification', push: 'p-1', at, actor };
    assert.deepEqual(shown, { ...asPush, ...attempt, device: 'IMEI:1', sessionId: 0x1ab });
    assert.deepEqual(Object.keys(shown).sort(), published(PushEventShape));
    assert.deepEqual(pushEventView(toAddresses), asPush);
  });

  it('in the feed: of a notification by its old name, of every other push as any', () => {
    const shown = (kind: PushEvent['kind']) => feedViews[kind]({ ...event, kind });
    assert.deepEqual(shown('notification'), asNotification);
    for (const kind of ['message', 'relayed'] as const) {
      const { notification, ...rest } = asNotification;
      assert.deepEqual(shown(kind), { ...rest, kind, push: notification });
    }
  });
});
