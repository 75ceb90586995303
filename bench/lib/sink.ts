// The sink of datagrams, a process of its own, as rows use it.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SinkCount, SinkSays } from '../programs/sink.ts';
import { Child } from './children.ts';

/** A running sink. */
export class Sink {
  readonly port: number;
  readonly #child: Child;

  private constructor(child: Child, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts one on 127.0.0.1. @param port 0: any that is free */
  static async start(port = 0): Promise<Sink> {
    const file = join(import.meta.dirname, '../programs/sink.ts');
    const child = new Child('the sink', process.execPath, [file, String(port)], { ipc: true });
    const said = await answerOf(child);
    if (!('port' in said)) throw new Error('the sink did not say its port');
    return new Sink(child, said.port);
  }

  /** What came in. */
  count(): Promise<SinkCount> {
    return this.#ask('count');
  }

  /** Begins to count anew. */
  async reset(): Promise<void> {
    await this.#ask('reset');
  }

  /**
   * Waits until so many have come, until none comes any more for `quietMs`, or until `limitMs` are over; gives what came.
   * The first of them is waited for as long as that takes.
   */
  async waitFor(wanted: number, { quietMs = 3000, limitMs = 600_000 } = {}): Promise<SinkCount> {
    const end = performance.now() + limitMs;
    let seen = await this.count();
    let grewAt = performance.now();
    while (seen.count < wanted && performance.now() < end) {
      await wait(20);
      const now = await this.count();
      if (now.count !== seen.count || now.count === 0) grewAt = performance.now();
      seen = now;
      if (performance.now() - grewAt > quietMs) break;
    }
    return seen;
  }

  /** Ends it. */
  stop(): Promise<void> {
    return this.#child.stop();
  }

  async #ask(what: 'count' | 'reset'): Promise<SinkCount> {
    const answer = answerOf(this.#child);
    this.#child.process.send(what);
    const said = await answer;
    if (!('count' in said)) throw new Error('the sink did not say what it counted');
    return said;
  }
}

function answerOf(child: Child): Promise<SinkSays> {
  return new Promise((resolve, reject) => {
    child.process.once('message', (said) => resolve(said as SinkSays));
    void child.ended.then((code) => reject(new Error(`the sink ended with ${code}: ${child.stderr}`)));
  });
}
