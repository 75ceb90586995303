// Between the page and its worker: what people do becomes requests, and answers become the state that is shown.
import type { Answer, CaptureKeys, Filter, Request, Settings, Source } from '../worker/protocol.ts';
import { emptyState, type InspectorState } from './inspector-state.ts';

/** That a worker could not be loaded, or threw. */
export interface WorkerFailure {
  readonly message: string;
  preventDefault(): void;
}

/** What of a worker is used. */
export interface WorkerLike {
  addEventListener(type: 'message', listener: (event: { readonly data: Answer }) => void): void;
  addEventListener(type: 'error', listener: (event: WorkerFailure) => void): void;
  postMessage(request: Request): void;
  terminate(): void;
}

/** Rows that are asked for beyond those in sight, at either end. */
const margin = 40;

/** The state of one page, and everything that changes it. */
export class Controller {
  readonly #worker: WorkerLike;
  readonly #changed: (state: InspectorState) => void;
  #state = emptyState;
  #opening = 0;
  #source: readonly [Source, string] | undefined;
  #ticket = 0;
  #sight: readonly [from: number, to: number] = [0, 0];

  constructor(worker: WorkerLike, changed: (state: InspectorState) => void) {
    this.#worker = worker;
    this.#changed = changed;
    worker.addEventListener('message', ({ data }) => this.#take(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#set({
        trouble: { message: `The reader stopped: ${event.message || 'it could not be loaded'}.` },
        isExplaining: false,
      });
    });
  }

  get state(): InspectorState {
    return this.#state;
  }

  /** Reads something new; what was open goes, what it is held against stays. */
  open(source: Source, name: string): void {
    this.#source = [source, name];
    this.#opening += 1;
    this.#ticket += 1;
    const { settings, kept } = this.#state;
    const progress = { opening: this.#opening, read: 0, total: 0, messages: 0, state: 'reading' } as const;
    this.#state = { ...emptyState, settings, ...(kept === undefined ? {} : { kept }) };
    this.#set({ input: { name, progress }, said: `Reading ${name}` });
    this.#worker.postMessage({ kind: 'open', opening: this.#opening, source, settings });
  }

  /** Stops reading; what was read stays. */
  cancel(): void {
    this.#worker.postMessage({ kind: 'cancel' });
  }

  /** Back to the beginning. Secrets stay until they are forgotten. */
  close(): void {
    this.cancel();
    this.#opening += 1;
    this.#ticket += 1;
    const { settings, kept } = this.#state;
    this.#state = { ...emptyState, settings, ...(kept === undefined ? {} : { kept }) };
    this.#set({});
  }

  filter(change: Partial<Filter>): void {
    const filter = { ...this.#state.list.filter, ...change };
    this.#set({ list: { ...this.#state.list, filter } });
    this.#worker.postMessage({ kind: 'find', filter });
  }

  /** The rows that are in sight. */
  sight(from: number, to: number): void {
    this.#sight = [from, to];
    const { list } = this.#state;
    const isThere = from >= list.from && Math.min(to, list.count) <= list.from + list.rows.length;
    if (!isThere) this.#askRows();
  }

  /** Shows a message. */
  select(number: number): void {
    this.#set({ selected: number });
    this.#explain();
  }

  /** Moves by so many rows in the list as it is filtered. */
  step(by: number): void {
    const { list, selected } = this.#state;
    const at = list.rows.findIndex((row) => row.number === selected);
    const next = list.rows[at < 0 ? 0 : at + by];
    if (next !== undefined) this.select(next.number);
  }

  /** What the message is held against; leaves out what is `undefined`. */
  hold(settings: Settings): void {
    this.#set({ settings });
    if (this.#state.selected !== undefined) this.#explain();
  }

  /** Keys of a capture: it is read anew with them. */
  openWith(opening: CaptureKeys): void {
    this.#state = { ...this.#state, settings: { ...this.#state.settings, opening } };
    if (this.#source !== undefined) this.open(...this.#source);
  }

  /** Secrets go: from the page, and from what the worker has for it. */
  forget(): void {
    const { secret: _, nonce: __, identifier: ___, opening, ...settings } = this.#state.settings;
    this.#set({ settings });
    // What the keys opened goes with them.
    if (opening !== undefined && this.#source !== undefined) this.open(...this.#source);
    else if (this.#state.selected !== undefined) this.#explain();
  }

  /** Keeps the message that is shown, to compare others with it. */
  keep(): void {
    const { view, input } = this.#state;
    if (view === undefined) return;
    this.#set({ kept: { view, name: `message ${view.number} of ${input?.name ?? 'this input'}` } });
  }

  drop(): void {
    const { kept: _, ...state } = this.#state;
    this.#state = state;
    this.#set({});
  }

  /** Says something to those who hear the page. */
  say(said: string): void {
    this.#set({ said });
  }

  end(): void {
    this.#worker.terminate();
  }

  #explain(): void {
    const { selected } = this.#state;
    if (selected === undefined) return;
    // Keys of a capture have done their work by then, and a log may be long.
    const { opening: _, ...settings } = this.#state.settings;
    this.#ticket += 1;
    this.#set({ isExplaining: true });
    this.#worker.postMessage({ kind: 'explain', ticket: this.#ticket, number: selected, settings });
  }

  #askRows(): void {
    const [from, to] = this.#sight;
    this.#worker.postMessage({ kind: 'rows', from: Math.max(0, from - margin), to: to + margin });
  }

  #take(answer: Answer): void {
    switch (answer.kind) {
      case 'message':
        if (answer.ticket === this.#ticket) {
          const { trouble: _, ...state } = this.#state;
          this.#state = state;
          this.#set({
            view: answer.view,
            isExplaining: false,
            said: `Message ${answer.view.number} is shown`,
          });
        }
        return;
      case 'trouble':
        if (answer.ticket === this.#ticket) this.#set({ trouble: answer.trouble, isExplaining: false });
        return;
    }
    if (answer.opening !== this.#opening) return;
    const { input, list } = this.#state;
    if (answer.kind === 'progress') {
      if (input === undefined) return;
      const { kind: _, ...progress } = answer;
      this.#set({
        input: { ...input, progress },
        ...(progress.state === 'reading' ? {} : { said: endOf(answer) }),
      });
      if (answer.messages > 0 && this.#state.selected === undefined) this.select(1);
    } else if (answer.kind === 'found') {
      const { count, protocols, kinds } = answer;
      this.#set({ list: { ...list, count, protocols, kinds } });
      this.#askRows();
    } else {
      this.#set({ list: { ...list, from: answer.from, rows: answer.rows } });
    }
  }

  #set(change: Partial<InspectorState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed(this.#state);
  }
}

function endOf({
  messages,
  state,
  trouble,
}: {
  messages: number;
  state: string;
  trouble?: { message: string };
}): string {
  const read = `${messages} ${messages === 1 ? 'message' : 'messages'} read`;
  if (trouble !== undefined) return `${read}. ${trouble.message}`;
  return state === 'cancelled' ? `${read}, then stopped` : read;
}
