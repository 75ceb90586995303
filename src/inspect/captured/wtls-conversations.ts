// Conversations in WTLS of a capture, by both ends, within bounds: the one that was used longest ago is forgotten.
import type { WtlsSecret } from '../../codec/wtls/index.ts';
import { DecodeError } from '../../core/index.ts';
import type { UnprotectedRecord } from '../layers/findings.ts';
import type { WtlsMasterSecrets } from '../secret/wtls-epoch.ts';
import { WtlsReader } from '../secret/wtls-reader.ts';
import type { CapturedEnd, CapturedMessage } from '../streams/captured-message.ts';

const mostConversations = 4096;

/** What a message has of its protected records. */
export type OpenedRecords = Pick<CapturedMessage, 'unprotected' | 'note'>;

/** Reads datagrams of WTLS in the order of the capture. */
export class WtlsConversations {
  readonly #secrets: readonly WtlsSecret[];
  readonly #sessions: WtlsMasterSecrets = new Map();
  readonly #readers = new Map<string, WtlsReader>();

  constructor(secrets: readonly WtlsSecret[]) {
    this.#secrets = secrets;
  }

  /** What the protected records of a datagram hold, for its message; of those that stay closed, why. */
  open(datagram: Uint8Array, [source, destination]: readonly [CapturedEnd, CapturedEnd]): OpenedRecords {
    const unprotected = this.read(datagram, source, destination);
    if (unprotected.length === 0) return {};
    const closed = unprotected.find((each) => 'why' in each);
    return { unprotected, ...(closed === undefined ? {} : { note: `WTLS stays closed: ${closed.why}` }) };
  }

  /** What the protected records of a datagram hold, in their order; nothing of what is no WTLS. */
  read(datagram: Uint8Array, source: CapturedEnd, destination: CapturedEnd): readonly UnprotectedRecord[] {
    const [from, to] = [nameOf(source), nameOf(destination)];
    const key = from <= to ? `${from} ${to}` : `${to} ${from}`;
    const reader = this.#readers.get(key) ?? new WtlsReader(this.#secrets, this.#sessions);
    this.#readers.delete(key);
    this.#readers.set(key, reader);
    const oldest = this.#readers.keys().next();
    if (this.#readers.size > mostConversations && oldest.done !== true) this.#readers.delete(oldest.value);
    try {
      return reader.read(datagram, from <= to ? 0 : 1).flatMap(({ content, opened, why }) => {
        if (content.type !== 'encrypted') return [];
        return [opened === undefined ? { why: why ?? '' } : { fragment: opened.fragment, by: opened.by }];
      });
    } catch (error) {
      // It is told where it is taken apart.
      if (error instanceof DecodeError) return [];
      throw error;
    }
  }
}

function nameOf({ address, port }: CapturedEnd): string {
  return `${address} ${port ?? 0}`;
}
