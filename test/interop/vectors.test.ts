// The published vectors under the checkers that they name: check.py of the package, xmlsec1, openssl, tshark.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Checker, Vector } from '../../scripts/vectors/vector.ts';
import { contentTypeOf } from '../../src/codec/notification/index.ts';
import { encodePush } from '../../src/codec/wsp/index.ts';
import { hexToBytes } from '../../src/core/index.ts';
import { folder, ofKind, text, textOf, vectors } from '../published/files.ts';
import { bare, Captures, type PdmlField } from './wireshark-lua.ts';
import { XmlsecTool } from './xmlsec-tool.ts';

const xmlsec = new XmlsecTool();
const captures = new Captures();
const copy = mkdtempSync(join(tmpdir(), 'reveille-vectors-'));
after(() => {
  xmlsec.close();
  captures.close();
  rmSync(copy, { recursive: true });
});

const heldBy = (checker: Checker, ...kinds: readonly string[]): readonly Vector[] => {
  const found = ofKind(...kinds).filter(({ checkers }) => checkers.includes(checker));
  assert.ok(found.length > 0, `${checker}: ${kinds}`);
  return found;
};

function check(path: string): { readonly status: number | null; readonly stdout: string } {
  const { status, stdout } = spawnSync('python3', [join(path, 'check.py')], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout };
}

