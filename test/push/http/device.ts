// A device that listens for pushes over HTTP on a free port of the loopback, and pushes to send to it.
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import {
  HttpPushListener,
  type HttpPushListenerOptions,
  type HttpTarget,
  type ReceivedHttpPush,
} from '../../../src/push/http/index.ts';
import { contentTypes, type DroppedPush, type Push, type PushContentType } from '../../../src/push/index.ts';

export const account = { username: 'dms', password: 'secret' };
export const never = new AbortController().signal;

/** One of the PEM files of the tests: `ca`, `server`, `server.key`, `device`, `device.key`. */
export const pem = (name: string): string =>
  readFileSync(new URL(`../../device/tls/${name}.pem`, import.meta.url), 'utf8');

/** TLS of a device that is called localhost. */
export const deviceTls = { cert: pem('server'), key: pem('server.key') };
/** TLS of a server that trusts that device. */
export const serverTls = { ca: pem('ca') };
/** The same, with a certificate of its own. */
export const knownServerTls = { ca: pem('ca'), cert: pem('device'), key: pem('device.key') };

/** What a device saw. */
export interface Device {
  readonly listener: HttpPushListener;
  readonly port: number;
  readonly to: HttpTarget;
  readonly pushes: ReceivedHttpPush[];
  readonly drops: DroppedPush[];
  readonly errors: unknown[];
}

/** Starts a device that is closed after the test. Its `handler` runs after the push was noted. */
export async function startDevice(
  t: TestContext,
  options: Partial<HttpPushListenerOptions> = {},
): Promise<Device> {
  const pushes: ReceivedHttpPush[] = [];
  const drops: DroppedPush[] = [];
  const errors: unknown[] = [];
  const listener = new HttpPushListener({
    port: 0,
    address: '127.0.0.1',
    onDrop: (drop) => drops.push(drop),
    onError: (error) => errors.push(error),
    ...options,
    handler: (push) => {
      pushes.push(push);
      return options.handler?.(push);
    },
  });
  const port = await listener.start();
  t.after(() => listener.close());
  const origin = options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { listener, port, to: { uri: `${origin}/wappush` }, pushes, drops, errors };
}

/** A push with `size` octets. */
export function pushOf(size: number, contentType: PushContentType = contentTypes['dm1.3']): Push {
  return { id: 'p1', contentType, body: Uint8Array.from({ length: size }, (_, index) => (index * 7) & 255) };
}
