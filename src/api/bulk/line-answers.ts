// Answers of many lines that go out as they come, no faster than they are read; cut off when the server stops.
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { whileItMay } from '../access/goes-on.ts';
import type { App } from '../host/app.ts';

/** Texts that go out one after the other. */
export type Texts = AsyncGenerator<string, void, undefined>;

/** Streams of one server. */
export class LineAnswers {
  readonly #open = new Set<Readable>();

  constructor(app: App) {
    // A reader may be slow, and closing waits for every response.
    app.addHook('preClose', async () => {
      for (const stream of this.#open) stream.destroy();
    });
  }

  /** Answers with what `texts` gives, while the caller may go on. What it throws cuts the answer off, and `note` is told. */
  send(reply: FastifyReply, type: string, texts: Texts, note: (error: unknown) => void): FastifyReply {
    const stream = Readable.from(noted(whileItMay(texts, reply.request.mayGoOn), note), {
      objectMode: false,
    });
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
    return reply
      .type(type)
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream);
  }
}

async function* noted(texts: Texts, note: (error: unknown) => void): AsyncGenerator<Buffer, void, undefined> {
  try {
    // As octets: to text, the framework would add a charset.
    for await (const text of texts) yield Buffer.from(text);
  } catch (error) {
    note(error);
    throw error;
  }
}
