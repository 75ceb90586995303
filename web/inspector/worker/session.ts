// One input after the other: reads it, keeps its messages as rows, and explains the one that is asked for.
import { ReveilleError, utf8ToBytes } from '../../../src/core/index.ts';
import {
  areSegments,
  formOf,
  inspectCaptured,
  isCapture,
  isMessage,
  type PastedMessage,
  readPasted,
} from '../../../src/inspect/index.ts';
import { CapturedMessages } from './captured-messages.ts';
import { MessageList } from './message-list.ts';
import type {
  Answer,
  CaptureKeys,
  MessageView,
  Progress,
  Request,
  Settings,
  Source,
  Trouble,
} from './protocol.ts';
import { rowOf } from './row-of.ts';
import { take, takeApartOptions, viewOf } from './view-of.ts';

/** Octets of a file that is no capture, at most: it is read whole. */
const largestFile = 16 * 1024 * 1024;

/** What the worker does, apart from being one: `answer` sends. */
export class Session {
  readonly #answer: (answer: Answer) => void;
  #opening = 0;
  #list = new MessageList();
  #messages: readonly PastedMessage[] = [];
  #captured: CapturedMessages | undefined;
  #running: AbortController | undefined;

  constructor(answer: (answer: Answer) => void) {
    this.#answer = answer;
  }

  /** Does what the page asks; answers go out as they are there. */
  async take(request: Request): Promise<void> {
    switch (request.kind) {
      case 'open':
        return await this.#open(request.opening, request.source, request.settings);
      case 'cancel':
        this.#running?.abort();
        return;
      case 'find':
        this.#list.find(request.filter);
        return this.#tellFound();
      case 'rows': {
        const { from, to } = request;
        const rows = this.#list.rows(from, to);
        return this.#answer({ kind: 'rows', opening: this.#opening, from, rows });
      }
      case 'explain': {
        const { ticket, number, settings } = request;
        try {
          this.#answer({ kind: 'message', ticket, view: await this.#explain(number, settings) });
        } catch (error) {
          this.#answer({ kind: 'trouble', ticket, trouble: troubleOf(error) });
        }
      }
    }
  }

  async #open(opening: number, source: Source, settings: Settings): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#opening = opening;
    this.#list = new MessageList();
    this.#messages = [];
    this.#captured = undefined;
    const total = source.kind === 'file' ? source.file.size : 0;
    const progress = (rest: Partial<Progress>): void => {
      if (this.#opening !== opening) return;
      const messages = this.#list.size;
      this.#answer({ kind: 'progress', opening, read: 0, total, messages, state: 'reading', ...rest });
    };
    let isCaptured = false;
    try {
      progress({});
      isCaptured = source.kind === 'file' && (await isCaptureFile(source.file));
      if (source.kind === 'file' && isCaptured) {
        await this.#readCapture(source.file, settings.opening ?? {}, running.signal, progress);
        return;
      }
      const form = await this.#readWhole(source, settings);
      this.#tellFound();
      progress({ read: total, state: 'done', ...(form === undefined ? {} : { form }) });
    } catch (error) {
      // Keys of a capture that are none are typed once more: its form stays known.
      const form = isCaptured ? { form: 'capture' } : {};
      progress({ state: 'done', trouble: troubleOf(error), ...form });
    }
  }

  async #readCapture(
    file: Blob,
    keys: CaptureKeys,
    signal: AbortSignal,
    progress: (rest: Partial<Progress>) => void,
  ): Promise<void> {
    const list = this.#list;
    const captured = new CapturedMessages(file);
    this.#captured = captured;
    let read = 0;
    const sink = {
      message: (message: Parameters<CapturedMessages['add']>[0], row: Parameters<MessageList['add']>[0]) => {
        captured.add(message);
        list.add(row);
        return !list.isFull;
      },
      progress: (octets: number) => {
        read = octets;
        if (this.#list !== list) return;
        progress({ read });
        this.#tellFound();
      },
    };
    // What only captures need (streams, ciphers of TLS) is no part of the first load.
    const { readCapture } = await import('./read-capture.ts');
    const trouble = await readCapture(file, keys, sink, signal);
    if (this.#list !== list) return;
    this.#tellFound();
    const state = signal.aborted ? 'cancelled' : 'done';
    progress({ read, state, form: 'capture', ...(trouble === undefined ? {} : { trouble }) });
  }

  /** Reads what fits into memory; gives the form that it is in. @throws {Error} with what to say */
  async #readWhole(source: Source, settings: Settings): Promise<string | undefined> {
    const options = takeApartOptions({ as: settings.as });
    if (source.kind === 'octets') {
      this.#messages = [{ parts: source.parts }];
    } else {
      if (source.kind === 'file' && source.file.size > largestFile) {
        throw new Error(
          `The file has ${source.file.size} octets and is no capture: others are read up to ${largestFile}.`,
        );
      }
      const octets =
        source.kind === 'text' ? utf8ToBytes(source.text) : new Uint8Array(await source.file.arrayBuffer());
      if (octets.length === 0) throw new Error('The file is empty.');
      this.#messages = readPasted(octets, undefined, {
        isMessage: (parts) => isMessage(parts, options),
        areSegments: (parts) => areSegments(parts, settings.as),
        oneEach: false,
      });
      this.#listAll(options);
      return formOf(octets) ?? 'lines';
    }
    this.#listAll(options);
    return undefined;
  }

  #listAll(options: ReturnType<typeof takeApartOptions>): void {
    for (const [index, message] of this.#messages.entries()) {
      if (this.#list.isFull) return;
      this.#list.add(rowOf(index + 1, take(message, options)));
    }
  }

  async #explain(number: number, settings: Settings): Promise<MessageView> {
    if (this.#captured !== undefined) {
      const captured = await this.#captured.message(number);
      const { as: _, ...options } = takeApartOptions(settings);
      return viewOf(number, inspectCaptured(captured, options), [captured.octets], settings, captured);
    }
    const message = this.#messages[number - 1];
    if (message === undefined) throw new Error(`There is no message ${number}.`);
    const parts = 'parts' in message ? message.parts : [];
    return viewOf(number, take(message, takeApartOptions(settings)), parts, settings);
  }

  #tellFound(): void {
    const { count, protocols, kinds } = this.#list;
    this.#answer({ kind: 'found', opening: this.#opening, count, protocols, kinds });
  }
}

async function isCaptureFile(file: Blob): Promise<boolean> {
  return isCapture(new Uint8Array(await file.slice(0, 4).arrayBuffer()));
}

/** What went wrong, with its place. A fault of ours is told too: a page that waits for ever would be worse. */
function troubleOf(error: unknown): Trouble {
  if (error instanceof ReveilleError) return { message: error.message };
  return { message: error instanceof Error ? error.message : String(error) };
}
