// Which campaigns let attempts begin, and whose word counts where a push has several.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CampaignGates, type Gated } from '../../../src/server/campaign/gates.ts';

const noon = Date.UTC(2026, 5, 1, 12);
const hour = 3_600_000;

function campaign(id: string, state: Gated['state'], plan: Partial<Gated['plan']> = {}): Gated {
  return { id, state, plan: { expiresAt: noon + 48 * hour, ...plan } };
}

const night = { timeZone: 'UTC', windows: [{ from: 22 * 60, to: 6 * 60 }] };
const evening = { timeZone: 'UTC', windows: [{ from: 18 * 60, to: 19 * 60 }] };

describe('CampaignGates', () => {
  it('opens for one that is running and inside its windows', () => {
    const gates = new CampaignGates();
    gates.put(campaign('a', 'running'));
    gates.put(campaign('b', 'running', night));
    assert.deepEqual(gates.of(['a'], noon), { open: true });
    assert.deepEqual(gates.gateOf('a', noon), { open: true, until: noon + 48 * hour });
    const closed = gates.of(['b'], noon);
    assert.ok(!closed.open && closed.opensAt === noon + 10 * hour);
    assert.deepEqual(gates.gateOf('b', noon + 10 * hour), { open: true, until: noon + 18 * hour });
    assert.deepEqual(gates.openNow(noon), ['a']);
  });

  it('keeps closed what is paused, stopped or over, until somebody opens it', () => {
    const gates = new CampaignGates();
    for (const state of [
      'paused',
      'stopped',
      'cancelled',
      'expired',
      'scheduled',
      'awaiting-approval',
    ] as const) {
      gates.put(campaign('a', state));
      const gate = gates.of(['a'], noon);
      assert.ok(!gate.open && gate.opensAt === undefined, state);
    }
    gates.put(campaign('a', 'running'));
    assert.deepEqual(gates.of(['a'], noon), { open: true });
    const over = gates.of(['a'], noon + 48 * hour);
    assert.ok(!over.open && over.over === 'expired', 'its time is over');
    // Also of one that waits for somebody.
    gates.put(campaign('a', 'paused'));
    assert.ok(!gates.of(['a'], noon).open);
    const later = gates.of(['a'], noon + 48 * hour);
    assert.ok(!later.open && later.over === 'expired');
  });

  it('opens where one of several does, else when the first of them will', () => {
    const gates = new CampaignGates();
    gates.put(campaign('a', 'paused'));
    gates.put(campaign('b', 'running', night));
    gates.put(campaign('c', 'running', evening));
    const gate = gates.of(['a', 'b', 'c'], noon);
    assert.ok(!gate.open && gate.opensAt === noon + 6 * hour);
    gates.put(campaign('d', 'running'));
    assert.deepEqual(gates.of(['a', 'b', 'd'], noon), { open: true });
  });

  it('lets those that are over have no say while another has', () => {
    const gates = new CampaignGates();
    gates.put(campaign('a', 'cancelled'));
    gates.put(campaign('b', 'running', night));
    const gate = gates.of(['a', 'b'], noon);
    assert.ok(!gate.open && gate.opensAt === noon + 10 * hour);
    assert.ok(!gates.of(['a'], noon).open);
    gates.drop('a');
    assert.deepEqual(gates.of(['a'], noon), { open: true }, 'nothing of it is left');
  });

  it('looks anew when the clock was set', () => {
    const gates = new CampaignGates();
    gates.put(campaign('b', 'running', night));
    assert.ok(gates.of(['b'], noon + 11 * hour).open);
    assert.ok(!gates.of(['b'], noon + 9 * hour).open);
    assert.ok(gates.of(['b'], noon + 12 * hour).open);
    assert.ok(!gates.of(['b'], noon + 18 * hour).open);
  });
});
