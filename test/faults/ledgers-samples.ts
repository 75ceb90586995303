// Ledgers of a run in which all went well, and what differs from them, for tests of the audit.
import type { FleetEvent } from '../../src/fleet/index.ts';
import type { Ledgers, ShownEvent, StoredPush } from './ledgers.ts';

const device = 'IMEI:990000000000002';
const time = '2026-01-01T00:00:00.000Z';

/** A timeline of such events, `[event, state?, more?]`; the state is that of the event's name, or the one before. */
export function timelineOf(
  first: number,
  ...events: readonly (readonly [string, string?, Partial<ShownEvent>?])[]
): ShownEvent[] {
  return events.map(([event, state = event, more = {}], at) => ({
    sequence: first + at,
    event,
    state,
    ...more,
  }));
}

/** A notification over WAP with a job, completed. */
export function samplePush(more: Partial<StoredPush> = {}): StoredPush {
  const sent = { attempt: 1, binding: 'wap', address: 'wap:127.0.0.1:1' };
  return {
    id: 'n1',
    device,
    sessionId: 7,
    job: 'j1',
    state: 'completed',
    sends: 1,
    timeline: timelineOf(
      1,
      ['queued'],
      ['sending', 'sending', { attempt: 1 }],
      ['sent', 'sent', sent],
      ['answered'],
      ['completed'],
    ),
    ...more,
  };
}

/** The ledgers of `push` alone, with `more` in the place of what they have. */
export function sampleLedgers(push: StoredPush = samplePush(), more: Partial<Ledgers> = {}): Ledgers {
  const { id, sessionId = 0, timeline } = push;
  const session = { time, device, serverId: 'com.example', sessionId, nonce: 'stored' } as const;
  const journal: FleetEvent[] = [
    { time, device, event: 'push', push: 1, binding: 'wap', from: '', octets: 1, digest: '', sessionId },
    { ...session, event: 'session-started', address: '', attempt: 1 },
    {
      ...session,
      event: 'session-ended',
      outcome: 'completed',
      resynchronised: false,
      retrying: false,
      durationMs: 1,
    },
  ];
  return {
    devices: [{ id: device, binding: 'wap', number: '+4915100000000' }],
    acknowledged: [{ number: 0, kind: 'job', id, device, sessionId, job: 'j1', node: 'J0' }],
    notifications: new Map([[id, push]]),
    messages: new Map(),
    jobs: new Map([
      ['j1', { id: 'j1', device, state: 'completed', commands: [{ command: 'add', sends: 1, status: 200 }] }],
    ]),
    feed: timeline.map((event) => ({ ...event, notification: id })),
    feedUntil: 100,
    journal,
    relayed: [{ device, sessionId, did: 'passed' }],
    centre: [],
    gateway: [],
    trees: new Map([[device, new Set(['J0'])]]),
    outages: [],
    ...more,
  };
}
