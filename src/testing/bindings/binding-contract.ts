// The contract suite of push bindings: what every sender does with sizes, aborts and peers that misbehave. Each binding
// runs it in `test/push/<binding>/contract.test.ts`.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PushError, ValueError } from '../../core/index.ts';
import { type Binding, contentTypes, type Push, type SendResult } from '../../push/index.ts';
import type { PeerMode } from '../peers/peer-mode.ts';
import { eventually } from '../time/eventually.ts';

/** A binding, and a device or carrier that can misbehave. */
export interface BindingUnderTest<To> {
  readonly binding: Binding<To>;
  readonly to: To;
  /** Bodies that reached the device or the carrier, in order. */
  readonly received: readonly Uint8Array[];
  /** Changes how the peer behaves from now on. */
  peer(mode: PeerMode): Promise<void>;
  /** Ends the peer, after the binding was closed. */
  close(): Promise<void>;
}

/** What is known of a binding. */
export interface BindingTraits<To> {
  /** The best that a receipt says when all is well. */
  readonly outcome: SendResult['outcome'];
  /** False when nobody answers, so that a peer that misbehaves is not noticed. */
  readonly answered: boolean;
  /** Sizes of body to try besides 0, 1 and the largest. */
  readonly sizes?: readonly number[];
  /**
   * A body that is too long, and what the refusal says, where `maxPayload` is a bound that depends on the address.
   * Default: one octet more than `maxPayload`, and both numbers.
   */
  readonly tooLong?: { readonly size: number; readonly message: RegExp };
  /** Opens it with times so short that a silent peer is given up within a few seconds at most. */
  open(): Promise<BindingUnderTest<To>>;
}

/** The largest body that is really sent: what is beyond says nothing more about a binding. */
const largestTried = 40_000;

/** Runs the suite. */
export function bindingContract<To>(name: string, traits: BindingTraits<To>): void {
  describe(`binding contract: ${name}`, { concurrency: false }, () => {
    const scene = (run: (under: BindingUnderTest<To>) => Promise<void>) => async (): Promise<void> => {
      const under = await traits.open();
      try {
        await run(under);
      } finally {
        await under.peer('well');
        await under.binding.close();
        await under.close();
      }
    };

    it(
      'carries bodies of every size up to maxPayload unchanged',
      scene(async ({ binding, to, received }) => {
        assert.ok(binding.maxPayload > 0);
        const largest = Math.min(binding.maxPayload, largestTried);
        const sizes = [0, 1, ...(traits.sizes ?? []), largest].filter((size) => size <= binding.maxPayload);
        for (const size of sizes) {
          const before = received.length;
          const push = bindingPush(size);
          const receipt = await binding.send(push, to, never());
          assert.equal(receipt.outcome, traits.outcome, `${size} octets`);
          const body = await eventually(() => received[before], `the push of ${size} octets`, patience);
          assert.deepEqual(body, push.body);
        }
      }),
    );

    it(
      'refuses a body beyond maxPayload before sending, with its size and the limit',
      scene(async ({ binding, to, received }) => {
        const { size, message } = traits.tooLong ?? {
          size: binding.maxPayload + 1,
          message: new RegExp(`\\b${binding.maxPayload + 1}\\b.*\\b${binding.maxPayload}\\b`),
        };
        await assert.rejects(binding.send(bindingPush(size), to, never()), (error: unknown) => {
          assert.ok(error instanceof ValueError, String(error));
          assert.equal(error.code, 'TOO_LONG');
          assert.match(error.message, message);
          return true;
        });
        await binding.send(bindingPush(3), to, never());
        await eventually(() => received.length > 0, 'the push', patience);
        assert.equal(received.length, 1);
      }),
    );

    it(
      'sends nothing when it was aborted before',
      scene(async ({ binding, to, received }) => {
        const aborted = AbortSignal.abort();
        await assert.rejects(binding.send(bindingPush(3), to, aborted), isPushError(true));
        await binding.send(bindingPush(4), to, never());
        await eventually(() => received.length > 0, 'the push', patience);
        assert.deepEqual(
          received.map(({ length }) => length),
          [4],
        );
      }),
    );

    if (traits.answered) answeredContract(scene);

    it(
      'waits for pushes in flight when it is closed, and takes none afterwards',
      scene(async ({ binding, to, received }) => {
        let settled = 0;
        const count = 5;
        const sending = Array.from({ length: count }, () =>
          binding
            .send(bindingPush(20), to, never())
            .catch(isPushError(true))
            .finally(() => {
              settled += 1;
            }),
        );
        await binding.close();
        assert.equal(settled, count);
        await Promise.all(sending);
        const before = received.length;
        await assert.rejects(binding.send(bindingPush(1), to, never()), (error: unknown) => {
          assert.ok(error instanceof PushError && error.code === 'CLOSED' && error.retryable, String(error));
          return true;
        });
        assert.ok(received.length - before <= count);
        await binding.close();
      }),
    );
  });
}

type Scene<To> = (run: (under: BindingUnderTest<To>) => Promise<void>) => () => Promise<void>;

function answeredContract<To>(scene: Scene<To>): void {
  it(
    'gives an abort in the middle back at once, and goes on with the next push',
    scene(async (under) => {
      await under.peer('silent');
      const aborter = new AbortController();
      const sending = under.binding.send(bindingPush(300), under.to, aborter.signal);
      const rejected = assert.rejects(sending, isPushError(true));
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      aborter.abort();
      await rejected;
      await under.peer('well');
      await goesThrough(under);
    }),
  );

  for (const [mode, words] of [
    ['down', 'is down'],
    ['silent', 'is so slow that it says nothing'],
    ['nonsense', 'answers nonsense'],
  ] as const) {
    it(
      `gives a push back for another try when the peer ${words}, and works again when it has recovered`,
      scene(async (under) => {
        await under.peer(mode);
        // Nonsense need not pass by itself, so it may count as refused for good.
        const expected = mode === 'nonsense' ? isPushError() : isPushError(true);
        await assert.rejects(under.binding.send(bindingPush(300), under.to, never()), expected);
        assert.equal(under.received.length, 0);
        await under.peer('well');
        await goesThrough(under);
      }),
    );
  }
}

/** The next pushes come through; a link that has just been lost may refuse some for now. */
async function goesThrough<To>({ binding, to, received }: BindingUnderTest<To>): Promise<void> {
  const push = bindingPush(77);
  for (let tries = 1; ; tries += 1) {
    try {
      await binding.send(push, to, never());
      break;
    } catch (error) {
      isPushError(true)(error);
      if (tries === 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const arrived = () => received.some(({ length }) => length === push.body.length);
  await eventually(arrived, 'the push after it', patience);
}

/** Turns of the event loop: real sockets, and timers of a few milliseconds, are waited for. */
const patience = 200_000;

/** A push of so many octets, each different from its neighbours. */
function bindingPush(octets: number): Push {
  const body = Uint8Array.from({ length: octets }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
  return { id: `contract-${octets}`, contentType: contentTypes['dm+wbxml'], body };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function isPushError(retryable?: boolean): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof PushError, `not a PushError: ${String(error)}`);
    if (retryable !== undefined) assert.equal(error.retryable, retryable, error.message);
    return true;
  };
}
