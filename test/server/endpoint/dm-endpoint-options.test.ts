// Settings of the DM endpoint: what counts where they are absent, and what is refused by its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ValueError } from '../../../src/core/index.ts';
import { checkedSettings, dmEndpointDefaults } from '../../../src/server/index.ts';

test('what is absent is as the defaults say, and what is given counts', () => {
  assert.deepEqual(checkedSettings(), { ...dmEndpointDefaults });
  // Without them, whoever knows device and SessionID could speak in a session.
  assert.equal(checkedSettings().sessionTokens, true);
  const given = { maxBody: 1, idleMs: 2, sessionTokens: false };
  assert.deepEqual(checkedSettings({ ...given, attempts: {} }), { ...dmEndpointDefaults, ...given });
});

test('a challenge is of a type of credentials, whichever', () => {
  for (const challenge of ['basic', 'md5', 'hmac'] as const) {
    assert.equal(checkedSettings({ challenge }).challenge, challenge);
  }
  for (const challenge of ['', 'digest', 'MD5']) {
    assert.throws(
      () => checkedSettings({ challenge: challenge as 'md5' }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /^challenge is .*; use one of basic, md5, hmac$/);
        return true;
      },
    );
  }
});

test('a number that is not a whole one above 0 is refused by its name, and a time that no timer can hold', () => {
  const numbers = Object.entries(dmEndpointDefaults).filter(([, value]) => typeof value === 'number');
  assert.ok(numbers.length > 10);
  for (const [name] of numbers) {
    const wrong = [0, -1, 1.5, Number.NaN, ...(name.endsWith('Ms') ? [2 ** 31] : [])];
    for (const value of wrong) {
      assert.throws(
        () => checkedSettings({ [name]: value }),
        (error) => error instanceof ValueError && error.code === 'OUT_OF_RANGE' && error.path === name,
        `${name}: ${value}`,
      );
    }
    assert.equal(Object.entries(checkedSettings({ [name]: 7 })).find(([each]) => each === name)?.[1], 7);
  }
  assert.equal(checkedSettings({ maxUnfinished: 2 ** 40 }).maxUnfinished, 2 ** 40);
});
