// docs/metrics.md names every metric with its labels, and none that there is not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { silentLogger, systemClock } from '../../src/core/index.ts';
import { begunDevices, campaignFamilies } from '../../src/server/campaign/campaign-metrics.ts';
import { failureReasons, ServerMetrics, WebhookService } from '../../src/server/index.ts';
import { PushMetrics } from '../../src/server/metrics/push-metrics.ts';
import { gaugesOf } from '../../src/server/metrics/server-gauges.ts';
import { dropReasons, sessionOutcomes } from '../../src/server/metrics/session-metrics.ts';
import type { Store } from '../../src/store/index.ts';

const text = readFileSync(resolve(import.meta.dirname, '../../docs/metrics.md'), 'utf8');

const families = [
  ...gaugesOf({
    version: '',
    node: '',
    startedAt: 0,
    ready: true,
    pushes: [],
    carriers: [],
    unplaced: 0,
    sessions: 0,
    sessionOctets: 0,
  }),
  ...new PushMetrics({ bindingOf: () => undefined }).families(),
  ...new ServerMetrics(systemClock({ unref: true })).families(),
  ...new WebhookService({
    store: {} as Store,
    clock: systemClock({ unref: true }),
    logger: silentLogger,
    random: () => 0,
    settings: { view: (event) => event },
  }).families(),
  ...campaignFamilies({ runs: new Map(), begun: begunDevices() }),
];

test('every metric stands in the documentation with its labels, and no other', () => {
  const documented = [...text.matchAll(/^\| `(reveille_[a-z_]+)` \|([^|]*)\|/gm)].map(
    ([, name, labels = '']) => `${name} ${labels.trim()}`,
  );
  const there = families.map(({ name, labels }) => `${name} ${labels.join(', ')}`);
  assert.deepEqual(documented.sort(), there.sort());
});

test('names follow the conventions: what grows ends in _total, times in seconds', () => {
  for (const { name, type, help } of families) {
    assert.equal(type === 'counter', name.endsWith('_total'), name);
    if (type === 'histogram') assert.match(name, /_seconds$/);
    assert.match(help, /\.$/, name);
  }
});

test('every reason and outcome is documented', () => {
  for (const word of [...failureReasons, ...dropReasons, ...sessionOutcomes]) {
    assert.ok(text.includes(`\`${word}\``), word);
  }
});
