// DM messages that cannot be read, in the log: with the device of their session, else with the one that they claim to be of.
import { readMessageHead } from '../../codec/syncml/index.ts';
import { type Clock, DecodeError, type Logger, LogSummary } from '../../core/index.ts';
import type { DmRequest } from './dm-exchange.ts';

interface Entry {
  readonly peer: string;
  readonly claims: string | undefined;
  readonly error: string;
}

/** Writes what strangers send in sums. */
export class UnreadableLog {
  readonly #logger: Logger;
  readonly #summary: LogSummary<Entry>;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#summary = new LogSummary<Entry>({
      clock,
      write: (entry) => logger.warn({ ...entry }, 'unreadable DM message'),
      writeSum: ({ count, latest, withinMs }) =>
        logger.warn({ count, ...latest, withinMs }, 'unreadable DM messages'),
    });
  }

  /** A message that belongs to no session, as far as one can tell. */
  ofStranger({ peer, body, contentType }: DmRequest, error: string): void {
    this.#summary.note('unreadable', { peer, claims: claimedDevice(body, contentType), error });
  }

  /** A message of a session whose client has proved itself. */
  ofDevice(device: string, session: number | string, { peer }: DmRequest, error: string): void {
    this.#logger.warn({ device, session, peer, error }, 'unreadable DM message');
  }

  /** Writes the counts that are due later. */
  flush(): void {
    this.#summary.flush();
  }
}

/** Octets after which WBXML is cut to see whether it can be read so far: SyncHdr stands at its beginning. */
const cuts = [1024, 512, 384, 256, 192, 128];

/** Source/LocURI of a message that cannot be read as a whole; `undefined` where not even its beginning can. */
function claimedDevice(body: Uint8Array, contentType: string | undefined): string | undefined {
  // In XML the header ends where the body begins.
  const bodyAt = Buffer.from(body.buffer, body.byteOffset, body.length).indexOf('SyncBody');
  const endAt = bodyAt < 0 ? -1 : body.indexOf(0x3e, bodyAt);
  for (const maxOctets of endAt < 0 ? cuts : [endAt + 1]) {
    try {
      const { message } = readMessageHead(body, contentType, { maxCommands: 0, maxOctets });
      return message.header.source.uri.slice(0, 255);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return undefined;
}
