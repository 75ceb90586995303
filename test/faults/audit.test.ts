// The audit of a run with faults: what it lets pass, and what it finds.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit } from './audit.ts';
import type { Ledgers, StoredPush } from './ledgers.ts';
import { sampleLedgers, samplePush, timelineOf } from './ledgers-samples.ts';

const rulesOf = (ledgers: Ledgers): readonly string[] =>
  [...new Set(audit(ledgers).map(({ rule }) => rule))].sort();
const rulesFor = (push: Partial<StoredPush>, more: Partial<Ledgers> = {}) =>
  rulesOf(sampleLedgers(samplePush(push), more));

describe('audit of a run with faults', () => {
  it('lets a push pass that went well', () => {
    assert.deepEqual(audit(sampleLedgers()), []);
  });

  it('finds what was acknowledged and is not there, or is there and was not acknowledged', () => {
    const feed = { feed: [] };
    assert.deepEqual(rulesFor({}, { notifications: new Map(), ...feed }), ['lost']);
    assert.deepEqual(rulesFor({}, { jobs: new Map() }), ['lost']);
    assert.deepEqual(rulesFor({}, { acknowledged: [] }), ['doubled']);
  });

  it('finds a push without an end, and a cancellation that did not count', () => {
    const waiting = { state: 'queued', timeline: timelineOf(1, ['queued']) };
    assert.deepEqual(rulesFor(waiting), ['unfinished']);
    const { acknowledged } = sampleLedgers();
    const cancelled = acknowledged.map((entry) => ({ ...entry, cancelled: 'cancelled' as const }));
    assert.deepEqual(rulesFor({}, { acknowledged: cancelled }), ['cancelled']);
  });

  it('finds two lives under one Session-ID, and lets one follow the other', () => {
    const one = samplePush();
    const secondAt = (first: number): Ledgers => {
      const { acknowledged, feed, ...rest } = sampleLedgers(one);
      const timeline = timelineOf(first, ['queued'], ['cancelled']);
      const two: StoredPush = {
        id: 'n2',
        device: one.device,
        sessionId: 7,
        state: 'cancelled',
        sends: 0,
        timeline,
      };
      const entry = { number: 1, kind: 'notification', id: 'n2', device: one.device, sessionId: 7 } as const;
      return {
        ...rest,
        acknowledged: [...acknowledged, entry],
        notifications: new Map([one, two].map((push) => [push.id, push])),
        feed: [...feed, ...timeline.map((event) => ({ ...event, notification: 'n2' }))],
      };
    };
    assert.deepEqual(rulesOf(secondAt(100)), []);
    assert.ok(rulesOf(secondAt(3)).includes('session-id-twice'));
  });

  it('finds an outcome of an older claim that settled a newer one', () => {
    const at = (attempt: number): Partial<StoredPush> => ({
      timeline: timelineOf(
        1,
        ['queued'],
        ['sending', 'sending', { attempt: 1 }],
        ['sending', 'sending', { attempt: 2 }],
        ['sent', 'sent', { attempt, address: 'wap:127.0.0.1:1' }],
        ['answered'],
        ['completed'],
      ),
    });
    assert.deepEqual(rulesFor(at(2)), []);
    assert.deepEqual(rulesFor(at(1)), ['older-claim']);
  });

  it('finds timelines out of order, and what comes after an end', () => {
    const [first, ...rest] = samplePush().timeline;
    assert.ok(first !== undefined);
    assert.ok(rulesFor({ timeline: [...rest, first] }).includes('order'));
    assert.ok(rulesFor({ state: 'failed' }).includes('order'));
    const late = [...samplePush().timeline, ...timelineOf(50, ['failed'])];
    assert.ok(rulesFor({ state: 'failed', timeline: late }).includes('order'));
  });

  it('finds gaps, repetitions and inventions of the feed', () => {
    const { feed } = sampleLedgers();
    assert.deepEqual(rulesFor({}, { feed: feed.slice(1) }), ['feed-gap']);
    assert.deepEqual(rulesFor({}, { feed: [...feed, ...feed.slice(-1)] }), ['feed-order']);
    const invented = { sequence: 99, event: 'sent', state: 'sent', notification: 'n9' };
    assert.deepEqual(rulesFor({}, { feed: [...feed, invented] }), ['feed-invented']);
    assert.deepEqual(rulesFor({}, { feed: [...feed, { ...invented, sequence: 101 }] }), []);
    // Of a push that is not over, the feed may know more than the timeline that was read before.
    const waiting = samplePush({ state: 'queued', timeline: timelineOf(1, ['queued']) });
    const later = { sequence: 2, event: 'note', state: 'queued', notification: waiting.id };
    const { feed: begun } = sampleLedgers(waiting);
    assert.deepEqual(rulesFor(waiting, { feed: [...begun, later] }), ['unfinished']);
  });

  it('finds what is reported further than it got', () => {
    assert.deepEqual(rulesFor({}, { relayed: [] }), ['further-than-it-got']);
    const { journal } = sampleLedgers();
    const without = (name: string) => journal.filter(({ event }) => event !== name);
    assert.deepEqual(rulesFor({}, { journal: without('session-started') }), ['further-than-it-got']);
    assert.deepEqual(rulesFor({}, { journal: without('session-ended') }), ['further-than-it-got']);
    const killed = { of: 'server', from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 1) };
    assert.deepEqual(rulesFor({}, { journal: without('session-ended'), outages: [killed] }), []);
    // One whose job was done before says nothing of how its session ended; but there was one.
    const detail = 'its job was done before the session broke off';
    const timeline = samplePush().timeline.map((each) =>
      each.event === 'completed' ? { ...each, detail } : each,
    );
    assert.deepEqual(rulesFor({ timeline }, { journal: without('session-ended') }), []);
    assert.deepEqual(rulesFor({ timeline }, { journal: without('session-started') }), [
      'further-than-it-got',
    ]);
  });

  it('finds deliveries that the message centre knows nothing of', () => {
    const sms = { binding: 'sms', address: 'sms:+4915100000000', reference: 'centre:1' };
    const push: Partial<StoredPush> = {
      timeline: timelineOf(
        1,
        ['queued'],
        ['sending'],
        ['accepted', 'accepted', sms],
        ['delivered', 'delivered', { binding: 'sms', reference: 'centre:1' }],
        ['answered'],
        ['completed'],
      ),
    };
    const to = '4915100000000';
    const submitted = { type: 'submitted', systemId: 'r', messageId: '1', to, octets: 1 } as const;
    const final = { type: 'final', messageId: '1', to, state: 'DELIVERED' } as const;
    assert.deepEqual(rulesFor(push, { centre: [submitted, final] }), []);
    assert.deepEqual(rulesFor(push, { centre: [submitted] }), ['further-than-it-got']);
    assert.deepEqual(rulesFor(push, { centre: [submitted, { ...final, to: '49151' }] }), [
      'further-than-it-got',
    ]);
  });

  it('finds jobs that were not done, or more often than they were sent', () => {
    const { trees, jobs } = sampleLedgers();
    assert.deepEqual(
      rulesFor({}, { trees: new Map([...trees.keys()].map((id) => [id, new Set<string>()])) }),
      ['not-done'],
    );
    const with418 = (sends: number) =>
      new Map(
        [...jobs].map(([id, job]) => [id, { ...job, commands: [{ command: 'add', sends, status: 418 }] }]),
      );
    assert.deepEqual(rulesFor({}, { jobs: with418(2) }), []);
    assert.deepEqual(rulesFor({}, { jobs: with418(1) }), ['done-twice']);
    assert.deepEqual(rulesFor({}, { jobs: with418(0) }), ['done-unasked']);
  });
});
