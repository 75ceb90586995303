// What /metrics counted of a fleet is what the fleet's own journal says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../src/testing/index.ts';
import { type FleetWorld, withFleet } from '../../fleet/fleet-world.ts';
import { type Metrics, readMetrics, sumOf } from './metrics-text.ts';

const devices = 300;

async function scrape(world: FleetWorld): Promise<Metrics> {
  const response = await fetch(`${world.apiUrl}/metrics`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  return readMetrics(await response.text());
}

test('the counts of 300 devices, some of which hear nothing or hold another nonce, equal their journal', async () => {
  const mix = { faults: { lost: 0.2, wrongNonce: 0.1 } };
  const policy = { answerTimeoutMs: 1500, attempts: 2, lifetimeMs: 120_000 };
  await withFleet({ devices, seed: 3, mix, policy }, async (world) => {
    await world.register();
    const { fleet, journal } = world;
    const ids = fleet.indexes().map((index) => fleet.device(index).id);
    for (const device of ids) await world.post('/v1/notifications', { device });
    const metrics = await eventually(
      async () => {
        const now = await scrape(world);
        return sumOf(now, 'reveille_pushes_ended_total') === devices && now;
      },
      'the end of all pushes',
      120_000,
    );
    await fleet.settled();
    const sum = (name: string, labels = {}) => sumOf(metrics, name, labels);
    const { items } = (await world.get('/v1/notifications?limit=1000')) as unknown as {
      readonly items: readonly { readonly state: string; readonly format: string; readonly sends: number }[];
    };
    assert.equal(items.length, devices);
    const count = (of: (item: (typeof items)[number]) => boolean) => items.filter(of).length;
    for (const state of ['completed', 'failed', 'expired']) {
      for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3']) {
        assert.equal(
          sum('reveille_pushes_ended_total', { binding: 'wap', format, state }),
          count((item) => item.state === state && item.format === format),
          `${format} ${state}`,
        );
      }
    }
    assert.equal(sum('reveille_pushes_accepted_total'), devices);
    assert.equal(
      sum('reveille_push_failures_total'),
      count(({ state }) => state !== 'completed'),
    );
    assert.equal(
      sum('reveille_push_failures_total', { reason: 'no-answer' }),
      count(({ state }) => state !== 'completed'),
    );
    const sends = items.reduce((all, item) => all + item.sends, 0);
    // A session may be there before its push counts as sent.
    const sent = sum('reveille_push_state_changes_total', { binding: 'wap', state: 'sent' });
    assert.ok(sent <= sends && sent >= count(({ state }) => state !== 'completed'), `${sent} of ${sends}`);
    assert.equal(sum('reveille_carrier_attempts_total', { carrier: 'wap', outcome: 'taken' }), sends);
    assert.equal(sum('reveille_push_accepted_to_sent_seconds_count'), devices);
    // By the fleet: each push that came, each session that ended well.
    const pushes = journal.filter(({ event }) => event === 'push');
    assert.equal(pushes.length, sends);
    const done = journal.filter((each) => each.event === 'end' && each.outcome === 'completed').length;
    assert.equal(sum('reveille_pushes_ended_total', { state: 'completed' }), done);
    assert.equal(sum('reveille_dm_sessions_ended_total', { outcome: 'completed' }), done);
    assert.equal(sum('reveille_dm_session_duration_seconds_count', { outcome: 'completed' }), done);
    assert.equal(sum('reveille_push_sent_to_answered_seconds_count'), done);
    assert.equal(sum('reveille_push_answered_to_completed_seconds_count'), done);
    assert.ok(fleet.summary().resynchronised > 0);
    assert.equal(
      sum('reveille_resynchronisations_total', { step: 'completed' }),
      fleet.summary().resynchronised,
    );
    // What is looked up.
    assert.equal(sum('reveille_pushes', { purpose: 'notification', state: 'completed' }), done);
    assert.equal(sum('reveille_queue_due'), 0);
    assert.equal(sum('reveille_ready'), 1);
    assert.ok(sum('reveille_store_commit_seconds_count') > 0);
    assert.ok(sum('process_resident_memory_bytes') > 0);
    assert.equal(
      sum('reveille_api_requests_total', { method: 'POST', route: '/v1/devices', status: '201' }),
      devices,
    );
    for (const series of metrics.keys()) {
      assert.ok(!ids.some((id) => series.includes(id)) && !/127\.0\.0\.1|wap:/.test(series), series);
    }
  });
});
