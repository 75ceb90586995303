// Places and pace of carriers, as a configuration file says them: every section, checked, and what comes of it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readConfigFile } from '../../../src/cli/bindings/config-file.ts';
import { openBindings } from '../../../src/cli/bindings/open-bindings.ts';
import { type SenderSections, senderSections } from '../../../src/cli/bindings/sender-shapes.ts';
import type { Io } from '../../../src/cli/io/io.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-paces-test-'));
after(() => rmSync(folder, { recursive: true }));

const io: Io = {
  stdin: (async function* () {})(),
  stdinIsTerminal: false,
  stdout: () => {},
  stderr: () => {},
  columns: undefined,
  colour: false,
  env: {},
  stop: new AbortController().signal,
};

function read(value: unknown): Promise<SenderSections> {
  const file = join(folder, 'bindings.json');
  writeFileSync(file, JSON.stringify(value));
  return readConfigFile(io, file, senderSections);
}

const gateway = { name: 'a.example', url: 'http://127.0.0.1:9/pap' };
const secret = { identity: 'com.example.dm', secret: 'Wv0tM3nq8cYxQ1zL7uRbKd2eTj5s' };
const sms = { smscs: [{ host: '127.0.0.1', port: 9, systemId: 'dms' }] };

test('every section has places and a pace, a gateway its own or that of its section', async () => {
  const pace = { places: 5, perSecond: 2.5 };
  const sections = await read({
    wap: pace,
    waps: { secrets: [secret], ...pace },
    sip: { from: 'sip:dms@example.com', ...pace },
    http: pace,
    obex: pace,
    pap: { ...pace, gateways: [gateway, { ...gateway, name: 'b.example', places: 7 }] },
    sms: { ...sms, places: 5 },
  });
  const { table, close } = await openBindings(sections, {});
  try {
    const free = new Map<string, number>();
    for (const binding of Object.values(table)) {
      const { carriers } = binding;
      assert.ok(carriers !== undefined, binding.name);
      for (const name of carriers.names) free.set(name, carriers.free(name));
    }
    // A new process begins with one push.
    assert.deepEqual(
      [...free].filter(([name]) => name !== 'sms'),
      ['wap', 'waps', 'sip', 'http', 'obex', 'pap:a.example', 'pap:b.example'].map((name) => [name, 1]),
    );
    assert.equal(free.get('sms'), 5);
  } finally {
    await close();
  }
});

test('without a word each has its default, and UDP more than the others', async () => {
  const { table, close } = await openBindings({ http: {}, pap: { gateways: [gateway] } }, {});
  try {
    assert.equal(table.wap?.carriers?.free('wap'), 2000);
    assert.equal(table.http?.carriers?.free('http'), 256);
    assert.equal(table.https, table.http);
    assert.equal(table.pap?.carriers?.free('pap:a.example'), 256);
  } finally {
    await close();
  }
});

test('what cannot be is refused with its path', async () => {
  for (const [value, message] of [
    [{ wap: { places: 0 } }, /wap\.places: /],
    [{ wap: { places: 1.5 } }, /wap\.places: must be a whole number from 1 to 1000000/],
    [{ http: { perSecond: 0 } }, /http\.perSecond: must be > 0/],
    [{ http: { perSecond: -1 } }, /http\.perSecond: must be > 0/],
    [{ obex: { perSecond: '5' } }, /obex\.perSecond: must be a number/],
    [{ pap: { gateways: [{ ...gateway, places: 0 }] } }, /pap\.gateways\[0\]\.places: /],
    [
      { sms: { ...sms, perSecond: 5 } },
      /sms\.perSecond: not a field here; known are (?=.*throughput)(?=.*places)/,
    ],
  ] as const) {
    await assert.rejects(read(value), { code: 'CONFIG', message });
  }
});
