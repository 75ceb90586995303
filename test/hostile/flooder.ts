// A process that floods one port of loopback from many source addresses, as the first message of its parent says. Bounded in count,
// rate and time; it ends when its parent ends it, and at the latest after `seconds`.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Flood } from './flood.ts';

const [flood] = (await once(process, 'message')) as [Flood];
const counts = { begun: 0, answered: 0, failed: 0 };

setTimeout(end, flood.seconds * 1000);
process.on('disconnect', end);
process.on('message', end);
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});

function end(): void {
  process.send?.(counts);
  process.exit(0);
}

/** Addresses are 127.1.0.1 and after: honest peers are at 127.0.0.1. */
const source = (index: number): string => {
  const at = index % flood.sources;
  return flood.from ?? `127.1.${at >> 8}.${(at & 255) + 1}`;
};

switch (flood.kind) {
  case 'connections':
    holdConnections(
      flood.port,
      flood.connections,
      Buffer.from(flood.first ?? '', 'hex'),
      flood.trickle === true,
    );
    break;
  case 'datagrams':
    void sendDatagrams(
      flood.port,
      flood.datagrams.map((hex) => Buffer.from(hex, 'hex')),
    );
    break;
  case 'requests':
    for (let lane = 0; lane < flood.lanes; lane += 1) requestAgain(lane);
    break;
}

/** Keeps so many connections open: what the other end closes is opened again, a hundred a second at most. */
function holdConnections(port: number, wanted: number, first: Buffer, trickle: boolean): void {
  const open = new Set<Socket>();
  const more = (): void => {
    for (let burst = 0; burst < 10 && open.size < wanted && counts.begun < 20_000; burst += 1) {
      const socket = connect({ port, host: '127.0.0.1', localAddress: source(counts.begun) });
      counts.begun += 1;
      open.add(socket);
      socket.on('connect', () => first.length > 0 && socket.write(first));
      socket.on('data', () => {
        counts.answered += 1;
      });
      socket.on('error', () => {
        counts.failed += 1;
      });
      socket.on('close', () => open.delete(socket));
    }
  };
  // At first all at once, so that every place is taken before honest peers come.
  for (let round = 0; round * 10 < wanted; round += 1) more();
  setInterval(more, 100);
  if (!trickle) return;
  setInterval(() => {
    for (const socket of open) if (socket.writable) socket.write('a');
  }, 1000);
}

async function sendDatagrams(port: number, datagrams: readonly Buffer[]): Promise<void> {
  const sockets = await Promise.all(
    Array.from({ length: flood.sources }, async (_, index) => {
      const socket = createSocket('udp4');
      await new Promise<void>((bound) => socket.bind(0, source(index), bound));
      socket.on('message', () => {
        counts.answered += 1;
      });
      socket.on('error', () => {
        counts.failed += 1;
      });
      return socket;
    }),
  );
  const perTick = Math.max(1, Math.round(flood.rate / 50));
  setInterval(() => {
    for (let index = 0; index < perTick; index += 1) {
      const datagram = datagrams[counts.begun % datagrams.length] ?? Buffer.alloc(1);
      sockets[counts.begun % sockets.length]?.send(datagram, port, '127.0.0.1');
      counts.begun += 1;
    }
  }, 20);
}

/** One request after the other, `rate` of them a second over all lanes. */
function requestAgain(lane: number): void {
  if (flood.kind !== 'requests') return;
  const { port, method = 'POST', path, headers, bodies, lanes, rate } = flood;
  const body = Buffer.from(bodies[counts.begun % bodies.length] ?? '', 'base64');
  const agent = new Agent({ keepAlive: false });
  const again = (): void => {
    setTimeout(() => requestAgain(lane), (1000 * lanes) / rate);
  };
  counts.begun += 1;
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      localAddress: source(counts.begun),
      path,
      method,
      agent,
      headers: { ...headers, 'content-length': body.length },
    },
    (response) => {
      response.resume();
      response.on('end', () => {
        counts.answered += 1;
      });
      response.on('close', again);
    },
  );
  sent.on('error', () => {
    counts.failed += 1;
    again();
  });
  sent.end(body);
}
