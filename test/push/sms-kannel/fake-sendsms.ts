// A sendsms service that tests answer for.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentTypes, type DeliveryReport, type Push } from '../../../src/push/index.ts';
import type { RoadAnswer } from '../../../src/push/short-message/index.ts';
import {
  createKannelRoad,
  type KannelRoad,
  type KannelRoadOptions,
} from '../../../src/push/sms-kannel/index.ts';

/** How a request is answered; `lost` ends the connection without an answer. */
export type Said = readonly [number, string] | 'lost';

/** The service, a road to it, and what both saw. */
export interface SendsmsBench {
  readonly road: KannelRoad;
  /** Queries as they came, without the question mark. */
  readonly queries: string[];
  readonly reports: DeliveryReport[];
  readonly warnings: string[];
  /** What is said to the next requests; afterwards each is accepted. */
  readonly answers: Said[];
  /** Called before each answer. */
  before: (query: URLSearchParams) => Promise<unknown> | undefined;
  send(octets?: number, more?: Partial<Push>): ReturnType<KannelRoad['binding']['send']>;
  /** A callback for the nth request so far. */
  callback(nth: number, state: string, said?: string): Promise<RoadAnswer>;
  close(): Promise<void>;
}

export const number = '+491701234567';
const never = new AbortController().signal;

export function pushOf(octets: number, more: Partial<Push> = {}): Push {
  const body = Uint8Array.from({ length: octets }, (_, index) => index & 0xff);
  return { id: 'p', contentType: contentTypes['dm+wbxml'], body, ...more };
}

export async function sendsmsBench(options: Partial<KannelRoadOptions> = {}): Promise<SendsmsBench> {
  const server = createServer((request, response) => {
    const [, query = ''] = (request.url ?? '').split(/\?(.*)/s);
    bench.queries.push(query);
    void answer(response, query);
  });
  const answer = async (response: ServerResponse, query: string): Promise<void> => {
    await bench.before(new URLSearchParams(query));
    const said = bench.answers.shift() ?? [202, '0: Accepted for delivery'];
    if (said === 'lost') response.destroy();
    else response.writeHead(said[0], { 'Content-Type': 'text/html' }).end(said[1]);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/sendsms`;
  const reports: DeliveryReport[] = [];
  const warnings: string[] = [];
  const road = createKannelRoad({
    name: 'gw',
    url,
    username: 'user',
    password: 'hidden word',
    callbackUrl: () => 'http://dm.example/sms/gw',
    onReport: (report) => {
      reports.push(report);
    },
    onWarning: (detail) => warnings.push(detail),
    backOffMs: 1,
    random: () => 0,
    ...options,
  });
  const bench: SendsmsBench = {
    road,
    queries: [],
    reports,
    warnings,
    answers: [],
    before: () => undefined,
    send: (octets = 10, more = {}) => road.binding.send(pushOf(octets, more), { number }, never),
    callback(nth, state, said = '') {
      const dlr = new URL(new URLSearchParams(bench.queries[nth]).get('dlr-url') ?? '');
      const path = dlr.pathname.split('/').at(-1) ?? '';
      const query = new URLSearchParams({ d: state, a: said });
      const body = new Uint8Array();
      return road.callbacks.take({ method: 'GET', path, query, header: () => undefined, body, peer: '::1' });
    },
    async close() {
      await road.binding.close();
      server.closeAllConnections();
      server.close();
    },
  };
  return bench;
}

/** Runs a test with one. */
export function scene(
  run: (bench: SendsmsBench) => Promise<void>,
  options: Partial<KannelRoadOptions> = {},
): () => Promise<void> {
  return async () => {
    const bench = await sendsmsBench(options);
    try {
      await run(bench);
    } finally {
      await bench.close();
    }
  };
}
