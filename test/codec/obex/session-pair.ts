// Both ends of a session, and carrying packets between them.
import assert from 'node:assert/strict';
import {
  encodeResponse,
  type ObexClientOptions,
  ObexClientSession,
  type ObexClientStep,
  type ObexObject,
  type ObexServerOptions,
  ObexServerSession,
  responseCodes,
} from '../../../src/codec/obex/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { vectors } from './vectors.ts';

export const target = utf8ToBytes('SYNCML-DM');
export const type = 'application/vnd.syncml.dm.notification';
export const account = { userId: vectors.userId, password: vectors.password };
export const success = encodeResponse({ code: responseCodes.success, headers: [] });
export const goOn = encodeResponse({ code: responseCodes.continue, headers: [] });

/** An object of this many octets. */
export function put(size: number): { readonly type: string; readonly body: Uint8Array } {
  return { type, body: new Uint8Array(size).fill(0x5a) };
}

/** Octets that differ from call to call, and between seeds. */
export function counter(seed: number): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    count += 1;
    return new Uint8Array(length).fill(seed).fill(count, 0, 1);
  };
}

export function newClient(options: Partial<ObexClientOptions> = {}): ObexClientSession {
  return new ObexClientSession({ target, maxPacketLength: 4096, random: counter(0xc1), ...options });
}

export function newServer(options: Partial<ObexServerOptions> = {}): ObexServerSession {
  return new ObexServerSession({
    target,
    connectionId: 1,
    maxPacketLength: 4096,
    maxObjectLength: 100_000,
    random: counter(0x5e),
    admit: () => responseCodes.success,
    ...options,
  });
}

/** What came of an operation. */
export interface Run {
  readonly last: ObexClientStep;
  readonly objects: readonly ObexObject[];
  /** Reasons, in order. */
  readonly refusals: readonly string[];
  /** Octets of the longest request. */
  readonly longest: number;
}

/** Carries packets between the two until the client has something to decide; objects are answered Success. */
export function run(client: ObexClientSession, server: ObexServerSession, first: Uint8Array): Run {
  const objects: ObexObject[] = [];
  const refusals: string[] = [];
  let longest = 0;
  let packet = first;
  for (;;) {
    longest = Math.max(longest, packet.length);
    const step = server.receive(packet);
    if (step.event?.kind === 'object') objects.push(step.event.object);
    if (step.event?.kind === 'refused') refusals.push(step.event.reason);
    const last = client.receive(step.packet ?? server.answer(responseCodes.success));
    assert.ok(last !== undefined);
    if (last.kind !== 'send') return { last, objects, refusals, longest };
    packet = last.packet;
  }
}

/** Opens the session. */
export function open(client: ObexClientSession, server: ObexServerSession): void {
  assert.equal(run(client, server, client.connect()).last.kind, 'connected');
}
