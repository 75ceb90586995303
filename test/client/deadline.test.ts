// The end of a request: when time is up, when the command is stopped, and without a trace when it was answered.
import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { describe, it } from 'node:test';
import { deadlineOf } from '../../src/client/deadline.ts';
import { systemClock } from '../../src/core/index.ts';

describe('deadlineOf', () => {
  it('aborts with a TimeoutError that says how long it was', async () => {
    const { signal, over } = deadlineOf(systemClock(), 1, new AbortController().signal);
    if (!signal.aborted) await once(signal, 'abort');
    assert.equal(signal.reason.name, 'TimeoutError');
    assert.equal(signal.reason.message, 'no answer in 1 ms');
    over();
  });

  it('aborts with the reason of the stop, which may have come before', () => {
    for (const early of [true, false]) {
      const stop = new AbortController();
      const reason = new Error('Ctrl-C');
      if (early) stop.abort(reason);
      const { signal, over } = deadlineOf(systemClock(), 60_000, stop.signal);
      if (!early) stop.abort(reason);
      assert.equal(signal.reason, reason);
      over();
    }
  });

  it('leaves nothing behind when the request is over', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const stop = new AbortController();
    const { signal, over } = deadlineOf(systemClock(), 30_000, stop.signal);
    assert.equal(getEventListeners(stop.signal, 'abort').length, 1);
    over();
    assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
    context.mock.timers.tick(30_000);
    assert.equal(signal.aborted, false);
  });
});
