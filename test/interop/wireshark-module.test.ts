// The dissector as a Lua module, without Wireshark: the Lua of Wireshark 4.0 and the one of later versions read as we do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeNotification,
  encodeNotification,
  notificationFormats,
  verifyNotification,
} from '../../src/codec/notification/index.ts';
import { type Annotation, bytesToBase64, bytesToHex, DecodeError, hexToBytes } from '../../src/core/index.ts';
import { wiresharkDissector } from '../../src/wireshark/index.ts';
import { anyMessage } from '../codec/notification/support.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-lua-'));
after(() => rmSync(folder, { recursive: true }));
const script = join(folder, 'package0.lua');
writeFileSync(script, wiresharkDissector());

const key = { secret: 'secret', nonce: hexToBytes('4c6de265086176628d1e003a') };

/** The same lines of ours. */
function ours(octets: Uint8Array): string {
  const annotations: Annotation[] = [];
  let [fault, verdict] = ['', 'nil'];
  try {
    const decoded = decodeNotification(octets, { key, annotate: (each) => annotations.push(each) });
    verdict = verifyNotification(decoded, key) ?? 'nil';
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    fault = error.message;
  }
  const fields = annotations.map(({ field, offset, length, value, meaning, section }) => {
    const number = /^(?:0|[1-9][0-9]*)$/.test(value) && length <= 4 && !value.startsWith('"');
    const raw = bytesToHex(octets.subarray(offset, offset + length));
    return [
      field,
      offset,
      length,
      number && field !== 'vendorData' && field !== 'Option-Value' ? value : raw,
      meaning,
      section,
    ].join('\t');
  });
  const hash = (name: string): string => createHash(name).update(octets).digest('hex');
  const end = [`verdict\t${verdict}`, `fault\t${fault}`, `md5\t${hash('md5')}`, `sha256\t${hash('sha256')}`];
  return [...fields, ...end].join('\n');
}

for (const lua of ['lua5.2', 'lua5.4']) {
  test(`${lua}: fields, faults, verdicts and hashes are ours`, () => {
    const sampled = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { seed: 20, numRuns: 150 });
    const whole = notificationFormats.flatMap((format) =>
      sampled(anyMessage[format]).map((message, at) =>
        encodeNotification(message, at % 2 === 0 ? key : { secret: key.secret }),
      ),
    );
    const cut = whole.map((octets, at) => octets.subarray(0, (at * 7) % octets.length));
    const changed = whole.map((octets, at) => octets.with((at * 5) % octets.length, at % 256));
    const lengths = Array.from({ length: 200 }, (_, length) => new Uint8Array(length).fill(0x31));
    const inputs = [...whole, ...cut, ...changed, ...lengths];
    const reader = resolve(import.meta.dirname, 'wireshark-module.lua');
    const { stdout, stderr, status } = spawnSync(
      lua,
      [reader, script, key.secret, bytesToBase64(key.nonce)],
      {
        input: inputs.map((octets) => `${bytesToHex(octets)}\n`).join(''),
        encoding: 'utf8',
        timeout: 60_000,
        maxBuffer: 1 << 26,
      },
    );
    assert.equal(status, 0, stderr);
    const answers = stdout.split('\n\n');
    assert.equal(answers.length, inputs.length + 1);
    for (const [at, octets] of inputs.entries()) assert.equal(answers[at], ours(octets), bytesToHex(octets));
  });
}
