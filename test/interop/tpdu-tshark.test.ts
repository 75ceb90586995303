// TPDUs as Wireshark reads them: what we say of each field stands where tshark has it, with its value.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decodeTpdu, encodeDeliver, encodeStatusReport, encodeSubmit } from '../../src/codec/sms/index.ts';
import { type Annotation, bytesToHex, hexToBytes } from '../../src/core/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-tpdu-'));
after(() => rmSync(folder, { recursive: true }));

const number = '0b911346610089f6';
const times = '2080629173140820806291734480';
/** Our fields and those of tshark's that give the same number. */
const numbers = {
  'TP-MTI': 'gsm_sms.tp-mti',
  'TP-MR': 'gsm_sms.tp-mr',
  'TP-PID': 'gsm_sms.tp-pid',
  'TP-DCS': 'gsm_sms.tp-dcs',
  'TP-UDL': 'gsm_sms.tp-udl',
};

/** Octets with the direction that tells SUBMIT from its report, in a capture whose packets are TPDUs. */
function dissect(hex: string, direction: 'I' | 'O'): { readonly json: string; readonly text: string } {
  const run = (tool: string, args: readonly string[]): string => {
    const { status, stdout, stderr, error } = spawnSync(tool, args, { timeout: 60_000, encoding: 'utf8' });
    assert.equal(error, undefined);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const input = join(folder, 'tpdu.txt');
  const capture = join(folder, 'tpdu.pcapng');
  writeFileSync(input, `${direction}\n000000 ${hex.replace(/../g, '$& ')}\n`);
  run('text2pcap', ['-q', '-D', '-l', '147', input, capture]);
  const options = ['-n', '-r', capture, '-o', 'uat:user_dlts:"User 0 (DLT=147)","gsm_sms","0","","0",""'];
  return { json: run('tshark', [...options, '-T', 'json', '-x']), text: run('tshark', [...options, '-V']) };
}

const to = '+31641600986';
const time = Date.UTC(2026, 10, 30, 16, 24, 42);
// Whole, for tshark goes on into WSP: a push of Package #0's type with a body of one octet.
const userData = hexToBytes('0605040b84c002010603c4af8700');
const written = {
  submit: encodeSubmit({
    to,
    userData,
    hasHeader: true,
    report: true,
    reference: 9,
    validity: { seconds: 3600 },
  }),
  until: encodeSubmit({ to, userData, hasHeader: true, reference: 10, validity: { until: time } }),
  deliver: encodeDeliver({ from: to, userData, hasHeader: true, time }),
  report: encodeStatusReport({ reference: 9, to, time, settledTime: time + 2000, status: 0 }),
};

for (const [name, hex, direction] of [
  ['SMS-SUBMIT that we wrote', bytesToHex(written.submit), 'I'],
  ['SMS-SUBMIT with a moment that we wrote', bytesToHex(written.until), 'I'],
  ['SMS-DELIVER that we wrote', bytesToHex(written.deliver), 'O'],
  ['SMS-STATUS-REPORT that we wrote', bytesToHex(written.report), 'O'],
  ['SMS-DELIVER', `04${number}000020806291731408${'0cc8f71d14969741f977fd07'}`, 'O'],
  ['SMS-SUBMIT', `1107${number}00f5aa03010203`, 'I'],
  ['SMS-STATUS-REPORT', `0607${number}${times}00`, 'O'],
  ['SMS-STATUS-REPORT of a failure', `0607${number}${times}46`, 'O'],
  ['SMS-STATUS-REPORT with user data', `0607${number}${times}000700f503010203`, 'O'],
] as const) {
  test(`tshark dissects ${name} as we do`, () => {
    const annotations: Annotation[] = [];
    const octets = hexToBytes(hex);
    const tpdu = decodeTpdu(octets, { serviceCentre: false, annotate: (each) => annotations.push(each) });
    const { json, text } = dissect(hex, direction);
    assert.doesNotMatch(text, /Malformed|Unexpected|Short Data/);
    assert.match(text, new RegExp(`${tpdu.type.replace('STATUS-', 'STATUS[ -]')}`));
    assert.ok(text.includes(tpdu.address.replace('+', '')), 'the address');
    if (typeof tpdu.text === 'string') assert.ok(text.includes(tpdu.text));
    let compared = 0;
    for (const [ours, theirs] of Object.entries(numbers)) {
      const raw = new RegExp(`"${theirs}_raw": \\[\\s*"([0-9a-f]+)",\\s*([0-9]+),\\s*([0-9]+)`).exec(json);
      const found = annotations.find(({ field }) => field === ours);
      if (raw === null || ours === 'TP-MTI') continue;
      assert.ok(found !== undefined, ours);
      const { offset, length } = found;
      assert.deepEqual(
        [bytesToHex(octets.subarray(offset, offset + length)), String(offset), String(length)],
        raw.slice(1),
        ours,
      );
      compared += 1;
    }
    assert.ok(compared >= 1, json);
    if (tpdu.status !== undefined) {
      assert.match(text, tpdu.status === 0 ? /received by the SME/ : /validity period expired/i);
    }
  });
}
