// The beginning of a DM message, for who has to know who speaks before the whole is worth reading.
import type { Preview, XmlElement } from '../xml/index.ts';
import type { DmMessage } from './message.ts';
import type { MessageForm } from './parse-context.ts';
import { type ReadMessageOptions, readMessage } from './transport.ts';

/** How much is read at most. */
export interface HeadLimits {
  /** Commands that want a Status, beyond which reading stops. */
  readonly maxCommands: number;
  /** Octets after which reading stops; in XML, characters. */
  readonly maxOctets: number;
  /** Elements after which reading stops. Default 2000. */
  readonly maxElements?: number;
}

/** What was read. */
export interface MessageHead {
  /** SyncHdr is whole. The commands are the first of the message, and `final` says nothing, unless `complete`. */
  readonly message: DmMessage;
  /** True when the message ended within the limits. */
  readonly complete: boolean;
}

/**
 * Reads SyncHdr and the first commands of a message, at a cost that the limits bound whatever the size of the message.
 * What is behind them is not looked at, so it may still be wrong.
 * @throws {DecodeError} as `readMessage`, also when SyncHdr does not end within the limits
 */
export function readMessageHead(
  bytes: Uint8Array,
  contentType: MessageForm | string | undefined,
  {
    maxCommands,
    maxOctets,
    maxElements = 2000,
    ...options
  }: HeadLimits & Omit<ReadMessageOptions, 'preview'>,
): MessageHead {
  let complete = true;
  let hasHeader = false;
  let commands = 0;
  let elements = 0;
  const preview: Preview = {
    length: maxOctets,
    enough: ({ name }: XmlElement, depth) => {
      if (depth === 2 && name === 'SyncHdr') hasHeader = true;
      if (depth === 3 && hasHeader && name !== 'Status' && name !== 'Results' && name !== 'Final')
        commands += 1;
      elements += 1;
      return commands > maxCommands || elements > maxElements;
    },
    onCut: () => {
      complete = false;
    },
  };
  return { message: readMessage(bytes, contentType, { ...options, preview }), complete };
}