test('check.py: every vector that names it holds, in at most 150 lines of the standard library', () => {
  const { status, stdout } = check(folder);
  assert.equal(status, 0, stdout);
  const counted = [...stdout.matchAll(/^ *(\d+) (?!left)/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  assert.equal(counted, vectors.filter(({ checkers }) => checkers.includes('check.py')).length);
  const lines = readFileSync(join(folder, 'check.py'), 'utf8').trimEnd().split('\n');
  assert.ok(lines.length <= 150, `${lines.length} lines`);
});

test('check.py notices a change of any vector that names it', () => {
  cpSync(folder, copy, { recursive: true });
  const change = (hex: string): string => hex.replace(/^[0-9a-f]/, (digit) => (digit === '0' ? '1' : '0'));
  const members = [
    'digest',
    'data',
    'mac',
    'told',
    'contentDigest',
    'masterSecret',
    'macSecret',
    'payload',
    'segments',
  ];
  const changed: string[] = [];
  for (const name of ['package0', 'digests', 'bootstrap', 'sms', 'signed', 'wtls'].map(
    (each) => `${each}.json`,
  )) {
    const content = JSON.parse(textOf(name));
    for (const { id, checkers, expected } of content.vectors) {
      const member = members.find((each) => expected[each] !== undefined && expected[each] !== '');
      if (!checkers.includes('check.py') || member === undefined) continue;
      if (member === 'segments') expected.segments = expected.segments.slice(1);
      else
        expected[member] =
          member === 'data' || member === 'mac' ? `A${expected[member]}` : change(expected[member]);
      changed.push(id);
    }
    writeFileSync(join(copy, name), JSON.stringify(content));
  }
  const { status, stdout } = check(copy);
  assert.equal(status, 1);
  const noticed = [...stdout.matchAll(/^DOES NOT HOLD (\S+)$/gm)].map(([, id]) => id);
  assert.deepEqual(noticed.sort(), changed.sort());
  assert.ok(changed.length > 80, `${changed.length}`);
});

test('check.py holds every part of user data, and the key refresh of WTLS', () => {
  const parts = ['ports', 'concatenation', 'others', 'payloadOffset', 'ignored', 'keyRefresh'];
  for (const part of parts) {
    const file = part === 'keyRefresh' ? 'wtls.json' : 'sms.json';
    const content = JSON.parse(textOf(file));
    const kind = part === 'keyRefresh' ? 'wtls-handshake' : 'sms-user-data';
    const changed = content.vectors.filter((each: Vector) => each.kind === kind && part in each.expected);
    for (const { expected } of changed) expected[part] = 99;
    writeFileSync(join(copy, file), JSON.stringify(content));
    const noticed = [...check(copy).stdout.matchAll(/^DOES NOT HOLD (\S+)$/gm)].map(([, id]) => id);
    assert.ok(changed.length > 0 && changed.every(({ id }: Vector) => noticed.includes(id)), part);
    writeFileSync(join(copy, file), textOf(file));
  }
});

test('check.py without any vector is an error', () => {
  const run = spawnSync('python3', [join(folder, 'check.py'), join(copy, 'none')], { encoding: 'utf8' });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /no vectors/);
});

test('openssl encrypts the records of WTLS as they are', () => {
  for (const { id, octets, expected } of heldBy('openssl', 'wtls-record')) {
    const args = [
      'enc',
      '-des-ede3-cbc',
      '-nopad',
      '-K',
      text(expected, 'key'),
      '-iv',
      text(expected, 'recordIv'),
    ];
    const { stdout, status } = spawnSync('openssl', args, {
      input: hexToBytes(text(expected, 'plain')),
      timeout: 30_000,
    });
    assert.equal(status, 0, id);
    assert.equal(stdout.toString('hex'), octets.slice(10), id);
  }
});

/** Texts of EncryptedData in an XML view, where it is escaped. */
const encryptedParts = (xml: string): readonly string[] =>
  [...xml.matchAll(/&lt;EncryptedData[\s\S]*?&lt;\/EncryptedData&gt;/g)].map(([part]) =>
    part
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&'),
  );

for (const { id, inputs, expected } of heldBy('xmlsec1', 'signed-message', 'encrypted-message')) {
  test(`xmlsec1: ${id}`, () => {
    const xml = text(expected, 'xml');
    const key =
      inputs.hmacKey === undefined
        ? ['--pubkey-pem', xmlsec.file(`${id}.pub`, text(inputs, 'publicKey'))]
        : ['--hmackey', xmlsec.file(`${id}.key`, hexToBytes(text(inputs, 'hmacKey')))];
    const { ok, errors } = xmlsec.run('--verify', key, xml);
    assert.ok(ok, errors);
    assert.equal(xmlsec.run('--verify', key, xml.replace('<MsgID>1', '<MsgID>2')).ok, false);
    const parts = encryptedParts(xml);
    assert.equal(parts.length, inputs.wrappingKey === undefined && inputs.privateKey === undefined ? 0 : 1);
    const open =
      inputs.wrappingKey === undefined
        ? ['--privkey-pem', xmlsec.file(`${id}.pem`, String(inputs.privateKey))]
        : ['--aeskey', xmlsec.file(`${id}.aes`, hexToBytes(text(inputs, 'wrappingKey')))];
    for (const part of parts) {
      const plain = xmlsec.make('--decrypt', open, part);
      const inner = (of: string): string | undefined => /<LocURI>\.\/Vendor[\s\S]*<\/Data>/.exec(of)?.[0];
      assert.ok(inner(plain) !== undefined);
      assert.equal(inner(plain), inner(text(expected, 'opened')));
    }
  });
}

/** A packet for tshark: Package #0 itself, or in a push that says the number of its content type. */
function packetOf({ inputs, octets }: Vector): Uint8Array {
  const body = hexToBytes(octets);
  if (inputs.contentTypeCode === undefined) return body;
  const contentType = contentTypeOf(inputs.contentTypeCode === 0x58 ? 'dm1.3' : 'dm1.2');
  return encodePush({ transactionId: 1, contentType, body });
}

/** Preferences that a vector needs; an empty nonce cannot be told to Wireshark. */
function preferencesOf({ inputs }: Vector): Readonly<Record<string, string>> {
  const { secret, nonce, identifier } = inputs as Readonly<Record<string, string>>;
  return {
    ...(secret === undefined ? {} : { secret }),
    ...(nonce === undefined || nonce === '' ? {} : { nonce: `0x${nonce}` }),
    ...(identifier === undefined ? {} : { identifier }),
  };
}

/** What the dissector says of each vector, offsets counted from where Package #0 begins. */
function dissected(list: readonly Vector[]): ReadonlyMap<Vector, readonly PdmlField[]> {
  const said = new Map<Vector, readonly PdmlField[]>();
  const alike = Map.groupBy(list, (vector) =>
    JSON.stringify([vector.inputs.contentTypeCode === undefined, preferencesOf(vector)]),
  );
  for (const group of alike.values()) {
    const [first] = group;
    assert.ok(first !== undefined);
    const isBare = first.inputs.contentTypeCode === undefined;
    const capture = captures.write(group.map(packetOf), isBare ? bare.link : ['-u', '40000,2948']);
    const packets = captures.fields(capture, preferencesOf(first), isBare ? bare.options : []);
    assert.equal(packets.length, group.length);
    for (const [at, vector] of group.entries()) {
      const fields = packets[at] ?? [];
      const start = fields.find(({ name }) => name === 'package0')?.offset ?? 0;
      said.set(
        vector,
        fields.map((field) => ({ ...field, offset: field.offset - start })),
      );
    }
  }
  return said;
}

interface ExpectedField {
  readonly field: string;
  readonly offset: number;
  readonly length: number;
  readonly value: string;
}

test('tshark: fields and verdicts of Package #0', () => {
  const verdicts: Readonly<Record<string, string>> = { given: '1', default: '2', null: '3' };
  for (const [vector, seen] of dissected(heldBy('tshark', 'package0'))) {
    const { id, inputs, expected } = vector;
    const { secret, nonce } = inputs;
    assert.equal(seen.find(({ name }) => name === 'package0.format')?.show, expected.format, id);
    const fields = seen.filter(
      ({ name }) => !/^(package0|package0\.(format|digest\.status|expert\..*))$/.test(name),
    );
    const wanted = expected.fields as readonly ExpectedField[];
    assert.deepEqual(
      fields.map(({ offset, length }) => [offset, length]),
      wanted.map(({ offset, length }) => [offset, length]),
      id,
    );
    if (nonce === '') continue;
    const status = seen.find(({ name }) => name === 'package0.digest.status')?.show;
    assert.equal(status, secret === undefined ? '0' : verdicts[`${expected.verdict}`], id);
  }
});

test('tshark: why octets are no Package #0', () => {
  const refused = heldBy('tshark', 'package0-refused').filter(({ octets }) => octets !== '');
  for (const [{ id, expected }, seen] of dissected(refused)) {
    const fault = seen.find(({ name }) => name === `package0.expert.${text(expected, 'code').toLowerCase()}`);
    assert.ok(fault?.showname.startsWith(expected.field === '' ? '' : `${expected.field}: `), id);
    assert.ok(
      fault?.showname.includes(`(byte ${expected.offset}`) && fault.showname.endsWith(`${expected.section})`),
      id,
    );
  }
});

const shown = (
  capture: string,
  names: readonly string[],
  args: readonly string[] = [],
): readonly string[][] =>
  captures
    .tshark(capture, [...args, '-T', 'fields', ...names.flatMap((name) => ['-e', name])])
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

test('tshark: transaction id, type and length of headers of WSP pushes', () => {
  const pushes = heldBy('tshark', 'wsp-push');
  const capture = captures.write(
    pushes.map(({ octets }) => hexToBytes(octets)),
    ['-u', '40000,2948'],
  );
  const seen = shown(capture, ['wsp.TID', 'wsp.pdu_type', 'wsp.headers_length']);
  assert.equal(seen.length, pushes.length);
  for (const [at, { id, expected }] of pushes.entries()) {
    const [transaction, type, headers] = (seen[at] ?? []).map(Number);
    assert.deepEqual([transaction, type], [expected.transactionId, expected.pduType], id);
    assert.equal(3 + (headers ?? 0), expected.bodyOffset, id);
  }
});

test('tshark: the parts of TPDUs', () => {
  for (const { id, octets, expected, inputs } of heldBy('tshark', 'sms-tpdu')) {
    const directions = expected.type === 'SMS-SUBMIT' ? 'I' : 'O';
    const input = join(copy, 'tpdu.txt');
    const capture = join(copy, 'tpdu.pcapng');
    writeFileSync(input, `${directions}\n000000 ${octets.replace(/../g, '$& ')}\n`);
    assert.equal(spawnSync('text2pcap', ['-q', '-D', '-l', '147', input, capture]).status, 0);
    const options = ['-o', 'uat:user_dlts:"User 0 (DLT=147)","gsm_sms","0","","0",""'];
    const [[coding] = []] = shown(capture, ['gsm_sms.tp-dcs'], options);
    assert.equal(Number(coding), expected.dataCoding, id);
    const said = captures.tshark(capture, [...options, '-V']);
    assert.match(said, new RegExp(`User-Data-Length: \\(${text(inputs, 'userData').length / 2}\\)`), id);
    assert.ok(said.includes(text(expected, 'address').replace('+', '')), id);
    assert.match(said, new RegExp(text(expected, 'type')), id);
  }
});
