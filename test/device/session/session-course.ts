// A session as scripted, carried by `driveSession` over an HTTP client that answers as scripted too.
import assert from 'node:assert/strict';
import { type DmMessage, writeMessage } from '../../../src/codec/syncml/index.ts';
import {
  driveSession,
  type SessionTransport,
  type TransportedSession,
} from '../../../src/device/session/drive-session.ts';
import type { DmHttpClient, DmRequest, DmResponse } from '../../../src/device/transport/dm-http-client.ts';
import type { Incoming, Outgoing, SessionEffect, SessionStep } from '../../../src/session/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const body: DmMessage = {
  header: {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: '1',
    target: { uri: 'http://dm.example/next' },
    source: { uri: 'IMEI:1' },
  },
  commands: [{ name: 'Alert', cmdId: '1', data: '1200', items: [] }],
  final: true,
};
export const send: Outgoing = { message: body };
/** One that no XML can carry. */
export const unwritable: Outgoing = {
  message: { ...body, commands: [{ name: 'Alert', cmdId: '1', data: '\u0001', items: [] }] },
};
export const answered = {
  outcome: 'answered',
  contentType: 'application/vnd.syncml.dm+xml',
  body: writeMessage(body, 'xml'),
} as const;
export const completed = { outcome: 'completed' } as const;

export interface Course {
  /** What `receive` gives, one after the other. */
  readonly steps?: readonly SessionStep[];
  /** `silence`: none before the exchange is given up. */
  readonly responses: readonly (DmResponse | 'silence')[];
  readonly persist?: SessionTransport['persist'];
  readonly signal?: AbortSignal;
  /** Called with each message, from 1, before it is answered. */
  readonly onSend?: (count: number) => void;
  /** What the session does otherwise. */
  readonly session?: Partial<TransportedSession>;
  readonly transport?: Partial<SessionTransport>;
}

/** Runs a session as scripted; gives the result and what happened in which order. */
export async function course({ steps = [], responses, persist, signal, onSend, session, transport }: Course) {
  const log: string[] = [];
  const requests: DmRequest[] = [];
  const received: Incoming[] = [];
  const effects: SessionEffect[] = [];
  const left = [...steps];
  const end = (name: string, outcome: SessionStep['end']): SessionStep => {
    log.push(name);
    return outcome === undefined ? { effects: [] } : { effects: [], end: outcome };
  };
  const scripted: TransportedSession = {
    start: () => ({ effects: [], send }),
    receive: (incoming) => {
      received.push(incoming);
      return Promise.resolve(left.shift() ?? assert.fail('one answer too many'));
    },
    repeat: () => send,
    abort: (reason, unsent) => ({
      ...end(unsent === true ? 'abort unsent' : 'abort', { outcome: 'aborted', by: 'client', reason }),
      send,
    }),
    fail: (reason) => end('fail', { outcome: 'failed', reason }),
    refused: (reason) => end('refused', { outcome: 'failed', reason }),
    timeout: () => end('timeout', { outcome: 'failed', reason: 'too late' }),
    ...session,
  };
  const clock = new ManualClock();
  const http: DmHttpClient = {
    exchange(request) {
      requests.push(request);
      log.push('send');
      onSend?.(requests.length);
      const response = responses[requests.length - 1] ?? assert.fail('one message too many');
      if (response !== 'silence') return Promise.resolve(response);
      return new Promise((resolve) => {
        request.signal?.addEventListener('abort', () => resolve({ outcome: 'stopped' }));
      });
    },
    close: () => Promise.resolve(),
  };
  const done = driveSession(scripted, {
    http,
    form: 'xml',
    clock,
    signal: signal ?? new AbortController().signal,
    persist:
      persist ??
      ((step) => {
        effects.push(...step.effects);
        log.push(`persist ${step.effects.length}${step.end === undefined ? '' : ' end'}`);
        return Promise.resolve();
      }),
    ...transport,
  });
  let over = false;
  const ended = (): void => {
    over = true;
  };
  void done.then(ended, ended);
  const begin = clock.monotonic();
  for (let turns = 0; !over; turns += 1) {
    assert.ok(turns < 1000, 'the session does not end');
    await new Promise((resolve) => setImmediate(resolve));
    if (!over) clock.advance(500);
  }
  return {
    ...{ log, requests, received, effects, result: await done },
    ...{ timersLeft: clock.waiting, tookMs: clock.monotonic() - begin },
  };
}
