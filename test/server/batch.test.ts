// Several requests in one call: what the services take of them, each for itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError, ValueError } from '../../src/core/index.ts';
import {
  type EachOutcome,
  type EachRequest,
  JobService,
  PushService,
  SessionlessService,
} from '../../src/server/index.ts';
import type { Store } from '../../src/store/index.ts';
import { sampleDevice } from '../../src/testing/index.ts';
import { type EngineBench, withEngine } from './engine-bench.ts';

const device = sampleDevice().id;
const get = { command: 'get', uri: './A' };
const add = { command: 'add', uri: './A', data: 'x' };

/** Where the error is, or whether it was taken. */
const wayOf = (outcome: EachOutcome<{ readonly created: boolean }>) => {
  if (outcome.outcome === 'taken') return outcome.taken.created;
  return outcome.error instanceof ValueError ? outcome.error.path : String(outcome.error);
};

function servicesOn({ bindings, policy, clock, pushes: own }: EngineBench, store: Store, pushes = own) {
  const asking = { store, bindings, policy, clock, requestedMo: 1 };
  let told = 0;
  return {
    jobs: new JobService({ ...asking, pushes, onCreated: () => (told += 1) }),
    sessionless: new SessionlessService(asking),
    told: () => told,
  };
}

test('notifications: with jobs by the service of jobs, without by that of pushes', () =>
  withEngine({}, async (bench) => {
    const { jobs, told } = servicesOn(bench, bench.store);
    const requests: EachRequest[] = [
      { value: { device } },
      { value: { device, job: [get] }, idempotencyKey: 'k' },
      { value: 'text' },
      { value: { device, job: [get] }, idempotencyKey: 'k' },
    ];
    assert.deepEqual((await bench.pushes.createNotifications(requests)).map(wayOf), [true, 'job', '', 'job']);
    assert.equal(told(), 0);
    assert.deepEqual((await jobs.createNotifications(requests)).map(wayOf), [true, true, '', false]);
    assert.equal(told(), 1, 'once for all');
    assert.deepEqual(await jobs.createNotifications([]), []);
  }));

test('a set is read with one look for its devices, and written at once', () =>
  withEngine({}, async (bench) => {
    const calls: string[] = [];
    const store = new Proxy(bench.store, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          calls.push(String(name));
          return Reflect.apply(member, target, args);
        };
      },
    });
    const { bindings, policy, clock } = bench;
    const pushes = new PushService({ store, bindings, policy, clock, requestedMo: 1 });
    const { jobs } = servicesOn(bench, store, pushes);
    const value = { device };
    await jobs.createNotifications(Array.from({ length: 300 }, () => ({ value })));
    assert.deepEqual(calls.splice(0), ['devices', 'enqueueEach']);
    await jobs.createEach(Array.from({ length: 50 }, () => ({ value: { device, commands: [get] } })));
    assert.deepEqual(calls, ['devices', 'createJobs']);
  }));

test('what the caller does with its objects meanwhile changes nothing', () =>
  withEngine({}, async ({ pushes, notification }) => {
    const value: Record<string, unknown> = { device, uiMode: 'background' };
    const taken = pushes.createNotifications([{ value }]);
    value.uiMode = 'informative';
    value.colour = 'red';
    const [outcome] = await taken;
    assert.ok(outcome?.outcome === 'taken');
    assert.equal((await notification(outcome.taken.push.id)).fields.uiMode, 'background');
  }));

test('messages of one call have SessionIDs in their order, however many there are', () =>
  withEngine({}, async (bench) => {
    const { sessionless } = servicesOn(bench, bench.store);
    const values = Array.from({ length: 40 }, (_, index) =>
      index === 20 ? { device: 'IMEI:0', job: [add] } : { device, job: [add] },
    );
    const outcomes = await sessionless.createEach(values.map((value) => ({ value })));
    assert.equal(wayOf(outcomes[20] as (typeof outcomes)[number]), 'device');
    const numbers = outcomes.flatMap((outcome) =>
      outcome.outcome === 'taken'
        ? [Number.parseInt(String(outcome.taken.message.summary.sessionId), 16)]
        : [],
    );
    assert.equal(numbers.length, 39);
    for (const [index, number] of numbers.slice(1).entries()) {
      assert.equal(number, ((numbers[index] ?? 0) % 65_535) + 1);
    }
  }));

test('what befalls the store befalls what it was asked about, and nothing rejects', () =>
  withEngine({}, async (bench) => {
    const trouble = new StoreError('FULL', 'no room');
    const fails = () => Promise.reject(trouble);
    const requests = (value: object): EachRequest[] => [{ value }, { value: {} }, { value }];
    for (const [name, way] of [
      ['devices', String(trouble)],
      ['enqueueEach', String(trouble)],
      ['createJobs', String(trouble)],
    ] as const) {
      const store = { ...bench.store, [name]: fails };
      const { bindings, policy, clock } = bench;
      const pushes = new PushService({ store, bindings, policy, clock, requestedMo: 1 });
      const { jobs, sessionless } = servicesOn(bench, store, pushes);
      const ways = [way, 'device', way];
      if (name !== 'createJobs') {
        assert.deepEqual((await jobs.createNotifications(requests({ device }))).map(wayOf), ways);
        assert.deepEqual((await sessionless.createEach(requests({ device, job: [add] }))).map(wayOf), ways);
      }
      if (name === 'enqueueEach') continue;
      const outcomes = [
        await jobs.createEach(requests({ device, commands: [get] })),
        await jobs.createNotifications(requests({ device, job: [get] })),
      ];
      for (const each of outcomes) assert.deepEqual(each.map(wayOf), ways);
    }
  }));
