// Numbers that a device is made with are checked by name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../src/core/index.ts';
import {
  type BootstrapPolicy,
  bootstrapByPolicy,
  Device,
  type DeviceOptions,
  memoryState,
} from '../../src/device/index.ts';

const none = [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY, '5'];

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ValueError, String(error));
    return error.path;
  }
  return 'taken';
}

const options = [
  'confirmTimeoutMs',
  'maxQuestions',
  'maxQuestionsPerServer',
  'clockSkewMs',
  'bearerWaitMs',
  'maxPending',
  'maxPendingPerServer',
  'maxBootstraps',
  'maxObjSize',
] as const satisfies readonly (keyof DeviceOptions)[];

for (const name of options) {
  test(`${name} is a whole number, or the device is not made`, () => {
    for (const value of none) {
      const given = { storage: memoryState(), [name]: value } as DeviceOptions;
      assert.equal(
        refusal(() => new Device(given)),
        name,
        String(value),
      );
    }
    if (name !== 'clockSkewMs' && name !== 'bearerWaitMs') {
      assert.equal(
        refusal(() => new Device({ storage: memoryState(), [name]: 0 })),
        name,
      );
    }
    assert.equal(
      refusal(() => new Device({ storage: memoryState(), [name]: 1 })),
      'taken',
    );
  });
}

test('numbers of firmware updates are whole numbers', () => {
  for (const name of ['maxPackageSize', 'downloadTimeoutMs'] as const) {
    for (const value of [...none, 0]) {
      const given = { storage: memoryState(), firmware: { [name]: value } } as DeviceOptions;
      assert.equal(
        refusal(() => new Device(given)),
        `firmware.${name}`,
        String(value),
      );
    }
  }
});

test('a time beyond what a timer can wait is refused, for it would end at once', () => {
  assert.equal(
    refusal(() => new Device({ storage: memoryState(), confirmTimeoutMs: 2 ** 31 })),
    'confirmTimeoutMs',
  );
});

test('numbers of a bootstrap policy are whole numbers', () => {
  const policy = (more: object): BootstrapPolicy => ({ allow: ['USERPIN'], ...more }) as BootstrapPolicy;
  for (const value of [...none, 0]) {
    assert.equal(
      refusal(() => bootstrapByPolicy(policy({ pinAttempts: value }))),
      'pinAttempts',
    );
    const windowMs = { count: 1, windowMs: value };
    assert.equal(
      refusal(() => bootstrapByPolicy(policy({ failures: windowMs }))),
      'failures.windowMs',
    );
    const count = { count: value, windowMs: 1 };
    assert.equal(
      refusal(() => bootstrapByPolicy(policy({ failures: count }))),
      'failures.count',
    );
  }
});
