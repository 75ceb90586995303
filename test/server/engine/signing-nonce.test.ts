// Which nonce a push is signed under, case by case (spec-notes rulings 12 and 27; DM-NOTI-1.2 §5.1).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitReached, nonceNeed } from '../../../src/server/engine/signing-nonce.ts';
import { familyNames, pushPolicyDefaults } from '../../../src/server/index.ts';
import { replacing, storedDevice, storedMessage, storedNotification, withoutNonce } from './stored.ts';

const again = { resynchronise: 'second-attempt' } as const;
const never = { resynchronise: 'never' } as const;
/** Numbers of earlier pushes, of ten, after which the default nonce is asked for. */
const limitedAfter = (need: (sends: number) => string): readonly number[] =>
  [...Array(10).keys()].filter((sends) => need(sends) === 'limited');

describe('ruling 12: what is signed under no stored nonce asks for none', () => {
  for (const [what, push] of [
    ['a message', storedMessage({ sends: 1 })],
    ['dm1.3, whose time stamp is the nonce', storedNotification({ format: 'dm1.3', sends: 1 })],
    ['dm1.3 that was asked to resynchronise', storedNotification({ format: 'dm1.3', resynchronise: true })],
  ] as const) {
    it(`${what}, whether a nonce of the device is known or not`, () => {
      for (const device of [storedDevice(), withoutNonce(), undefined]) {
        assert.equal(nonceNeed(push, device, again), 'stored');
      }
    });
  }

  it('a notification whose device is gone', () => {
    const push = storedNotification({ sends: 1, resynchronise: true });
    assert.equal(nonceNeed(push, undefined, again), 'stored');
  });
});

for (const format of ['dm1.2', 'dm1.3-2010'] as const) {
  describe(`ruling 12: a ${format} notification`, () => {
    const notification = storedNotification({ format });
    const asked = { ...notification, resynchronise: true };

    it('to a device of which no nonce is known is a first contact, each time, by whatever policy and family', () => {
      for (const family of familyNames) {
        for (const sends of [0, 1, 2, 5]) {
          for (const defaultNonce of ['none', 'offered'] as const) {
            for (const policy of [again, never]) {
              const push = { ...asked, sends, defaultNonce };
              assert.equal(nonceNeed(push, withoutNonce({ family }), policy), 'first-contact');
            }
          }
        }
      }
    });

    it('goes out first under the stored nonce, and every second time from the second may have the default one', () => {
      const need = (sends: number) => nonceNeed({ ...notification, sends }, storedDevice(), again);
      assert.deepEqual(limitedAfter(need), [1, 3, 5, 7, 9]);
      assert.equal(need(0), 'stored');
      assert.equal(need(2), 'stored');
    });

    it('ruling 27: while a secret is replaced, each is tried under the stored nonce before either is under the default one', () => {
      const device = storedDevice({ rotations: replacing });
      const need = (sends: number) => nonceNeed({ ...notification, sends }, device, again);
      assert.deepEqual(limitedAfter(need), [2, 3, 6, 7]);
    });

    it('never, by a policy that says so, but when asked to', () => {
      for (const sends of [0, 1, 2, 3]) {
        assert.equal(nonceNeed({ ...notification, sends }, storedDevice(), never), 'stored');
      }
      assert.deepEqual(
        limitedAfter((sends) => nonceNeed({ ...asked, sends }, storedDevice(), never)),
        [0],
      );
    });

    it('asked to resynchronise, it does so with its first push, and then as any other', () => {
      const need = (sends: number) => nonceNeed({ ...asked, sends }, storedDevice(), again);
      assert.deepEqual(limitedAfter(need), [0, 1, 3, 5, 7, 9]);
      const device = storedDevice({ rotations: replacing });
      assert.deepEqual(
        limitedAfter((sends) => nonceNeed({ ...asked, sends }, device, again)),
        [0, 2, 3, 6, 7],
      );
    });

    it('not by itself to a family with another default nonce; when asked to, to all', () => {
      for (const family of [...familyNames, 'of another release']) {
        const device = storedDevice({ family });
        const unanswered = nonceNeed({ ...notification, sends: 1 }, device, again);
        assert.equal(unanswered, family === 'libdmclient' ? 'stored' : 'limited', family);
        assert.equal(nonceNeed(asked, device, again), 'limited', family);
      }
    });

    it('is not offered again once an answer has used the offer: one for each notification', () => {
      const used = { ...asked, defaultNonce: 'used' } as const;
      for (const device of [storedDevice(), withoutNonce()]) {
        for (const sends of [0, 1, 2, 3]) {
          assert.equal(nonceNeed({ ...used, sends }, device, again), 'stored');
        }
      }
      // While nobody has used it, the same offer goes out again.
      const offered = { ...notification, defaultNonce: 'offered', sends: 3 } as const;
      assert.equal(nonceNeed(offered, storedDevice(), again), 'limited');
    });
  });
}

describe('ruling 12: beyond the limit of resynchronisations', () => {
  it('the operator reads what the limit is, and what to do', () => {
    const rest =
      ' h are the limit, so this push goes out under the stored nonce; if the device ignores it, have it come by itself, ' +
      'or give both ends the same new nonce';
    assert.equal(limitReached(pushPolicyDefaults), `5 resynchronisations in 24${rest}`);
    const resynchronisations = { count: 2, windowMs: 5_400_000 };
    assert.equal(
      limitReached({ ...pushPolicyDefaults, resynchronisations }),
      `2 resynchronisations in 1.5${rest}`,
    );
  });
});
