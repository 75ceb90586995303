// `reveille smsc` as a user runs it: faults on request, and an end that does not wait for standard input.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { firstMessageAt } from '../../../src/cli/commands/smsc.ts';
import { run } from '../../../src/cli/program.ts';
import { encodePdu } from '../../../src/codec/smpp/index.ts';
import { contentTypes, type DeliveryReport } from '../../../src/push/index.ts';
import { createSmsSender, SmsReceiver } from '../../../src/push/sms/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { runCli, testIo } from '../run-cli.ts';

const main = resolve(import.meta.dirname, '../../../bin/reveille.js');

describe('reveille smsc', () => {
  it('takes faults from its option and from standard input, and ends at SIGTERM with input still open', async () => {
    const child = spawn(process.execPath, [main, 'smsc', '--listen', '127.0.0.1:0', '--fault', 'throttle 2']);
    let stderr = '';
    const printed = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(stderr)) await once(child.stderr, 'data');
    };
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    await printed(/simulated message centre on 127\.0\.0\.1:\d+/);
    child.stdin.write('duplicate 3\nnonsense\n');
    await printed(/reveille: duplicate 3\n/);
    await printed(/fault nonsense: not one of throttle, /);
    child.kill('SIGTERM');
    const [status] = await once(child, 'exit');
    assert.equal(status, 0);
  });

  it('refuses a fault that it does not know: status 2', async () => {
    const { status, stderr } = await runCli(['smsc', '--listen', '127.0.0.1:0', '--fault', 'explode 1']);
    assert.equal(status, 2);
    assert.match(stderr, /fault explode 1: not one of/);
  });

  it('refuses an account file whose receipts go nowhere, without a word of its passwords', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reveille-smsc-test-'));
    const file = join(folder, 'accounts.txt');
    try {
      for (const [text, said] of [
        ['tx geheim1 rx\n', /the receipts of tx go to an account that has no line here/],
        ['tx geheim1 rx more\nrx geheim2\n', /line 1: expected SYSTEM_ID PASSWORD \[RECEIPTS_TO\]/],
      ] as const) {
        writeFileSync(file, text, { mode: 0o600 });
        const { status, stderr } = await runCli(['smsc', '--listen', '127.0.0.1:0', '--account-file', file]);
        assert.equal(status, 1);
        assert.match(stderr, said);
        assert.doesNotMatch(stderr, /geheim/);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Runs `reveille smsc` in this process, for as long as `work` takes with it. Gives what was printed. */
async function withCentre(
  args: readonly string[],
  work: (centre: { readonly host: string; readonly port: number; readonly name: string }) => Promise<void>,
): Promise<string> {
  const stop = new AbortController();
  const { io, written } = testIo({ stop: stop.signal });
  const ended = run(['smsc', '--listen', '127.0.0.1:0', ...args], io);
  const place = / on 127\.0\.0\.1:(\d+);/;
  try {
    await eventually(() => place.test(written.stderr), 'the message centre');
    await work({ host: '127.0.0.1', port: Number(place.exec(written.stderr)?.[1]), name: 'c' });
  } finally {
    stop.abort();
    assert.equal(await ended, 0);
  }
  return written.stdout;
}

describe('reveille smsc, in this process', () => {
  const number = '+491701234567';
  const push = { id: 'p1', contentType: contentTypes['dm1.2'], body: Uint8Array.of(1, 2, 3) };
  const never = new AbortController().signal;

  for (const [fault, outcome, state] of [
    [['--fault', 'fail 1'], 'failed', 'UNDELIVERABLE'],
    [[], 'delivered', 'DELIVERED'],
  ] as const) {
    it(`${fault.at(-1) ?? 'no fault'}: the receipt says ${state}`, async () => {
      const printed = await withCentre(fault, async (centre) => {
        const handset = new SmsReceiver({
          smsc: { ...centre, systemId: 'phone' },
          number,
          handler: () => undefined,
        });
        const reports: DeliveryReport[] = [];
        const sender = createSmsSender({
          smscs: [{ ...centre, systemId: 'dms' }],
          onReceipt: (report) => void reports.push(report),
        });
        try {
          await handset.start();
          await sender.send(push, { number }, never);
          await eventually(() => reports.length > 0, 'the receipt');
          assert.equal(reports[0]?.outcome, outcome);
        } finally {
          await sender.close();
          await handset.close();
        }
      });
      assert.match(
        printed,
        new RegExp(`Z final messageId "\\d+", to "\\+?491701234567", state "${state}"\n`),
      );
    });
  }

  it('ids go on after a restart: the first one follows from the time', () => {
    const first = new Date('2026-11-30T12:00:00Z');
    const next = new Date('2026-11-30T12:00:01Z');
    assert.equal(firstMessageAt(first), 1_796_040_000 * 100_000 + 1);
    assert.ok(firstMessageAt(next) - firstMessageAt(first) === 100_000);
    assert.ok(firstMessageAt(new Date('2500-01-01T00:00:00Z')) < Number.MAX_SAFE_INTEGER);
  });

  it('--receipt-ids hex writes ids in the text of receipts otherwise than in answers', async () => {
    for (const [args, id] of [
      [['--first-message', '1000001', '--receipt-ids', 'hex'], 'F4241'],
      [['--first-message', '1000001'], '1000001'],
    ] as const) {
      await withCentre(args, async (centre) => {
        const handset = new SmsReceiver({
          smsc: { ...centre, systemId: 'phone' },
          number,
          handler: () => undefined,
        });
        const socket = connect(centre.port, centre.host);
        let read = '';
        socket.setEncoding('latin1').on('data', (text: string) => {
          read += text;
        });
        try {
          await handset.start();
          socket.write(encodePdu({ command: 'bind_transceiver', sequence: 1, systemId: 'dms' }));
          await eventually(() => read !== '', 'the answer to the bind');
          socket.write(
            encodePdu({
              command: 'submit_sm',
              sequence: 2,
              destinationTon: 1,
              destinationNpi: 1,
              destinationAddress: number.slice(1),
              registeredDelivery: 1,
              shortMessage: Uint8Array.of(1),
            }),
          );
          await eventually(() => /id:\w+ /.test(read), 'the receipt');
          assert.equal(/id:(\w+) /.exec(read)?.[1]?.toUpperCase(), id);
        } finally {
          socket.destroy();
          await handset.close();
        }
      });
    }
  });
});
