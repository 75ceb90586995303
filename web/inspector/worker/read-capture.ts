// A capture of any size, read in pieces; between them the worker hears what the page asks.
import { hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import {
  type CapturedMessage,
  CaptureReader,
  type CaptureSecrets,
  inspectCaptured,
} from '../../../src/inspect/index.ts';
import type { CaptureKeys, Row, Trouble } from './protocol.ts';
import { rowOf } from './row-of.ts';

/** Octets that are read at once: a few thousand messages, a fraction of a second. */
const pieceOctets = 512 * 1024;

/** What becomes of messages as they come. */
export interface CaptureSink {
  /** @returns false when no more is taken */
  message(message: CapturedMessage, row: Row): boolean;
  /** Octets of the file that were read. */
  progress(read: number): void;
}

/** Reads the file to its end, or until it is stopped; gives why it ended before the end of the file. */
export async function readCapture(
  file: Blob,
  keys: CaptureKeys,
  sink: CaptureSink,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const reader = new CaptureReader(secretsOf(keys));
  const take = (messages: readonly CapturedMessage[]): boolean =>
    messages.every((message) =>
      sink.message(message, rowOf(message.number, inspectCaptured(message), message)),
    );
  for (let at = 0; at < file.size; at += pieceOctets) {
    const piece = new Uint8Array(await file.slice(at, at + pieceOctets).arrayBuffer());
    if (signal.aborted) return undefined;
    if (!take(reader.feed(piece))) {
      return { message: 'The list is full: what comes behind this message is not read.' };
    }
    sink.progress(Math.min(at + pieceOctets, file.size));
    await turn();
    if (signal.aborted) return undefined;
  }
  const { messages, summary } = reader.end();
  take(messages);
  const { error } = summary;
  if (error === undefined) return undefined;
  return {
    message: `Reading ended at octet ${error.at.offset} of the file: ${error.message}`,
    offset: error.at.offset,
  };
}

/** @throws {ValueError} for a secret that is to be hex and is none */
function secretsOf({ wtls, tlsKeyLog }: CaptureKeys): CaptureSecrets {
  const wtlsSecrets =
    wtls === undefined ? [] : [{ identity: utf8ToBytes(wtls.identity), secret: octetsOf(wtls) }];
  return {
    wtlsSecrets,
    ...(tlsKeyLog === undefined ? {} : { tlsKeyLog }),
  };
}

function octetsOf({ secret, hex = false }: NonNullable<CaptureKeys['wtls']>): Uint8Array {
  return hex ? hexToBytes(secret.replace(/\s/g, ''), 'secret') : utf8ToBytes(secret);
}

/** Lets the messages in that wait. */
function turn(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
