// Each vector changed in one member at a time: a checker that it names notices. What check.py leaves to the others is written out.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Vector } from '../../scripts/vectors/vector.ts';
import { readXml } from '../../src/codec/xml/index.ts';
import { bytesToHex, hexToBytes, ReveilleError } from '../../src/core/index.ts';
import { folder, ofKind, text, vectors } from '../published/files.ts';
import { comparable, readToolXml, wbxml2xml } from './libwbxml-tools.ts';

/** Another value of the same sort. */
function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === null || value === undefined) return 'default';
  if (typeof value === 'string') {
    if (value === '') return '00';
    const first = value[0] ?? '';
    const other = /^[0-9a-f]+$/.test(value) ? ['0', '1'] : ['A', 'B'];
    return `${other.find((each) => each !== first)}${value.slice(1)}`;
  }
  if (Array.isArray(value)) return value.length === 0 ? [1] : [changed(value[0]), ...value.slice(1)];
  const [first] = Object.entries(value);
  return first === undefined ? { a: 1 } : { ...value, [first[0]]: changed(first[1]) };
}

/** Members by their paths, with the vector that has another value there. */
function changes(vector: Vector): ReadonlyMap<string, Vector> {
  const { inputs, expected, octets } = vector;
  const found = new Map<string, Vector>([['octets', { ...vector, octets: String(changed(octets)) }]]);
  for (const [name, value] of Object.entries(inputs)) {
    found.set(`inputs.${name}`, { ...vector, inputs: { ...inputs, [name]: changed(value) } });
  }
  for (const [name, value] of Object.entries(expected)) {
    found.set(`expected.${name}`, { ...vector, expected: { ...expected, [name]: changed(value) } });
  }
  return found;
}

/** What xmlsec1 holds, and wbxml2xml. */
const byOthers = [
  ...['octets', 'inputs.algorithm', 'inputs.publicKey', 'inputs.privateKey', 'inputs.wrappingKey'],
  ...['expected.xml', 'expected.opened', 'expected.serverId'],
];

/** Members of a vector that check.py leaves to others, or whose change leaves the vector true. */
function leftOf({ kind, inputs, expected, octets }: Vector): readonly string[] {
  switch (kind) {
    case 'signed-message':
    case 'encrypted-message':
      return inputs.publicKey === undefined ? byOthers : [...byOthers, 'expected.signedInfo'];
    case 'package0': {
      // A wrong secret and wrong octets are no less wrong when they change.
      const wrong = expected.verdict === null ? ['octets', 'inputs.secret'] : [];
      const isUsed = expected.verdict === 'given' && expected.format !== 'dm1.3';
      const unused = isUsed ? [] : ['inputs.nonce'];
      const names = ['fields', 'format', 'message', 'deviations'].map((each) => `expected.${each}`);
      return ['inputs.contentTypeCode', ...names, ...wrong, ...unused];
    }
    case 'sms-segments':
      // One message has no concatenation.
      return (expected.segments as readonly string[]).length > 1
        ? []
        : ['inputs.reference', 'inputs.referenceBits'];
    case 'sms-user-data-refused':
      // Still longer than what is there.
      return octets.length / 2 <= Number.parseInt(octets.slice(0, 2), 16) ? ['octets'] : [];
    case 'wtls-record':
      // The key block begins with this record either way.
      return firstOf(inputs, 0) === firstOf(inputs, 1) ? ['inputs.keyRefresh'] : [];
    default:
      return [];
  }
}

/** First sequence number of the key block of a record, with its key refresh changed by this much. */
function firstOf({ sequenceNumber, keyRefresh }: Vector['inputs'], by: number): number {
  return Number(sequenceNumber) - (Number(sequenceNumber) % 2 ** (Number(keyRefresh) + by));
}

