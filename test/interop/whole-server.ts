// The whole server as `serve` runs it, reached over REST.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServeSections } from '../../src/cli/bindings/serve-shapes.ts';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';

/** An answer of the REST API. */
export type Answer = Readonly<Record<string, unknown>> & { readonly httpStatus: number };

/** A running server, and what a test does with it. */
export interface WholeServer {
  readonly dmUrl: string;
  call(method: string, path: string, body?: object): Promise<Answer>;
  /** The same, and it has to succeed. */
  done(method: string, path: string, body?: object): Promise<Answer>;
  /** Waits until what stands at the path is in one of the states; gives what it reads then. */
  reaches(path: string, ...states: readonly string[]): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts one with these bindings and an empty database. */
export async function startWholeServer(bindings: ServeSections): Promise<WholeServer> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-whole-'));
  const listen = { host: '127.0.0.1', port: 0 };
  const running = await startServer({
    data: folder,
    dm: listen,
    api: { ...listen, tokens: [] },
    bindings,
    policy: { attempts: 1, answerTimeoutMs: 600_000 },
    logger: silentLogger,
  });
  const call = async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${running.apiUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { ...((await response.json()) as object), httpStatus: response.status };
  };
  const done = async (method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await call(method, path, body);
    assert.ok(answer.httpStatus < 300, `${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    dmUrl: running.dmUrl,
    call,
    done,
    async reaches(path, ...states) {
      for (let tries = 0; tries < 3000; tries += 1) {
        const answer = await done('GET', path);
        if (states.includes(String(answer.state))) return answer;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return assert.fail(`${path} never reaches ${states.join(' or ')}`);
    },
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
