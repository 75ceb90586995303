// TNDS in WBXML against libwbxml (Debian package libwbxml2-utils): each end reads what the other writes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { readTnds, type TndsDocument, writeTnds } from '../../src/codec/tnds/index.ts';
import { readXml, writeXml } from '../../src/codec/xml/index.ts';
import { addAccount } from '../../src/tree/index.ts';
import { deviceTree } from '../tree/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-tnds-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function viaWbxml2xml(octets: Uint8Array): string {
  const [from, to] = [join(folder, 'in.wbxml'), join(folder, 'out.xml')];
  writeFileSync(from, octets);
  execFileSync('wbxml2xml', ['-k', '-m', '0', '-o', to, from], { stdio: 'pipe' });
  return readFileSync(to, 'utf8');
}

function viaXml2wbxml(xml: string, ...options: readonly string[]): Uint8Array {
  const [from, to] = [join(folder, 'in.xml'), join(folder, 'out.wbxml')];
  writeFileSync(from, xml);
  execFileSync('xml2wbxml', ['-k', ...options, '-o', to, from], { stdio: 'pipe' });
  return readFileSync(to);
}

const value = fc
  .array(fc.constantFrom(...'abc ZÄ€&<>"\'0129/'), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''))
  .filter((text) => text.trim() !== '');
const document: fc.Arbitrary<TndsDocument> = fc
  .array(
    fc.tuple(fc.constantFrom('chr', 'int', 'bool', 'xml', 'bin'), value, fc.uint8Array({ minLength: 1 })),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((leaves) => ({
    verDtd: '1.2',
    nodes: [
      {
        name: 'Object',
        properties: { acl: 'Get=*', format: 'node', type: { ddfName: 'urn:oma:mo:oma-fumo:1.0' } },
        nodes: leaves.map(([format, text, octets], index) => ({
          name: `Leaf${index}`,
          properties: { format: format as 'chr', type: { mime: 'text/plain' }, verNo: index },
          value: format === 'bin' ? octets : text,
          nodes: [],
        })),
      },
    ],
  }));

test('SM-C-002 wbxml2xml reads the WBXML that we write, to the same XML', () => {
  fc.assert(
    fc.property(document, (tnds) => {
      const xml = new TextDecoder().decode(writeTnds(tnds, 'xml'));
      const theirs = viaWbxml2xml(writeTnds(tnds, 'wbxml'));
      assert.equal(writeXml(readXml(theirs, { doctype: 'ignore', whitespace: 'drop' })), xml);
    }),
    { numRuns: 20 },
  );
});

test('SM-C-002 we read the WBXML that xml2wbxml writes, in each version, with and without its string table', () => {
  fc.assert(
    fc.property(document, (tnds) => {
      const xml = new TextDecoder().decode(writeTnds(tnds, 'xml'));
      for (const version of ['1.1', '1.2', '1.3']) {
        assert.deepEqual(readTnds(viaXml2wbxml(xml, '-v', version)), tnds);
        assert.deepEqual(readTnds(viaXml2wbxml(xml, '-v', version, '-n')), tnds);
      }
    }),
    { numRuns: 8 },
  );
});

test('a device’s whole tree as TNDS goes through libwbxml unchanged', async () => {
  const { tree } = await deviceTree();
  await addAccount(tree, {
    serverId: 'com.mgmtsrv.manage',
    addresses: [{ addr: 'https://dm.example/?a=1&b=2' }],
    credentials: [
      { level: 'CLCRED', type: 'DIGEST', name: 'user', secret: 'never shown', data: new Uint8Array(4) },
    ],
  });
  const [xml] = tree.get('com.mgmtsrv.manage', '.?list=TNDS').results ?? [];
  const [wbxml] = tree.get('com.mgmtsrv.manage', '.?list=TNDS', { tnds: 'wbxml' }).results ?? [];
  assert.ok(typeof xml?.data === 'string' && wbxml?.data instanceof Uint8Array);
  assert.doesNotMatch(xml.data, /never shown/);
  const theirs = readXml(viaWbxml2xml(wbxml.data), { doctype: 'ignore', whitespace: 'drop' });
  assert.equal(writeXml(theirs), xml.data);
  assert.deepEqual(readTnds(viaXml2wbxml(xml.data)), readTnds(wbxml.data));
});
