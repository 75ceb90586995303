// DM sessions as rows use them: who runs them, and what they run against; each a process of its own.
import { join } from 'node:path';
import type { DmLoadAsked, DmLoaded, DmLoadSpec } from '../programs/dm-load.ts';
import type { DmServerSays, DmServerSpec } from '../programs/dm-server.ts';
import { Child } from './children.ts';

/** Devices with their sessions. */
export class DmLoad {
  readonly #child: Child;

  constructor(spec: DmLoadSpec) {
    this.#child = start('the devices', 'dm-load', spec);
  }

  /** Does what is asked. @throws {Error} when one of the sessions fails */
  async run(asked: DmLoadAsked): Promise<DmLoaded> {
    const answer = answerOf<DmLoaded>(this.#child);
    this.#child.process.send(asked);
    const loaded = await answer;
    if (loaded.failed > 0)
      throw new Error(`${loaded.failed} of ${asked.count} sessions failed: ${loaded.failure}`);
    return loaded;
  }

  /** Ends it. */
  stop(): Promise<void> {
    return this.#child.stop();
  }
}

/** A server or an echo that runs. */
export class DmServer {
  readonly origin: string;
  readonly #child: Child;

  private constructor(child: Child, port: number) {
    this.#child = child;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async start(spec: DmServerSpec): Promise<DmServer> {
    const child = start(spec.kind === 'dm' ? 'the DM server' : 'the echo', 'dm-server', spec);
    const { port } = await answerOf<DmServerSays>(child);
    return new DmServer(child, port);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Ends it. */
  stop(): Promise<void> {
    return this.#child.stop();
  }
}

function start(name: string, program: string, spec: object): Child {
  const file = join(import.meta.dirname, `../programs/${program}.ts`);
  return new Child(name, process.execPath, [file, JSON.stringify(spec)], { ipc: true });
}

function answerOf<Said>(child: Child): Promise<Said> {
  return new Promise((resolve, reject) => {
    child.process.once('message', (said) => resolve(said as Said));
    void child.ended.then((code) => reject(new Error(`${child.name} ended with ${code}: ${child.stderr}`)));
  });
}
