// Carriers that take connections and say nothing, and roads to them.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Clock } from '../../../src/core/index.ts';
import type { SmsRoad } from '../../../src/push/short-message/index.ts';
import { createSmsSender } from '../../../src/push/sms/index.ts';
import { createHttpCentre } from '../../../src/push/sms-http/index.ts';
import { createKannelRoad } from '../../../src/push/sms-kannel/index.ts';
import { createSmsRoutes, type FallOver } from '../../../src/push/sms-routes/index.ts';
import { type FakeRoad, fakeRoad } from './fake-road.ts';

/** A port where connections are taken, and what came over each is kept. */
export interface BlackHole {
  readonly port: number;
  /** Text of each connection so far. */
  readonly heard: string[];
}

export async function blackHole(t: TestContext): Promise<BlackHole> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const index = heard.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (octets) => {
      heard[index] += octets.toString('latin1');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, heard };
}

/** A port where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What all the roads below can be given. Times in milliseconds. */
export interface RoadSettings {
  readonly places?: number;
  readonly connectMs?: number;
  readonly responseMs?: number;
  readonly tls?: boolean;
  readonly clock?: Clock;
}

export type MakeRoad = (port: number, settings?: RoadSettings) => SmsRoad;

const urlOf = (port: number, tls = false): string => `${tls ? 'https' : 'http'}://127.0.0.1:${port}/send`;

/** Roads over HTTP, each with one connection. */
export const httpRoads: Readonly<Record<'kannel' | 'http', MakeRoad>> = {
  kannel: (port, { tls, ...settings } = {}) =>
    createKannelRoad({
      name: 'a',
      url: urlOf(port, tls),
      username: 'u',
      password: 'p',
      maxConnections: 1,
      connectMs: 200,
      maxResends: 0,
      ...settings,
    }),
  http: (port, { tls, ...settings } = {}) => {
    const binding = createHttpCentre({
      name: 'a',
      preset: 'smseagle',
      account: { accessToken: 'token' },
      request: { url: urlOf(port, tls) },
      maxConnections: 1,
      connectMs: 200,
      maxResends: 0,
      ...settings,
    });
    const { isUp, mayHave, onDown } = binding;
    return { binding, isUp, mayHave, onDown };
  },
};

/** A road over SMPP whose link is waited for for so long. */
export function smppRoad(port: number, linkWaitMs: number, clock?: Clock): SmsRoad {
  const binding = createSmsSender({
    smscs: [{ host: '127.0.0.1', port, systemId: 's', password: 'p' }],
    linkWaitMs,
    clock,
    carrier: 'sms:a',
  });
  return { binding, mayHave: binding.mayHave };
}

/** The road `a`, and a good one behind it. */
export function twoRoads(t: TestContext, a: SmsRoad, b: FakeRoad = fakeRoad('b')) {
  const told: FallOver[] = [];
  const binding = createSmsRoutes({
    roads: new Map([
      ['a', a],
      ['b', b],
    ]),
    routes: [{ prefix: '', roads: ['a', 'b'] }],
    onFallOver: (fallOver) => told.push(fallOver),
  });
  t.after(() => binding.close());
  return { binding, b, told };
}
