// What is decided of requests for jobs before anything is written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobLimits } from '../../../../src/store/index.ts';
import { type JobFacts, type JobPlan, planJobs } from '../../../../src/store/sql/job/job-set.ts';
import { sampleAccount, sampleDevice, sampleJob, sampleRequest } from '../../../../src/testing/index.ts';

const { serverId } = sampleAccount;
const { id: deviceId } = sampleDevice();

function factsOf(changes: Partial<JobFacts> = {}): JobFacts {
  return {
    accounts: new Map([[deviceId, serverId]]),
    open: new Map(),
    keys: new Map(),
    wakeKeys: new Map(),
    ...changes,
  };
}

const wordsOf = (plan: JobPlan) => (plan.plan === 'refused' ? plan.error.message : plan.plan);

test('a device has room for so many jobs, those that are there and those of the set', () => {
  const requests = [sampleJob(), sampleJob(), sampleJob()];
  const full = `device ${deviceId} has ${jobLimits.openJobs} jobs that are not over: cancel some first`;
  const { openJobs } = jobLimits;
  for (const [open, plans] of [
    [undefined, ['new', 'new', 'new']],
    [openJobs - 3, ['new', 'new', 'new']],
    [openJobs - 2, ['new', 'new', full]],
    [openJobs, [full, full, full]],
  ] as const) {
    const facts = factsOf({ open: new Map(open === undefined ? [] : [[deviceId, open]]) });
    assert.deepEqual(planJobs(requests, facts).map(wordsOf), plans, `${open} before`);
    const taken = plans.filter((plan) => plan === 'new').length;
    assert.equal(facts.open.get(deviceId), (open ?? 0) + taken, 'what is taken counts');
  }
});

test('a device that is not there is named', () => {
  const [plan] = planJobs([sampleJob({ deviceId: 'IMEI:0' })], factsOf());
  assert.ok(plan?.plan === 'refused');
  assert.deepEqual([plan.error.code, plan.error.message], ['UNKNOWN_DEVICE', 'there is no device IMEI:0']);
});

test('a notification under a key that brought a job needs no room, and another under it is refused', () => {
  const wake = (fingerprint: string) => sampleRequest({ idempotency: { key: 'n', fingerprint } });
  const wakeKeys = (hasJob: boolean) =>
    new Map([[`${serverId.length} ${serverId} n`, { fingerprint: 'one', hasJob }]]);
  const open = () => new Map([[deviceId, jobLimits.openJobs]]);
  const plan = (fingerprint: string, hasJob: boolean) =>
    planJobs(
      [sampleJob({ wake: wake(fingerprint) })],
      factsOf({ open: open(), wakeKeys: wakeKeys(hasJob) }),
    ).map(wordsOf);
  assert.deepEqual(plan('one', true), ['new']);
  assert.match(plan('one', false)[0] ?? '', /jobs that are not over/);
  assert.deepEqual(plan('two', true), ['the idempotency key n was used for another request']);
});
