// Handshake messages and alerts of one direction; a message may go over several records (RFC 8446 §4, §5.1).
import { concatBytes, DecodeError } from '../../core/index.ts';
import { tlsMessages } from './tls-code-points.ts';
import {
  readTlsClientHello,
  readTlsServerHello,
  type TlsClientHello,
  type TlsServerHello,
} from './tls-hello.ts';

/** A handshake message. */
export interface TlsMessage {
  /** Its number; see `tlsMessageName`. */
  readonly type: number;
  /** Octets of its body. */
  readonly length: number;
  /** What a hello says. */
  readonly hello?: TlsClientHello | TlsServerHello;
  /** What is wrong with a hello; its offset counts in the message's body. */
  readonly error?: DecodeError;
}

/** An alert (RFC 8446 §6). */
export interface TlsAlert {
  readonly level: number;
  readonly description: number;
}

/** Octets of messages that are not whole yet, at most: chains of certificates are the longest. */
const maximumMessage = 131_072;

/** Puts the handshake messages of one direction together. */
export class TlsMessages {
  #rest: Uint8Array = new Uint8Array(0);
  #lost = false;

  /** The messages that end in this fragment. None any more once one was longer than 128 KiB, or one was missing. */
  feed(fragment: Uint8Array): readonly TlsMessage[] {
    if (this.#lost) return [];
    const all = this.#rest.length === 0 ? fragment : concatBytes(this.#rest, fragment);
    const messages: TlsMessage[] = [];
    let at = 0;
    while (all.length - at >= 4) {
      const [type = 0, high = 0, middle = 0, low = 0] = all.subarray(at, at + 4);
      const length = high * 65_536 + middle * 256 + low;
      if (length > maximumMessage) this.lose();
      if (this.#lost || at + 4 + length > all.length) break;
      messages.push(messageOf(type, all.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    this.#rest = this.#lost ? new Uint8Array(0) : all.slice(at);
    return messages;
  }

  /** A record is missing: where the next message begins is unknown. */
  lose(): void {
    this.#lost = true;
    this.#rest = new Uint8Array(0);
  }
}

/** An alert in a fragment; `undefined` when it is none. */
export function tlsAlertIn(fragment: Uint8Array): TlsAlert | undefined {
  const [level, description] = fragment;
  if (fragment.length !== 2 || level === undefined || description === undefined) return undefined;
  return { level, description };
}

function messageOf(type: number, body: Uint8Array): TlsMessage {
  const { length } = body;
  try {
    if (type === tlsMessages.clientHello) return { type, length, hello: readTlsClientHello(body) };
    if (type === tlsMessages.serverHello) return { type, length, hello: readTlsServerHello(body) };
    return { type, length };
  } catch (error) {
    if (error instanceof DecodeError) return { type, length, error };
    throw error;
  }
}
