// Floods against listeners, and honest peers that have to be served while they go on.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';

/** Connections that are held open, and opened again when they close. */
export interface StreamFlood {
  readonly kind: 'streams';
  readonly port: number;
  readonly connections: number;
  /** Addresses that they come from. */
  readonly sources: number;
  /** Sent as soon as one stands. */
  readonly first: Uint8Array;
  /** Sent octet by octet from then on, again and again; empty for silence. */
  readonly trickle: Uint8Array;
  /** How many of those that were closed are opened again in a second. */
  readonly reopenedPerSecond: number;
}

/** Datagrams at a steady rate; `@COUNT@` in them is counted up. */
export interface DatagramFlood {
  readonly kind: 'datagrams';
  readonly port: number;
  readonly sources: number;
  readonly perSecond: number;
  readonly octets: Uint8Array;
}

export type FloodOrder = StreamFlood | DatagramFlood;

/** What went to and fro, without the headers of IP and UDP. */
export interface FloodTally {
  opened: number;
  closedByPeer: number;
  octetsOut: number;
  octetsIn: number;
  datagramsOut: number;
  datagramsIn: number;
}

/** 1,000 connections from 64 addresses, with what each sends at once and what trickles after it. */
export function thousandConnections(port: number, first = '', trickle = ''): StreamFlood {
  return {
    kind: 'streams',
    port,
    connections: 1000,
    sources: 64,
    first: Buffer.from(first, 'latin1'),
    trickle: Buffer.from(trickle, 'latin1'),
    reopenedPerSecond: 400,
  };
}

/** 200 datagrams a second from 64 addresses. */
export function twoHundredDatagrams(port: number, octets: Uint8Array): DatagramFlood {
  return { kind: 'datagrams', port, sources: 64, perSecond: 200, octets };
}

/** Starts a flood; the function ends it and gives what it saw. It ends with the test in any case. */
export async function startFlood(t: TestContext, order: FloodOrder): Promise<() => Promise<FloodTally>> {
  const worker = new Worker(new URL('./flood-worker.ts', import.meta.url), { workerData: order });
  t.after(() => worker.terminate());
  // It says when it is in full swing.
  await once(worker, 'message');
  return async () => {
    worker.postMessage('stop');
    const [tally] = (await once(worker, 'message')) as [FloodTally];
    return tally;
  };
}

/** Tries of one honest push: a server that gets no answer comes again. */
const tries = 5;

/**
 * Sends `count` pushes one after the other, each with its own retries, and holds that all were served. Gives how many tries
 * that took.
 */
export async function allServed(count: number, send: (index: number) => Promise<unknown>): Promise<number> {
  let made = 0;
  for (let index = 0; index < count; index += 1) {
    let failure: unknown;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      made += 1;
      failure = undefined;
      try {
        await send(index);
        break;
      } catch (error) {
        failure = error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    assert.equal(failure, undefined, `push ${index} was not served in ${tries} tries: ${String(failure)}`);
  }
  return made;
}
