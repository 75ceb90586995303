// A device that listens on a free port of the loopback, and pushes to send to it.
import type { TestContext } from 'node:test';
import { contentTypes, type DroppedPush, type Push, type PushContentType } from '../../../src/push/index.ts';
import {
  ObexListener,
  type ObexListenerOptions,
  type ObexTarget,
  type ReceivedObexPush,
} from '../../../src/push/obex/index.ts';

export const credentials = { userId: 'dms', password: 'secret' };
export const never = new AbortController().signal;

/** What a device saw. */
export interface Device {
  readonly listener: ObexListener;
  readonly to: ObexTarget;
  readonly pushes: ReceivedObexPush[];
  readonly drops: DroppedPush[];
  readonly errors: unknown[];
}

/** Starts a device that is closed after the test. Its `handler` runs after the push was noted. */
export async function startDevice(
  t: TestContext,
  options: Partial<ObexListenerOptions> = {},
): Promise<Device> {
  const pushes: ReceivedObexPush[] = [];
  const drops: DroppedPush[] = [];
  const errors: unknown[] = [];
  const listener = new ObexListener({
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
  return { listener, to: { host: '127.0.0.1', port }, pushes, drops, errors };
}

/** A push with `size` octets. */
export function pushOf(size: number, contentType: PushContentType = contentTypes['dm1.3']): Push {
  return { id: 'p1', contentType, body: Uint8Array.from({ length: size }, (_, index) => (index * 7) & 255) };
}
