// The inspector's page between a request and its answer: what is shown never belongs to other settings.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Controller, type WorkerFailure, type WorkerLike } from '../../web/inspector/state/controller.ts';
import type { Answer, MessageView, Request } from '../../web/inspector/worker/protocol.ts';

/** A worker whose answers the test gives. */
class HeldWorker implements WorkerLike {
  readonly asked: Request[] = [];
  #message: (event: { readonly data: Answer }) => void = () => undefined;
  #failure: (event: WorkerFailure) => void = () => undefined;

  addEventListener(type: 'message' | 'error', listener: (event: never) => void): void {
    if (type === 'message') this.#message = listener as (event: { readonly data: Answer }) => void;
    else this.#failure = listener as (event: WorkerFailure) => void;
  }

  postMessage(request: Request): void {
    this.asked.push(request);
  }

  terminate(): void {}

  answer(answer: Answer): void {
    this.#message({ data: answer });
  }

  fail(message: string): void {
    this.#failure({ message, preventDefault: () => undefined });
  }

  /** Answers the newest question for an explanation. */
  explained(): void {
    const last = this.asked.findLast((request) => request.kind === 'explain');
    assert.ok(last?.kind === 'explain');
    this.answer({ kind: 'message', ticket: last.ticket, view: { number: last.number } as MessageView });
  }
}

it('a verdict is not shown under a secret that it was not held against', () => {
  const worker = new HeldWorker();
  const controller = new Controller(worker, () => undefined);
  controller.open({ kind: 'text', text: '00' }, 'octets');
  controller.select(1);
  assert.equal(controller.state.isExplaining, true);
  worker.explained();
  assert.equal(controller.state.isExplaining, false);
  controller.hold({ as: 'auto', secret: 'one' });
  assert.equal(controller.state.isExplaining, true, 'the verdict on the page is that without a secret');
  controller.hold({ as: 'auto', secret: 'two' });
  const overtaken = worker.asked.findLast(
    (request) => request.kind === 'explain' && request.settings.secret === 'one',
  );
  assert.ok(overtaken?.kind === 'explain');
  worker.answer({ kind: 'message', ticket: overtaken.ticket, view: { number: 1 } as MessageView });
  assert.equal(
    controller.state.isExplaining,
    true,
    'the answer for the secret before is not that for this one',
  );
  worker.explained();
  assert.equal(controller.state.isExplaining, false);
  controller.forget();
  assert.equal(controller.state.isExplaining, true);
});

it('a reader that stopped is waited for no more', () => {
  const worker = new HeldWorker();
  const controller = new Controller(worker, () => undefined);
  controller.open({ kind: 'text', text: '00' }, 'octets');
  controller.select(1);
  worker.fail('gone');
  assert.equal(controller.state.isExplaining, false);
  assert.match(controller.state.trouble?.message ?? '', /gone/);
});
