// A flood in a thread of its own: connections from many addresses of the loopback that are opened again whenever they
// close, each with what it says at once and what it trickles; or datagrams at a steady rate.
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { DatagramFlood, FloodOrder, FloodTally, StreamFlood } from './flood.ts';

const order = workerData as FloodOrder;
const tally: FloodTally = {
  opened: 0,
  closedByPeer: 0,
  octetsOut: 0,
  octetsIn: 0,
  datagramsOut: 0,
  datagramsIn: 0,
};
const stop = order.kind === 'streams' ? streams(order) : datagrams(order);
parentPort?.on('message', () => {
  stop();
  parentPort?.postMessage(tally);
  parentPort?.close();
});

function sourceAddress(index: number, sources: number): string {
  return `127.0.1.${1 + (index % sources)}`;
}

function streams({ port, connections, sources, first, trickle, reopenedPerSecond }: StreamFlood): () => void {
  const open = new Set<Socket>();
  let count = 0;
  const one = (): void => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: sourceAddress(count, sources) });
    count += 1;
    open.add(socket);
    socket.on('connect', () => {
      tally.opened += 1;
      if (tally.opened === connections) parentPort?.postMessage('full');
      socket.write(first);
    });
    socket.on('data', (octets) => {
      tally.octetsIn += octets.length;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      tally.closedByPeer += 1;
      open.delete(socket);
    });
  };
  let at = 0;
  const drip = setInterval(() => {
    if (trickle.length === 0) return;
    const octet = trickle.subarray(at % trickle.length, (at % trickle.length) + 1);
    at += 1;
    for (const socket of open) if (socket.writable && !socket.connecting) socket.write(octet);
  }, 50);
  const reopen = setInterval(() => {
    for (let left = reopenedPerSecond / 20; left > 0 && open.size < connections; left -= 1) one();
  }, 50);
  while (open.size < connections) one();
  return () => {
    clearInterval(reopen);
    clearInterval(drip);
    for (const socket of open) socket.destroy();
  };
}

function datagrams({ port, sources, perSecond, octets }: DatagramFlood): () => void {
  const sockets = Array.from({ length: sources }, (_, index) => {
    const socket = createSocket('udp4');
    socket.on('error', () => {});
    socket.on('message', (message) => {
      tally.datagramsIn += 1;
      tally.octetsIn += message.length;
    });
    socket.bind(0, sourceAddress(index, sources));
    return socket;
  });
  let sent = 0;
  const began = Date.now();
  parentPort?.postMessage('full');
  const timer = setInterval(() => {
    const due = Math.floor(((Date.now() - began) * perSecond) / 1000);
    for (; sent < due; sent += 1) {
      const text = Buffer.from(octets)
        .toString('latin1')
        .replaceAll('@COUNT@', String(sent).padStart(7, '0'));
      const datagram = Buffer.from(text, 'latin1');
      tally.datagramsOut += 1;
      tally.octetsOut += datagram.length;
      sockets[sent % sockets.length]?.send(datagram, port, '127.0.0.1');
    }
  }, 10);
  return () => {
    clearInterval(timer);
    for (const socket of sockets) socket.close();
  };
}
