// What the tests of push over SIP share: senders, listeners and registrars on loopback, and certificates.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binding, Push } from '../../../src/push/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import {
  createSipSender,
  type ReceivedSipPush,
  SipListener,
  type SipListenerOptions,
  SipPushError,
  type SipSenderOptions,
  type SipTarget,
} from '../../../src/push/sip/index.ts';
import {
  ManualClock,
  SimulatedRegistrar,
  type SimulatedRegistrarOptions,
} from '../../../src/testing/index.ts';

/** A signal that never comes. */
export const never = new AbortController().signal;

export const device = 'sip:dev1@example.com';
export const instanceId = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';

/** Octets that a text protocol likes least. */
export function awkward(length: number): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, index) => [0x00, 0xff, 0x0d, 0x0a, 0x0d, 0x0a, 0x80, 0x53][index % 8] ?? 0,
  );
}

/** A push of `length` awkward octets. */
export function pushOf(length = 9, type: keyof typeof contentTypes = 'dm1.3'): Push {
  return { id: 'p1', contentType: contentTypes[type], body: awkward(length) };
}

/** What is opened in a test and closed at its end, the last first. */
export class Bench {
  readonly clock = new ManualClock();
  readonly #closers: (() => Promise<void>)[] = [];

  later(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async registrar(options: SimulatedRegistrarOptions = {}): Promise<SimulatedRegistrar> {
    const registrar = await SimulatedRegistrar.start(options);
    this.later(() => registrar.close());
    return registrar;
  }

  /** A sender by way of 127.0.0.1 and `port`; `transport` is what the proxy's URI says. */
  sender(
    port: number,
    options: Partial<SipSenderOptions> = {},
    transport?: 'udp' | 'tcp' | 'tls',
  ): Binding<SipTarget> {
    const sender = createSipSender({
      from: 'sip:dms@example.com',
      outboundProxy: `sip:127.0.0.1:${port}${transport === undefined ? '' : `;transport=${transport}`}`,
      clock: this.clock,
      ...options,
    });
    this.later(() => sender.close());
    return sender;
  }

  /** A listener on loopback with what it was handed. */
  async listener(
    options: Partial<SipListenerOptions> = {},
  ): Promise<{ listener: SipListener; port: number; pushes: ReceivedSipPush[] }> {
    const pushes: ReceivedSipPush[] = [];
    const listener = new SipListener({
      port: 0,
      address: '127.0.0.1',
      clock: this.clock,
      handler: (push) => void pushes.push(push),
      ...options,
    });
    this.later(() => listener.close());
    return { listener, port: await listener.start(), pushes };
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

/** Runs a test with a bench. */
export function withBench(run: (bench: Bench) => Promise<void>): () => Promise<void> {
  return async () => {
    const bench = new Bench();
    try {
      await run(bench);
    } finally {
      await bench.close();
    }
  };
}

/** The SipPushError that a promise rejects with. */
export async function pushErrorOf(work: Promise<unknown>): Promise<SipPushError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SipPushError) return error;
    throw error;
  }
  throw new Error('it should have been rejected');
}

/** An authority and a certificate for `proxy.test` and 127.0.0.1, made by the openssl program. */
export function makeCertificates(): { ca: string; cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-sip-'));
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', timeout: 60_000 });
  };
  try {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=test CA',
    );
    openssl(
      'req',
      ...curve,
      '-keyout',
      'key.pem',
      '-out',
      'req.pem',
      '-subj',
      '/CN=proxy.test',
      '-addext',
      'subjectAltName=DNS:proxy.test,IP:127.0.0.1',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      'req.pem',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      'cert.pem',
      '-days',
      '2',
      '-copy_extensions',
      'copy',
    );
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
