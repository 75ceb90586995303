// What one step of a session says beside its message: effects to make durable, and what the client reported.
import type { ClientReport, SessionEffect, SessionStep } from './contract.ts';

/** Collects the effects of one step. */
export class StepLog {
  #effects: SessionEffect[] = [];

  add(...effects: readonly SessionEffect[]): void {
    this.#effects.push(...effects);
  }

  /** A note for the host's log; never a secret, nor text of the peer. */
  note(text: string): void {
    this.#effects.push({ effect: 'note', text });
  }

  /** What the client said, as far as it was collected. */
  reports(): ClientReport[] {
    return this.#effects.filter(
      ({ effect }) => effect === 'answered' || effect === 'received',
    ) as ClientReport[];
  }

  /** A step with what was collected, and nothing else. */
  flush(): SessionStep {
    const effects = this.#effects;
    this.#effects = [];
    return { effects };
  }

  /** A step that tells why an input leads to nothing. */
  ignore(why: string): SessionStep {
    this.note(`ignored: ${why}`);
    return this.flush();
  }
}
