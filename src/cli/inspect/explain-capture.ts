// A capture explained as it comes in: its first messages here, those of a large one in threads.

import { setFlagsFromString } from 'node:v8';
import {
  CaptureReader,
  type CaptureSecrets,
  type CaptureSummary,
  frameMessage,
  type InspectOptions,
} from '../../inspect/index.ts';
import type { InspectOutput, InspectView } from './inspect-output.ts';
import { InspectThreads, threadsHelp } from './inspect-threads.ts';
import { withPauses } from './live-chunks.ts';
import { type Found, MessageCollector } from './message-batch.ts';

/** What a capture is explained with. */
export interface ExplainCapture {
  readonly output: InspectOutput;
  readonly view: InspectView;
  readonly how: InspectOptions;
  readonly secrets: CaptureSecrets;
}

/** Messages that are explained here before threads are worth their start, which takes as long as a thousand of them. */
const fewMessages = 4096;

/**
 * Shows the messages of a capture, also of one that is still being made, and gives how many frames there were; the error says where
 * reading ended before the end of the file.
 */
export async function explainCapture(
  chunks: AsyncIterable<Uint8Array>,
  what: ExplainCapture,
): Promise<Pick<CaptureSummary, 'error' | 'frames'>> {
  const found: Found[] = [];
  const reader = new CaptureReader(what.secrets, {
    frame: (frame) => found.push(frame),
    message: (message) => found.push(message),
  });
  keepSmall();
  const explainer = new Explainer(what);
  try {
    for await (const chunk of withPauses(chunks)) {
      if (chunk === 'due') {
        await explainer.flush();
        continue;
      }
      reader.feed(chunk);
      for (const each of found) {
        const more = explainer.add(each);
        if (more !== undefined) await more;
      }
      found.length = 0;
    }
    const { summary } = reader.end();
    for (const each of found) await explainer.add(each);
    await explainer.end();
    return summary;
  } finally {
    await explainer.close();
  }
}

/**
 * Messages are thrown away as soon as they are made. Left to itself the engine takes 50 MB more for them, in this thread and the
 * others, and is no faster; what its middle compiler keeps of each thread's code is 30 MB, for a tenth of the time. A version of Node that does not know these flags of its engine does nothing.
 */
function keepSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=25');
  setFlagsFromString('--no-maglev');
}

/** Explains messages, here or in threads. */
class Explainer {
  readonly #what: ExplainCapture;
  readonly #collector = new MessageCollector();
  #threads: InspectThreads | undefined;
  #here = 0;

  constructor(what: ExplainCapture) {
    this.#what = what;
  }

  /** Gives a promise where there is something to wait for. */
  add(found: Found): Promise<void> | undefined {
    if (this.#threads !== undefined) {
      return this.#collector.add(found) ? this.#threads.explain(this.#collector.take()) : undefined;
    }
    const { output, how, view } = this.#what;
    this.#here += 1;
    const written = output.captured('form' in found ? found : frameMessage(found), how);
    // Of one frame there is little to explain.
    const isLarge = this.#here >= fewMessages && threadsHelp && view.frame === undefined;
    return isLarge ? this.#start(written) : written;
  }

  async #start(written: Promise<void> | undefined): Promise<void> {
    await written;
    const { output, how, view } = this.#what;
    await output.end();
    const { family, ...rest } = view;
    this.#threads = new InspectThreads({ view: rest, family: family?.name, how }, (text) =>
      output.write(text),
    );
  }

  /** Writes all that there is to say of what was added. */
  async flush(): Promise<void> {
    if (this.#threads === undefined) {
      await this.#what.output.end();
      return;
    }
    if (this.#collector.count > 0) await this.#threads.explain(this.#collector.take());
    await this.#threads.end();
  }

  async end(): Promise<void> {
    if (this.#threads === undefined) return;
    await this.flush();
    if (this.#threads.failed) this.#what.output.fail();
  }

  async close(): Promise<void> {
    await this.#threads?.close();
  }
}
