// Meets Osmocom's message centre (Debian package osmo-msc) at its own ports. Run in a private network; plays the scene and
// prints what was seen as JSON. The centre ends where the kernel has no SCTP, for links to other exchanges that nobody uses
// here; `osmo-msc-without-sctp.c` gives it TCP sockets instead.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PushError } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createSmsSender, type ReceiptCounters } from '../../src/push/sms/index.ts';
import { PeerProcess } from './child-process.ts';

/** What the scene saw. */
export interface SeenOsmo {
  /** References of pushes, or codes of errors: to two numbers that nobody has, and one in two messages. */
  readonly references: readonly string[];
  readonly receipts: ReceiptCounters;
  /** Errors of the link before it was closed. */
  readonly lost: readonly string[];
}

const configuration = `line vty
 no login
network
 network country code 1
 mobile network code 1
msc
 mgw remote-ip 127.0.0.1
smsc
 database sms.db
smpp
 local-tcp-ip 127.0.0.1 2775
 system-id osmo
 policy closed
 esme dms
  password secret
`;

async function play(): Promise<SeenOsmo> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-osmo-'));
  const shim = join(folder, 'without-sctp.so');
  const source = fileURLToPath(new URL('osmo-msc-without-sctp.c', import.meta.url));
  execFileSync('cc', ['-shared', '-fPIC', '-o', shim, source, '-ldl']);
  const file = join(folder, 'osmo-msc.cfg');
  writeFileSync(file, configuration);
  const centre = new PeerProcess('env', [`LD_PRELOAD=${shim}`, 'osmo-msc', '-c', file], folder);
  const lost: string[] = [];
  let up = false;
  const sender = createSmsSender({
    smscs: [{ host: '127.0.0.1', port: 2775, name: 'osmo', systemId: 'dms', password: 'secret' }],
    backOffMs: 50,
    maxBackOffMs: 100,
    onReceipt: () => {},
    onLink: (_, error) => {
      if (error === undefined) up = true;
      else if (up) lost.push(error.message);
    },
  });
  try {
    for (let tries = 0; sender.links()[0]?.state !== 'bound'; tries += 1) {
      centre.expectRunning();
      if (tries === 600) throw new Error(`no link to osmo-msc: ${centre.output}`);
      await wait(50);
    }
    const references: string[] = [];
    for (const [number, octets] of [
      ['+447700900111', 20],
      ['+447700900222', 20],
      ['+447700900333', 200],
    ] as const) {
      const push = { id: number, contentType: contentTypes['dm+wbxml'], body: new Uint8Array(octets) };
      const sent = sender.send(push, { number }, AbortSignal.timeout(30_000));
      references.push(
        await sent.then(
          (receipt) => ('reference' in receipt ? (receipt.reference ?? '') : receipt.outcome),
          (error: unknown) => (error instanceof PushError ? error.code : String(error)),
        ),
      );
    }
    return { references, receipts: sender.receipts(), lost: [...lost] };
  } finally {
    await sender.close();
    await centre.stop('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await play()));
