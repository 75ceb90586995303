// Receivers of webhooks on real sockets, and a service that delivers to them out of a store on disk.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '../../../src/core/index.ts';
import { WebhookService, type WebhookSettings } from '../../../src/server/index.ts';
import type { NewNotice, Store } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';

/** A request that came. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly data: { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
}

/** What is answered to a request: a status, or what the function does itself. */
export type Answering = (request: Received, response: ServerResponse) => number | undefined;

/** A receiver. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Subjects of what came, in order. */
  readonly subjects: () => readonly unknown[];
  answering: Answering;
  readonly close: () => Promise<void>;
}

export async function receiver(answering: Answering = () => 204): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { headers } = request;
      const one = { id: String(headers['webhook-id']), headers, body, data: JSON.parse(body) };
      received.push(one);
      const status = it.answering(one, response);
      if (status !== undefined) response.writeHead(status).end();
    });
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const it: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    subjects: () => received.map(({ data }) => data.data.subject),
    answering,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return it;
}

/** What a test works with. */
export interface Bench {
  readonly store: Store;
  readonly service: WebhookService;
  readonly file: string;
  /** Notes jobs of devices: `['d1', 'a']` is the job `a` of the device `d1`. */
  readonly note: (...jobs: readonly (readonly [device: string, job: string])[]) => Promise<void>;
  readonly receive: (answering?: Answering) => Promise<Receiver>;
}

/** Everybody may see all. */
export const everybody = { accounts: 'all', actor: 'ann/desk' } as const;

/** Runs with a started service on an empty store. */
export async function withWebhooks(
  run: (bench: Bench) => Promise<void>,
  settings: Partial<WebhookSettings> = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-webhooks-'));
  const file = join(folder, 'store.db');
  const store = await openSqliteStore({ file, groupCommitMs: 0 });
  const clock = systemClock();
  const service = new WebhookService({
    store,
    clock,
    logger: silentLogger,
    random: () => 0,
    settings: { view: (event) => event, allow: ['127.0.0.0/8'], pauses: [20, 20, 20], ...settings },
  });
  const receivers: Receiver[] = [];
  try {
    await service.start();
    await run({
      store,
      service,
      file,
      note: (...jobs) => store.note(jobs.map(([deviceId, subject]) => jobNotice(deviceId, subject))),
      receive: async (answering) => {
        const made = await receiver(answering);
        receivers.push(made);
        return made;
      },
    });
  } finally {
    await service.stop();
    await store.close();
    for (const each of receivers) await each.close();
    rmSync(folder, { recursive: true });
  }
}

/** A job of a device was created. */
export function jobNotice(deviceId: string, subject: string): NewNotice {
  return { kind: 'job', subject, event: 'created', accounts: ['com.example'], deviceId };
}
