// Listens at one socket of UDP.
import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type PeerAddress, plainAddress } from '../../push/index.ts';
import type { Recorder } from './recorder.ts';

/** Listens from now on. */
export function tapUdp(socket: Socket, recorder: Recorder): void {
  const record = (direction: 'in' | 'out', peer: PeerAddress, octets: Uint8Array): void => {
    const remote = { address: plainAddress(peer.address), port: peer.port };
    const local = localEnd(socket, remote.address);
    if (local === undefined || isIP(remote.address) === 0) recorder.leftOut('a datagram without addresses');
    else recorder.datagram(direction, local, remote, octets);
  };
  socket.on('message', (octets, from) => record('in', from, octets));
  const { send } = socket;
  const watched = function (this: Socket, ...args: unknown[]): unknown {
    const result = Reflect.apply(send, this, args);
    const [first, ...rest] = args;
    // (octets, offset, length, port, address), or without the two in the middle.
    const numbers = rest.filter((each) => typeof each === 'number');
    const address = rest.find((each) => typeof each === 'string');
    const [from, length] = numbers.length === 3 ? numbers : [0, undefined];
    const port = numbers.at(-1);
    const octets =
      first instanceof Uint8Array ? first : typeof first === 'string' ? Buffer.from(first) : undefined;
    if (octets === undefined || port === undefined || address === undefined) {
      recorder.leftOut('a datagram without addresses');
    } else {
      const end = length === undefined ? octets.length : (from ?? 0) + length;
      record('out', { address, port }, octets.subarray(from, end));
    }
    return result;
  };
  Object.defineProperty(socket, 'send', { value: watched, configurable: true, writable: true });
  socket.once('listening', () => {
    const { port } = socket.address();
    recorder.boundUdp(port);
    socket.once('close', () => recorder.closedUdp(port));
  });
}

/** Our end towards a peer. A socket that is bound to all addresses does not say which one it was. */
function localEnd(socket: Socket, remote: string): PeerAddress | undefined {
  try {
    const bound = socket.address();
    const address = plainAddress(bound.address);
    if (!/^(?:0\.0\.0\.0|::)$/.test(address) && isIP(address) === isIP(remote))
      return { address, port: bound.port };
    return { address: addressTowards(remote), port: bound.port };
  } catch {
    return undefined;
  }
}

/** An address of this machine of the same version: loopback towards loopback, else the first that others know. */
function addressTowards(remote: string): string {
  const isLoopback = remote === '::1' || remote.startsWith('127.');
  if (isLoopback) return remote;
  const family = isIP(remote) === 6 ? 'IPv6' : 'IPv4';
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = all.find((each) => !each.internal && each.family === family);
  return found?.address ?? (family === 'IPv6' ? '::' : '0.0.0.0');
}
