// Listens at one connection: what it is given to write, what it reads, and when it opens and ends.
import type { Socket } from 'node:net';
import { Server as NetServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import { plainAddress } from '../../push/index.ts';
import type { Connection, Recorder } from './recorder.ts';

/** Octets that are held back while a connection opens. */
const mostEarly = 1_048_576;

/** Listens from now on. `role` is our end's. */
export function tapStream(socket: Socket, role: 'client' | 'server', recorder: Recorder): void {
  let connection: Connection | undefined;
  let early: Uint8Array[] = [];
  let earlyOctets = 0;
  let hostName: string | undefined;
  let over = false;
  const sent = (octets: Uint8Array): void => {
    if (connection !== undefined) connection.data('out', octets);
    else if (!over && earlyOctets + octets.length <= mostEarly) {
      // Bytes belong to the caller again once they are written.
      early.push(Uint8Array.from(octets));
      earlyOctets += octets.length;
    }
  };
  const opened = (): void => {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    if (localAddress === undefined || localPort === undefined || !remoteAddress || !remotePort) {
      over = true;
      early = [];
      recorder.leftOut('a socket without an IP address');
      return;
    }
    const server: unknown = Reflect.get(socket, 'server');
    connection = recorder.open({
      role,
      local: { address: plainAddress(localAddress), port: localPort },
      remote: { address: plainAddress(remoteAddress), port: remotePort },
      tls: socket instanceof TLSSocket,
      hostName,
      server: server instanceof NetServer ? server : undefined,
    });
    over = connection === undefined;
    for (const octets of early.splice(0)) connection?.data('out', octets);
  };
  watchMethods(socket, sent, (octets) => connection?.data('in', octets));
  socket.once('close', () => {
    over = true;
    connection?.close();
  });
  if (role === 'server') opened();
  else {
    socket.once('lookup', (_error, _address, _family, host: string) => {
      hostName = host;
    });
    socket.prependOnceListener(socket instanceof TLSSocket ? 'secureConnect' : 'connect', opened);
  }
}

// biome-ignore lint/complexity/noBannedTypes: whatever takes these arguments
type Method = Function;

/** Puts a listener before the methods that octets go through. What it throws would be ours: it must not. */
function watchMethods(
  socket: Socket,
  onSent: (octets: Uint8Array) => void,
  onRead: (octets: Uint8Array) => void,
): void {
  const before = (name: 'write' | 'end' | 'push', listen: (octets: Uint8Array) => void): void => {
    let method: Method = Reflect.get(socket, name);
    const watched = function (this: Socket, ...args: unknown[]): unknown {
      const octets = octetsOf(args[0], args[1]);
      if (octets !== undefined && octets.length > 0) listen(octets);
      return Reflect.apply(method, this, args);
    };
    // Connecting puts the method of the class back, and others may put theirs: it is called behind ours.
    const set = (next: Method): void => {
      if (next !== watched) method = next;
    };
    Object.defineProperty(socket, name, { get: () => watched, set, configurable: true });
  };
  before('write', onSent);
  before('end', onSent);
  before('push', onRead);
}

function octetsOf(chunk: unknown, encoding: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk !== 'string') return undefined;
  return Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8');
}
