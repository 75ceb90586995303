// Bootstraps on their way through the device: places and time of their own, for nobody has proved anything before they are
// over, so that they take none of a server's.
import type { Clock } from '../../core/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import type { ManagementTree } from '../../tree/index.ts';
import { StrangerPlaces } from '../strangers/stranger-places.ts';
import { WorkShare } from '../strangers/work-share.ts';
import type { QuestionDesk } from '../user/question-desk.ts';
import type { BootstrapGate, BootstrapHost, BootstrapVerdict } from './bootstrap-gate.ts';

/** What an intake works with. */
export interface BootstrapIntakeHost {
  readonly tree: ManagementTree;
  readonly questions: QuestionDesk;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Bootstraps that are looked at or wait for the user, at most. */
  readonly maxBootstraps: number;
}

/** Places of one sender: one message, and a newer one beside it. */
const placesPerSender = 2;

/** Gives bootstraps to the gate. */
export class BootstrapIntake {
  readonly #host: BootstrapIntakeHost;
  readonly #places: StrangerPlaces;
  readonly #work: WorkShare;

  constructor(host: BootstrapIntakeHost) {
    const { maxBootstraps: total, clock, signal } = host;
    this.#host = host;
    this.#places = new StrangerPlaces({ total, perSender: placesPerSender });
    this.#work = new WorkShare({ clock, signal, share: 0.1, allowanceMs: 250 });
  }

  /** Has a push admitted or refused. `taken` is called when it has to wait. Never rejects. */
  async handle(push: ReceivedPush, gate: BootstrapGate, taken: () => void): Promise<BootstrapVerdict> {
    const { tree, questions, signal: stop } = this.#host;
    const place = this.#places.take(push);
    if (place === undefined) return refused('too many bootstraps are being admitted');
    const signal = AbortSignal.any([stop, place.signal]);
    const host: BootstrapHost = {
      tree,
      signal,
      ask: (ask, unwanted) => {
        taken();
        return questions.askForStranger({ ask, ...(unwanted === undefined ? {} : { signal: unwanted }) });
      },
      waits: taken,
      look: (work) => this.#work.run(work, signal),
      proved: () => place.proved(),
    };
    try {
      return await Promise.race([gate.admit(push, host), gaveWay(place.signal)]);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'error';
      return refused(`the bootstrap failed on the device: ${name}`);
    } finally {
      place.release();
    }
  }
}

function gaveWay(signal: AbortSignal): Promise<BootstrapVerdict> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => resolve(refused('too many bootstraps wait: it gave way to a newer one')),
      { once: true },
    );
  });
}

function refused(detail: string): BootstrapVerdict {
  return { verdict: 'refused', detail };
}
