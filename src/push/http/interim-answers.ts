// Interim answers (RFC 9110 §15.2): a client has to take one or more of them before the final answer, asked for or not. undici
// breaks the connection at `100 Continue`, after the request has left, so they are taken out before it reads.
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Octets of one interim answer that is passed over, at most; a longer one is left to the parser and its bounds. */
const maxInterim = 16_384;

/** Status lines of interim answers. With 101 the connection is no HTTP any more, which nobody here asks for. */
const interimLine = /^HTTP\/1\.[01] 1(?!01)\d\d(?:[ \r\n]|$)/;

/** What is needed to see that line. */
const lineOctets = 'HTTP/1.1 100 '.length;

/** As undici's `buildConnector`; interim answers on its connections are passed over. */
export function connectorPastInterim(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (where, callback) =>
    connect(where, (...result) => {
      // With an error there is none.
      if (result[0] === null) passInterim(result[1]);
      callback(...result);
    });
}

/**
 * Has `read` of a socket leave interim answers out. An answer begins behind whatever was written last: requests are written whole,
 * and one at a time.
 */
function passInterim(socket: Pick<Socket, 'read' | 'write'>): void {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  const write = socket.write.bind(socket) as (...values: unknown[]) => boolean;
  let atStart = true;
  /** Of an answer's start, while it may be an interim one. */
  let held: Buffer = nothing;
  put(socket, 'write', (...values: unknown[]): boolean => {
    atStart = true;
    return write(...values);
  });
  put(socket, 'read', (size?: number): Buffer | null => {
    for (;;) {
      const chunk = read(size);
      if (chunk === null || !atStart) return chunk;
      const rest = pastInterim(held.length === 0 ? chunk : Buffer.concat([held, chunk]));
      held = rest.isOpen ? rest.octets : nothing;
      if (rest.isOpen) continue;
      atStart = false;
      return rest.octets;
    }
  });
}

/**
 * Puts a method before that of a socket. It is defined and not assigned: whoever else listens at the socket, as a recorder does, may have
 * an accessor there that would call ours behind its own, and so in a circle.
 */
function put(socket: object, name: 'read' | 'write', value: (...values: never[]) => unknown): void {
  Object.defineProperty(socket, name, { value, writable: true, configurable: true });
}

const nothing = Buffer.alloc(0);

/** Where the first digit of the status stands, in every version of HTTP/1. */
const statusAt = 'HTTP/1.1 '.length;

/** What is left behind interim answers; open where more octets are wanted to tell. */
function pastInterim(octets: Buffer): { readonly octets: Buffer; readonly isOpen: boolean } {
  let rest = octets;
  // Nearly all are final answers, and need no second look.
  const digit = octets[statusAt];
  if (digit !== undefined && digit >= 0x32 && digit <= 0x35) return { octets, isOpen: false };
  for (;;) {
    const line = rest.toString('latin1', 0, lineOctets);
    if (line.length < lineOctets && 'HTTP/1.'.startsWith(line.slice(0, 7)) && !line.includes('\n')) {
      return { octets: rest, isOpen: true };
    }
    if (!interimLine.test(line)) return { octets: rest, isOpen: false };
    const end = /\r?\n\r?\n/.exec(rest.toString('latin1', 0, maxInterim));
    if (end === null) return { octets: rest, isOpen: rest.length < maxInterim };
    rest = rest.subarray(end.index + end[0].length);
  }
}
