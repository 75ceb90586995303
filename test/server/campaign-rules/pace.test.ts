// Tokens of a campaign: what comes with time, and what was left unused.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CampaignTokens, TokenBucket } from '../../../src/server/campaign-rules/pace.ts';

describe('TokenBucket', () => {
  it('begins with one, and gets as many a second as it says', () => {
    const bucket = new TokenBucket(10, 1000);
    assert.equal(bucket.available(1000), 1);
    bucket.take(1, 1000);
    assert.equal(bucket.available(1000), 0);
    assert.equal(bucket.waitMs(1, 1000), 100);
    assert.equal(bucket.available(1100), 1);
    assert.equal(bucket.available(1500), 5);
  });

  it('gives one in many seconds', () => {
    const bucket = new TokenBucket(0.1, 0);
    bucket.take(1, 0);
    assert.equal(bucket.waitMs(1, 0), 10_000);
    assert.equal(bucket.available(9_999), 0);
    assert.equal(bucket.available(10_000), 1);
    assert.equal(bucket.available(100_000), 1, 'and saves no more than one');
  });

  it('makes up for a second, and for no more', () => {
    const bucket = new TokenBucket(10, 0);
    assert.equal(bucket.available(60_000), 10);
    bucket.restart(60_000);
    assert.equal(bucket.available(60_000), 1);
  });

  it('waits for as many as there ever are at most', () => {
    const bucket = new TokenBucket(4, 0);
    bucket.take(1, 0);
    assert.equal(bucket.waitMs(100, 0), 1000);
  });

  it('takes tokens back, and owes those that were too many', () => {
    const bucket = new TokenBucket(10, 0);
    bucket.take(5, 0);
    assert.equal(bucket.available(400), 0);
    bucket.take(-4, 400);
    assert.equal(bucket.available(400), 4);
  });

  it('never gives more than its rate and a second of it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 500, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 }),
        (rate, waits) => {
          const bucket = new TokenBucket(rate, 0);
          let now = 0;
          let taken = 0;
          for (const wait of waits) {
            now += wait;
            const some = bucket.available(now);
            bucket.take(some, now);
            taken += some;
            assert.ok(taken <= Math.max(1, rate) + (now / 1000) * rate + 0.001);
          }
        },
      ),
    );
  });

  it('finds a token when it said that there would be one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 500, noNaN: true }), fc.nat(5000), (rate, later) => {
        const bucket = new TokenBucket(rate, 0);
        bucket.take(bucket.available(0), 0);
        const now = later / 7;
        const wait = bucket.waitMs(1, now);
        assert.ok(bucket.available(now + wait) >= 1);
      }),
    );
  });

  it('has no limit where its rate has none', () => {
    const bucket = new TokenBucket(Number.POSITIVE_INFINITY, 0);
    bucket.take(1_000_000, 0);
    assert.equal(bucket.available(0), Number.POSITIVE_INFINITY);
    assert.equal(bucket.waitMs(5, 0), 0);
  });
});

describe('CampaignTokens', () => {
  it('goes by both paces', () => {
    const tokens = new CampaignTokens({ perSecond: 10, carriers: { sms: 2 } }, 0);
    assert.equal(tokens.available('sms', 1000), 1);
    assert.equal(tokens.available('sms', 2000), 2);
    assert.equal(tokens.available('wap', 2000), 10);
    assert.equal(tokens.available(null, 2000), 10);
    tokens.take('sms', 2, 2000);
    assert.equal(tokens.available('sms', 2000), 0);
    assert.equal(tokens.waitMs('sms', 1, 2000), 500);
    assert.equal(tokens.available('wap', 2000), 8);
    tokens.take('wap', 8, 2000);
    assert.equal(tokens.waitMs('wap', 1, 2000), 100);
  });

  it('goes by another one from then on', () => {
    const tokens = new CampaignTokens({ perSecond: 100 }, 0);
    assert.equal(tokens.available(null, 1000), 100);
    tokens.change({ perSecond: 1 }, 1000);
    assert.equal(tokens.available(null, 1000), 1);
    tokens.change(undefined, 1000);
    assert.equal(tokens.available('constructor', 1000), Number.POSITIVE_INFINITY);
  });
});
