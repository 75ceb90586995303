// Floods against the product's listeners, and honest peers that have to be served meanwhile.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

interface FloodBase {
  readonly port: number;
  /** Source addresses. */
  readonly sources: number;
  /** One source address instead. */
  readonly from?: string;
  /** Most datagrams or requests a second. */
  readonly rate: number;
  /** After which it ends by itself. */
  readonly seconds: number;
}

/** What a flood does. */
export type Flood =
  /** Holds connections that send `first` (hex), and with `trickle` an octet a second. */
  | (FloodBase & {
      readonly kind: 'connections';
      readonly connections: number;
      readonly first?: string;
      readonly trickle?: boolean;
    })
  | (FloodBase & { readonly kind: 'datagrams'; readonly datagrams: readonly string[] })
  | (FloodBase & {
      readonly kind: 'requests';
      readonly method?: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Base64. */
      readonly bodies: readonly string[];
      /** Requests at once. */
      readonly lanes: number;
    });

/** Peers that have to be served while a flood goes on. */
export const honestPeers = 50;

/** Starts a flood and waits until it is under way; it ends with the test. */
export async function startFlood(t: TestContext, flood: Flood): Promise<void> {
  const child = fork(new URL('flooder.ts', import.meta.url), [], {
    execPath: process.execPath,
    execArgv: [],
  });
  child.send(flood);
  const told = once(child, 'message');
  const exited = once(child, 'exit');
  t.after(async () => {
    if (child.connected) child.send('end');
    const [counts] = await Promise.race([told, exited]);
    t.diagnostic(`flood of ${flood.kind}: ${JSON.stringify(counts)}`);
    await exited;
  });
  await new Promise((resume) => setTimeout(resume, 2000));
  assert.equal(child.exitCode, null, 'the flood did not start');
}

/** How honest peers come. */
export interface HonestOptions {
  readonly peers?: number;
  /** At once. Default 4. */
  readonly lanes?: number;
  /** Tries of each peer, as its own retries. Default 4. */
  readonly tries?: number;
  /** Pause after the first try, doubled after each. Default 1000 ms. */
  readonly pauseMs?: number;
}

/**
 * Runs honest peers, each with its own tries, and fails unless every one was served. `serve` resolves when the peer was
 * served and throws when this try was not.
 */
export async function allServed(
  t: TestContext,
  serve: (peer: number, attempt: number) => Promise<void>,
  { peers = honestPeers, lanes = 4, tries = 4, pauseMs = 1000 }: HonestOptions = {},
): Promise<void> {
  const failed: string[] = [];
  let next = 0;
  let retried = 0;
  const lane = async (): Promise<void> => {
    for (let peer = next; peer < peers; peer = next) {
      next += 1;
      for (let attempt = 1; ; attempt += 1) {
        try {
          await serve(peer, attempt);
          break;
        } catch (error) {
          if (attempt === tries) {
            failed.push(`${peer}: ${error instanceof Error ? error.message : String(error)}`);
            break;
          }
          retried += 1;
          await new Promise((resume) => setTimeout(resume, pauseMs * 2 ** (attempt - 1)));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  t.diagnostic(`${peers - failed.length} of ${peers} honest peers served, ${retried} tries again`);
  assert.deepEqual(failed, []);
}
