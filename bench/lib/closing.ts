// Ends what was started, the last first, also when a later thing could not be started.

/** Things to end. */
export class Closing {
  readonly #steps: (() => Promise<void>)[] = [];

  /** Has `thing` ended with the others; gives it. */
  add<Thing extends { stop(): Promise<void> }>(thing: Thing): Thing {
    this.#steps.push(() => thing.stop());
    return thing;
  }

  /** Ends all. */
  readonly close = async (): Promise<void> => {
    for (const step of this.#steps.splice(0).reverse()) await step();
  };

  /** What `open` gives; ends all when it fails. */
  static async around<Result>(open: (closing: Closing) => Promise<Result>): Promise<Result> {
    const closing = new Closing();
    try {
      return await open(closing);
    } catch (error) {
      await closing.close();
      throw error;
    }
  }
}
