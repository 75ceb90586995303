// The octets of WTLS handshakes against a witness that shares no code with us: Python's HMAC and SHA-1, and the triple DES
// of the openssl command.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { decodeRecords, type WtlsFlow } from '../../src/codec/wtls/index.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { Pair } from '../codec/wtls/support.ts';
import full from '../vectors/wtls.json' with { type: 'json' };
import abbreviated from '../vectors/wtls-abbreviated.json' with { type: 'json' };

interface Question {
  readonly flow: WtlsFlow;
  readonly clientHello: string;
  readonly serverHello: string;
  readonly serverHelloDone?: string;
  readonly secret: string;
  readonly keyRefresh: number;
  readonly pushes: readonly {
    readonly side: string;
    readonly sequenceNumber: number;
    readonly data: string;
  }[];
}

interface Answer {
  readonly masterSecret: string;
  readonly finished: { readonly client: string; readonly server: string };
  readonly finishedRecords: { readonly client: string; readonly server: string };
  readonly pushRecords: readonly string[];
}

/** What the witness computes. Fails where python3 or openssl is missing. */
function ask(question: Question): Promise<Answer> {
  const script = resolve(import.meta.dirname, 'wtls-witness.py');
  const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'], timeout: 60_000 });
  child.stdin.end(JSON.stringify(question));
  return new Promise((done, failed) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', failed);
    child.on('close', (code) => {
      if (code === 0) done(JSON.parse(output) as Answer);
      else failed(new Error(`the witness ended with status ${code}`));
    });
  });
}

/** The message in an unprotected record of ours. */
function messageIn(record: string): string {
  return bytesToHex(decodeRecords(hexToBytes(record))[0]?.fragment ?? new Uint8Array(0));
}

function pushesOf({ push, pushRecords }: typeof abbreviated | typeof full): Question['pushes'] {
  return pushRecords.map(({ sequenceNumber }) => ({ side: 'server', sequenceNumber, data: push }));
}

test('profile 1: the witness computes the vectors of the abbreviated flow', async () => {
  const { serverFlight, clientFlight, clientHello, keyRefresh } = abbreviated;
  const answer = await ask({
    flow: 'abbreviated',
    clientHello: messageIn(clientHello),
    serverHello: messageIn(serverFlight.serverHello),
    secret: full.secret,
    keyRefresh,
    pushes: pushesOf(abbreviated),
  });
  assert.deepEqual(answer, {
    masterSecret: full.masterSecret,
    finished: abbreviated.finished,
    finishedRecords: { server: serverFlight.finished, client: clientFlight.finished },
    pushRecords: abbreviated.pushRecords.map(({ record }) => record),
  });
});

test('profile 1: the witness computes the vectors of the full flow', async () => {
  const { records, secret, keyRefresh } = full;
  const answer = await ask({
    flow: 'full',
    clientHello: messageIn(records.clientHello),
    serverHello: messageIn(records.serverHello),
    serverHelloDone: messageIn(records.serverHelloDone),
    secret,
    keyRefresh,
    pushes: pushesOf(full),
  });
  assert.deepEqual(answer, {
    masterSecret: full.masterSecret,
    finished: full.finished,
    finishedRecords: { server: records.serverFinished, client: records.clientFinished },
    pushRecords: full.pushRecords.map(({ record }) => record),
  });
});

for (const flow of ['abbreviated', 'full'] as const) {
  test(`PB-C-003 PB-S-003 profile 1: ${flow} flow: what our two ends say to each other is what the witness computes, over renewals of the keys`, async () => {
    const secret = { identity: utf8ToBytes('com.example.device'), secret: randomBytes(24) };
    const pair = new Pair({ terminal: { secrets: () => [secret] }, server: { flow, keyRefresh: 2 } });
    pair.connect([secret]);
    pair.settle();
    const data = Array.from({ length: 9 }, (_, i) => randomBytes(i * 3));
    const pushed = data.map((octets) => bytesToHex(pair.push(octets, [secret]) ?? new Uint8Array(0)));
    pair.settle();
    assert.deepEqual(pair.arrived.map(bytesToHex), data.map(bytesToHex));
    const records = pair.sent
      .slice(1)
      .flatMap(({ datagram, direction }) => decodeRecords(datagram).map((record) => ({ record, direction })));
    const said = records.filter(({ record }) => record.contentType === 3);
    const plain = said
      .filter(({ record }) => !record.ciphered)
      .map(({ record }) => bytesToHex(record.fragment));
    const [clientHello = '', serverHello = '', serverHelloDone] = plain;
    const finished = said.filter(({ record }) => record.ciphered);
    const recordTo = (end: string): string => {
      const found = finished.find(({ direction }) => direction === end);
      return bytesToHex(found?.record.octets ?? new Uint8Array(0));
    };
    const answer = await ask({
      flow,
      clientHello,
      serverHello,
      ...(serverHelloDone === undefined ? {} : { serverHelloDone }),
      secret: bytesToHex(secret.secret),
      keyRefresh: 2,
      pushes: data.map((octets, i) => ({
        side: 'server',
        sequenceNumber: i + 1,
        data: bytesToHex(octets),
      })),
    });
    assert.deepEqual(answer.finishedRecords, {
      client: recordTo('to-server'),
      server: recordTo('to-terminal'),
    });
    assert.deepEqual(answer.pushRecords, pushed);
  });
}
