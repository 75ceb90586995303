// One at a time: work that must not overlap, such as sessions under one account or the messages of one session.

/** Runs tasks one after the other, in the order of the calls. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #tasks = 0;

  /** True while a task runs or waits. */
  get busy(): boolean {
    return this.#tasks > 0;
  }

  /** Runs `task` when all earlier ones are over; gives what it gives. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#tasks += 1;
    const result = this.#last.then(task).finally(() => {
      this.#tasks -= 1;
    });
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
