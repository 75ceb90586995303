/** Runs asynchronous steps one after the other, in the order of the calls. */
export class StepQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** True while a step runs or waits. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** The result of `step`, which starts when all earlier ones have ended. */
  run<Result>(step: () => Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    const result = this.#tail.then(step).finally(() => {
      this.#waiting -= 1;
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
