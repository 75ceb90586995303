// TLS connections over loopback, with the octets of both directions as they passed and the key log of the client.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
} from 'node:net';
import type { TestContext } from 'node:test';
import { type ConnectionOptions, connect, createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { End } from '../../../src/inspect/secret/wtls-reader.ts';

const pem = (name: string): string =>
  readFileSync(new URL(`../../device/tls/${name}.pem`, import.meta.url), 'utf8');

/** What went over one connection. */
export interface Exchange {
  /** In the order in which they passed; 0 is the client's direction. */
  readonly pieces: readonly { readonly end: End; readonly octets: Uint8Array }[];
  readonly keyLog: string;
  readonly session: Buffer | undefined;
  readonly cipher: string;
}

/** What the two ends say: the client first, the server answers each line. */
export interface ExchangeOptions {
  readonly client?: ConnectionOptions;
  readonly server?: TlsOptions;
  readonly lines?: readonly string[];
  /** Runs on the client's socket between the first line and the second. */
  readonly between?: (socket: TLSSocket) => Promise<void>;
}

/** A server that answers each line with itself in capitals; closed with the test. */
export async function echoServer(t: TestContext, options: TlsOptions = {}): Promise<number> {
  const server = createServer({ key: pem('server.key'), cert: pem('server'), ...options }, (socket) => {
    socket.on('data', (data) => socket.write(data.toString().toUpperCase()));
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address() as AddressInfo;
  return address.port;
}

/** One connection to the server on `port`. */
export async function exchangeWith(
  t: TestContext,
  port: number,
  options: ExchangeOptions = {},
): Promise<Exchange> {
  const pieces: { end: End; octets: Uint8Array }[] = [];
  const relay = createTcpServer((near) => {
    const far = connectTcp(port, '127.0.0.1');
    near.on('data', (octets) => {
      pieces.push({ end: 0, octets: Uint8Array.from(octets) });
      far.write(octets);
    });
    far.on('data', (octets) => {
      pieces.push({ end: 1, octets: Uint8Array.from(octets) });
      near.write(octets);
    });
    near.on('end', () => far.end()).on('error', () => far.destroy());
    far.on('end', () => near.end()).on('error', () => near.destroy());
    far.on('close', () => near.destroy());
    t.after(() => near.destroy());
  });
  t.after(() => relay.close());
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port: relayPort } = relay.address() as AddressInfo;
  const socket = connect({
    host: '127.0.0.1',
    port: relayPort,
    servername: 'dm.example.com',
    rejectUnauthorized: false,
    ...options.client,
  });
  let keyLog = '';
  let session: Buffer | undefined;
  socket.on('keylog', (line) => {
    keyLog += line.toString();
  });
  socket.on('session', (each) => {
    session = each;
  });
  await once(socket, 'secureConnect');
  const cipher = socket.getCipher().standardName;
  for (const [index, line] of (options.lines ?? ['one', 'two']).entries()) {
    if (index === 1) await options.between?.(socket);
    let answer = '';
    socket.write(line);
    while (answer.length < line.length) {
      const [data] = (await once(socket, 'data')) as [Buffer];
      answer += data.toString();
    }
  }
  socket.end();
  await once(socket, 'close');
  relay.close();
  await once(relay, 'close');
  return { pieces, keyLog, session, cipher };
}
