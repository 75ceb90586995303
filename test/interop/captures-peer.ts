// Sends one push over each binding in the clear on the loopback of a network of its own, while dumpcap records them. Prints
// nothing but an empty object: the capture is what counts.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';

/** What is to be sent, in hex: each over the transport and to the port that it names. */
interface Sending {
  readonly over: 'udp' | 'tcp' | 'http';
  readonly port: number;
  /** Datagrams, or what one end writes in turn; of HTTP the body. */
  readonly octets: readonly string[];
  readonly contentType?: string;
}

const [file = '', sendings = ''] = process.argv.slice(2);

async function recording(): Promise<() => Promise<void>> {
  const child = spawn('dumpcap', ['-q', '-i', 'lo', '-w', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`dumpcap ended: ${said}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('File:')) resolve();
    });
  });
  return async () => {
    child.kill('SIGINT');
    await once(child, 'close');
  };
}

async function overTcp({ port, octets }: Sending): Promise<void> {
  const server = createServer((socket: Socket) => {
    socket.resume();
    socket.once('end', () => socket.end());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  for (const each of octets) {
    await new Promise((resolve) => socket.write(Buffer.from(each, 'hex'), resolve));
  }
  socket.resume();
  socket.end();
  await once(socket, 'close');
  server.close();
  await once(server, 'close');
}

async function overHttp({ port, octets, contentType = '' }: Sending): Promise<void> {
  const server = createHttpServer((incoming, answer) => {
    incoming.resume();
    incoming.once('end', () => answer.end());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  for (const length of [true, false]) {
    const body = Buffer.from(octets.join(''), 'hex');
    const headers = { 'Content-Type': contentType, ...(length ? { 'Content-Length': body.length } : {}) };
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/', headers, agent: false });
    sent.write(body.subarray(0, 20));
    sent.end(body.subarray(20));
    const [answer] = await once(sent, 'response');
    answer.resume();
    await once(answer, 'end');
  }
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

async function overUdp({ port, octets }: Sending): Promise<void> {
  const server = createSocket('udp4').bind(port, '127.0.0.1');
  await once(server, 'listening');
  const client = createSocket('udp4');
  for (const each of octets) {
    const arrived = once(server, 'message');
    client.send(Buffer.from(each, 'hex'), port, '127.0.0.1');
    await arrived;
  }
  client.close();
  server.close();
}

/** Sends a last datagram, and waits until dumpcap has written it: all before it is in the file then. */
async function written(): Promise<void> {
  const mark = 'the last datagram';
  const changes = watch(file);
  const isThere = (): boolean => readFileSync(file).includes(mark);
  const seen = new Promise<void>((resolve) => {
    changes.on('change', () => {
      if (isThere()) resolve();
    });
  });
  const last = createSocket('udp4');
  last.send(mark, 9, '127.0.0.1');
  if (!isThere()) await seen;
  changes.close();
  last.close();
}

const how = { udp: overUdp, tcp: overTcp, http: overHttp };
const stop = await recording();
for (const sending of JSON.parse(readFileSync(sendings, 'utf8')) as readonly Sending[]) {
  await how[sending.over](sending);
}
await written();
await stop();
console.log('{}');
