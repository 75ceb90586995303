// A reader of /v1/events that comes back with Last-Event-ID whenever its stream breaks off.
import type { Api } from './api.ts';
import { endStates, type ShownEvent } from './ledgers.ts';

/** Follows them. */
export class Follower {
  readonly events: ShownEvent[] = [];
  /** Notifications that are over. */
  readonly over = new Set<string>();
  readonly #api: Api;
  readonly #ender = new AbortController();
  #running: Promise<void> | undefined;
  #last = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Sequence number of the last event that came. */
  get last(): number {
    return this.#last;
  }

  async stop(): Promise<void> {
    this.#ender.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ender;
    while (!signal.aborted) {
      try {
        const response = await this.#api.events(this.#last, signal);
        if (response.body !== null && response.ok) await this.#read(response.body);
      } catch {
        // It broke off, or nobody is there: the next connection goes on.
      }
      await new Promise((resume) => setTimeout(resume, 50));
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const pieces = text.split('\n\n');
      text = pieces.pop() ?? '';
      for (const piece of pieces) this.#take(piece);
    }
  }

  #take(piece: string): void {
    const data = /^data: (.*)$/m.exec(piece)?.[1];
    const id = /^id: (\d+)$/m.exec(piece)?.[1];
    if (data === undefined || id === undefined) return;
    const event = JSON.parse(data) as ShownEvent;
    this.events.push(event);
    this.#last = Number(id);
    if (event.notification !== undefined && endStates.notification.has(event.state)) {
      this.over.add(event.notification);
    }
  }
}
