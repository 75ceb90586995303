// A campaign over a fleet behind two carriers, in trouble: what the server reports of each device is what the device saw.
// REVEILLE_TRIAL_DEVICES names another size (docs/testing.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTrial } from './trial.ts';

const devices = Number(process.env.REVEILLE_TRIAL_DEVICES ?? 600);
const large = devices > 10_000;

test(`${devices} devices: paused, resumed, killed, stopped, one carrier down`, {
  timeout: 7_200_000,
}, async (context) => {
  const result = await runTrial({
    devices,
    downSeconds: large ? 60 : 10,
    perSecond: Math.max(15, Math.ceil(devices / (large ? 300 : 40))),
    kills: Number(process.env.REVEILLE_TRIAL_KILLS ?? 1),
    say: (line) => context.diagnostic(line),
  });
  context.diagnostic(JSON.stringify({ ...result, differences: result.differences.length }));
  assert.deepEqual(result.differences, []);
  assert.equal(result.doubles.seen, result.doubles.tried);
});
