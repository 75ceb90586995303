// The server and a device as processes of their own, to be used and killed as an operator would.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliProcess } from '../cli/long-running.ts';

export const deviceId = 'IMEI:990000880000017';
export const serverId = 'com.example.dm';

export interface Processes {
  readonly folder: string;
  /** REST API. */
  readonly api: string;
  server: CliProcess;
  device: CliProcess;
  startServer(): Promise<void>;
  startDevice(...more: string[]): Promise<void>;
  /** `reveille run DEVICE … --server …`. */
  run(...args: string[]): CliProcess;
  call(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** Writes a file into the folder, and gives its path. */
  file(name: string, content: string): string;
  /** Waits until the newest job has `count` answers, and gives its id. */
  answered(count: number): Promise<string>;
}

/** Runs a test with both running; they are killed afterwards, whatever happens. */
export async function withProcesses(
  form: 'xml' | 'wbxml',
  run: (processes: Processes) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-processes-'));
  const [dm, apiPort, push] = await Promise.all([freePort(), freePort(), freePort()]);
  const api = `http://127.0.0.1:${apiPort}`;
  const started: CliProcess[] = [];
  const start = (...args: string[]): CliProcess => {
    const child = new CliProcess(args);
    started.push(child);
    return child;
  };
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const nonceBase64 = 'bm9uY2U=';
  const provision = file(
    'device.json',
    JSON.stringify({
      deviceId,
      man: 'Example',
      mod: 'E1',
      firmwareUpdate: 'Main',
      accounts: [
        {
          serverId,
          address: `http://127.0.0.1:${dm}/dm`,
          client: { scheme: 'md5', name: 'e1', secret: 'client secret', nonceBase64 },
          server: { scheme: 'md5', secret: 'server secret', nonceBase64 },
        },
      ],
    }),
  );
  const serve = (): CliProcess =>
    start(
      'serve',
      ...['--data', join(folder, 'data'), '--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${apiPort}`],
      ...['--server-id', serverId, '--log-level', 'warn'],
    );
  const listen = (...more: string[]): CliProcess =>
    start(
      'device',
      ...['--state', join(folder, 'state.json'), '--provision', provision, '--form', form, '--json'],
      ...['--listen', `wap:127.0.0.1:${push}`, ...more],
    );
  const processes: Processes = {
    folder,
    api,
    server: serve(),
    device: listen(),
    startServer: async () => {
      processes.server = serve();
      await processes.server.prints(/DM endpoint/);
    },
    startDevice: async (...more) => {
      processes.device = listen(...more);
      await processes.device.prints(/listens on/);
    },
    run: (...args) => start('run', deviceId, '--server', api, ...args),
    call: async (method, path, body) => {
      const response = await fetch(`${api}${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      assert.ok(response.ok, JSON.stringify(answer));
      return answer;
    },
    file,
    answered: async (count) => {
      for (;;) {
        const { items } = await processes.call('GET', '/v1/jobs?limit=1');
        const [job] = items as { readonly id: string; readonly answeredCount: number }[];
        if (job !== undefined && job.answeredCount >= count) return job.id;
        await new Promise((resume) => setTimeout(resume, 10));
      }
    },
  };
  try {
    await processes.server.prints(/DM endpoint/);
    await processes.device.prints(/listens on/);
    await processes.call('POST', '/v1/devices', {
      id: deviceId,
      serverId,
      addresses: [`wap:127.0.0.1:${push}`],
      format: 'dm1.2',
      clientCredentials: { name: 'e1', secret: 'client secret', nonceBase64 },
      serverCredentials: { secret: 'server secret', nonceBase64 },
    });
    await run(processes);
  } finally {
    await Promise.all(started.map((child) => child.end('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A port outside of the range from which the system hands out ports to everything else that runs meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + randomInt(12_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
}
