// One at a time: sessions under one account change its nonces, and messages of one server keep their order.

/** Runs tasks one after the other, in the order of the calls. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all earlier ones are over; gives what it gives. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** Turns of several, who do not wait for each other. Nothing is kept of one who has no task. */
export class TurnsByName {
  readonly #rows = new Map<string, { readonly turns: Turns; tasks: number }>();

  /** True while a task of this name runs or waits. */
  isBusy(name: string): boolean {
    return this.#rows.has(name);
  }

  /** Runs `task` when all earlier ones of this name are over; gives what it gives. */
  async run<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
    const row = this.#rows.get(name) ?? { turns: new Turns(), tasks: 0 };
    this.#rows.set(name, row);
    row.tasks += 1;
    try {
      return await row.turns.run(task);
    } finally {
      row.tasks -= 1;
      if (row.tasks === 0) this.#rows.delete(name);
    }
  }
}
