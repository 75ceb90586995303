// The programs that send and take pushes, as rows use them: `push-sender`, `push-peer`, and a receiver in a process of its own.
import { join } from 'node:path';
import type { SenderCount } from '../programs/keep-open.ts';
import type { PeerSpec } from '../programs/push-peer.ts';
import type { ReceiverSays, ReceiverSpec } from '../programs/push-receiver.ts';
import type { SenderSpec } from '../programs/push-sender.ts';
import { Child, lastLineOf } from './children.ts';

const programs = join(import.meta.dirname, '../programs');
const limitMs = 300_000;

/** One round of a binding. */
export function sendPushes(spec: SenderSpec): Promise<SenderCount> {
  return run('push-sender', spec);
}

/** One round of what a binding is held against. */
export function sendByPeer(spec: PeerSpec): Promise<SenderCount> {
  return run('push-peer', spec);
}

async function run(name: string, spec: object): Promise<SenderCount> {
  const child = new Child(name, process.execPath, [join(programs, `${name}.ts`), JSON.stringify(spec)]);
  return (await lastLineOf(child, limitMs)) as SenderCount;
}

/** What takes pushes, while it runs. */
export class PushReceiver {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly #child: Child;

  private constructor(child: Child, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts one. @throws {Error} when it does not start */
  static async start(spec: ReceiverSpec): Promise<PushReceiver> {
    const file = join(programs, 'push-receiver.ts');
    const child = new Child('the receiver', process.execPath, [file, JSON.stringify(spec)], { ipc: true });
    let says: ReceiverSays | undefined;
    child.process.once('message', (said) => {
      says = said as ReceiverSays;
    });
    await child.until(() => says !== undefined, 'port', 30_000);
    return new PushReceiver(child, says?.port ?? 0);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Ends it. */
  stop(): Promise<void> {
    return this.#child.stop();
  }
}
