// Starts what `--listen URI` names.
import { ValueError } from '../core/index.ts';
import type { Device } from '../device/index.ts';
import { type PushReceiver, parseAddress } from '../push/index.ts';
import { WapListener } from '../push/wap/index.ts';
import { UsageError } from './io.ts';

/** A running receiver, and the address that it really has. */
export interface StartedReceiver {
  readonly receiver: PushReceiver;
  readonly at: string;
}

/**
 * Starts a receiver that feeds `device`. Port 0 takes any free one.
 * @throws {UsageError} for an address that is none or has no receiver
 * @throws {ConfigError} when the port is in use or may not be used
 */
export async function startReceiver(uri: string, device: Device): Promise<StartedReceiver> {
  const { host, port } = readListenAddress(uri);
  const listener = new WapListener({ port, address: host, handler: device.receive, onDrop: device.dropped });
  const bound = await listener.start();
  return { receiver: listener, at: `wap:${host.includes(':') ? `[${host}]` : host}:${bound}` };
}

function readListenAddress(uri: string): { readonly host: string; readonly port: number } {
  // Port 0 is no address of a device, so it is read here.
  const anyPort = /^(.*):0$/.exec(uri);
  try {
    const address = parseAddress(anyPort?.[1] === undefined ? uri : `${anyPort[1]}:1`, '--listen');
    if (address.scheme !== 'wap' || address.host === undefined || address.port === undefined) {
      throw new UsageError(
        `--listen ${uri}: a device cannot listen on ${address.scheme}: here; use wap:HOST[:PORT]`,
      );
    }
    return { host: address.host, port: anyPort === null ? address.port : 0 };
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`--listen ${uri}: ${error.detail}`);
    throw error;
  }
}
