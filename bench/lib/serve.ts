// The server as `reveille serve` runs it, in a process of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './children.ts';

/** What it is started with. */
export interface ServeOptions {
  /** The file that starts the command line: that of a checkout, `bin/reveille.js`, or of the package. */
  readonly command: string;
  /** Folder of the database. */
  readonly folder: string;
  /** The configuration of bindings (docs/bindings.md). */
  readonly config?: object;
}

/** A server that runs. */
export class Serve {
  /** Origin of the REST API. */
  readonly api: string;
  /** Origin of the DM endpoint. */
  readonly dm: string;
  readonly #child: Child;

  private constructor(child: Child, api: string, dm: string) {
    this.#child = child;
    this.api = api;
    this.dm = dm;
  }

  /** Starts it, and resolves when it listens. Nothing is sent again within a run, and nothing expires. */
  static async start({ command, folder, config }: ServeOptions): Promise<Serve> {
    const file = join(folder, 'config.json');
    if (config !== undefined) writeFileSync(file, JSON.stringify(config));
    const child = new Child('reveille serve', process.execPath, [
      command,
      'serve',
      ...['--data', folder, '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'],
      ...['--answer-timeout', '86400', '--lifetime', '172800', '--log-level', 'error'],
      ...(config === undefined ? [] : ['--config', file]),
    ]);
    const listens = () => /DM endpoint (http:\S+), REST API (http:\S+?);/.exec(child.stderr);
    await child.until(() => listens() !== null, 'listening');
    const [, dm = '', api = ''] = listens() ?? [];
    return new Serve(child, api, new URL(dm).origin);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Ends it. What is in the air is waited for, not for longer than a few seconds. */
  stop(): Promise<void> {
    return this.#child.stop(5000);
  }
}