test('check.py notices a change of any member of a vector that it holds', (t) => {
  const copy = mkdtempSync(join(tmpdir(), 'reveille-vectors-'));
  t.after(() => rmSync(copy, { recursive: true }));
  copyFileSync(join(folder, 'check.py'), join(copy, 'check.py'));
  const all: Vector[] = [];
  const left: string[] = [];
  for (const vector of vectors.filter(({ checkers }) => checkers.includes('check.py'))) {
    for (const [member, each] of changes(vector)) {
      const id = `${vector.id}#${member}`;
      all.push({ ...each, id });
      if (leftOf(vector).includes(member)) left.push(id);
    }
  }
  writeFileSync(join(copy, 'changed.json'), JSON.stringify({ vectors: all }));
  const { stdout } = spawnSync('python3', [join(copy, 'check.py')], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 24,
  });
  const noticed = new Set([...stdout.matchAll(/^DOES NOT HOLD ([^:\s]+)/gm)].map(([, id]) => id));
  assert.deepEqual(
    all.map(({ id }) => id).filter((id) => !noticed.has(id) && !left.includes(id)),
    [],
  );
  assert.ok(all.length - left.length > 400, `${all.length} less ${left.length}`);
});

test('each vector names a checker', () => {
  assert.deepEqual(
    vectors.filter(({ checkers }) => checkers.length === 0).map(({ id }) => id),
    [],
  );
});

test('check-wsp.py: every vector that names it holds, and a change of any member is noticed', (t) => {
  const copy = mkdtempSync(join(tmpdir(), 'reveille-vectors-'));
  t.after(() => rmSync(copy, { recursive: true }));
  const run = (path: string) =>
    spawnSync('python3', [join(folder, 'check-wsp.py'), path], { encoding: 'utf8', timeout: 60_000 });
  const held = vectors.filter(({ checkers }) => checkers.includes('check-wsp.py'));
  assert.deepEqual(
    new Set(held),
    new Set(vectors.filter(({ kind }) => kind.startsWith('wsp-push'))),
    'all of them',
  );
  const whole = run(folder);
  assert.equal(whole.status, 0, whole.stdout + whole.stderr);
  const all = held.flatMap((vector) =>
    [...changes(vector)].map(([member, each]) => ({ ...each, id: `${vector.id}#${member}` })),
  );
  writeFileSync(join(copy, 'wsp.json'), JSON.stringify({ vectors: all }));
  const { stdout } = run(copy);
  const noticed = new Set([...stdout.matchAll(/^DOES NOT HOLD ([^:\s]+)/gm)].map(([, id]) => id));
  // The first octet is the transaction id, which says nothing of why a PDU is refused.
  const refused = held.filter(({ kind, octets }) => kind === 'wsp-push-refused' && octets !== '');
  const left = new Set(refused.map(({ id }) => `${id}#octets`));
  assert.deepEqual(
    all.map(({ id }) => id).filter((id) => !noticed.has(id) && !left.has(id)),
    [],
  );
  writeFileSync(join(copy, 'wsp.json'), JSON.stringify({ vectors: [] }));
  assert.equal(run(copy).status, 1, 'nothing to hold');
});

// libwbxml leaves attributes away; check.py looks for their values in the octets.
const bare = (xml: string): string => xml.replace(/(<[^\s>/]+)\s[^>]*?(\/?>)/g, '$1$2');
const told = (octets: Uint8Array): string | undefined => {
  try {
    return bare(comparable(readToolXml(wbxml2xml(octets))));
  } catch (error) {
    // It refuses them, or writes no XML.
    if (error instanceof ReveilleError || error instanceof Error) return undefined;
    throw error;
  }
};

for (const vector of ofKind('signed-message', 'encrypted-message')) {
  test(`wbxml2xml: the octets of ${vector.id} are its XML view, and changed ones are not`, () => {
    assert.ok(vector.checkers.includes('wbxml2xml'));
    const octets = hexToBytes(vector.octets);
    const wanted = bare(comparable(readXml(text(vector.expected, 'xml'))));
    assert.equal(told(octets), wanted);
    // In the first text, in the middle, and in the last one.
    for (const content of ['DM/1.2', 'com.mgmtsrv.manage', '</SignatureValue>']) {
      const at = content.startsWith('<')
        ? octets.length - 8
        : bytesToHex(octets).indexOf(Buffer.from(content).toString('hex')) / 2;
      assert.ok(at > 0, content);
      const other = octets.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      assert.notEqual(told(other), wanted, content);
    }
  });
}
