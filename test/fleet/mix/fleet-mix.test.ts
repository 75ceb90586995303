// Mix files: shares, rates and carriers, held strictly against their shape; what is wrong is named by its path.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readConfigFile } from '../../../src/cli/bindings/config-file.ts';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { ConfigError, silentLogger, ValueError } from '../../../src/core/index.ts';
import { checkMix, createFleet, type FleetMix, faultKinds, fleetMixShape } from '../../../src/fleet/index.ts';
import { faultOf } from '../../../src/fleet/plan/fault-plan.ts';
import { runCli, testIo } from '../../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-mix-'));
after(() => rmSync(folder, { recursive: true }));

const smsc = { host: '127.0.0.1', port: 2775, systemId: 'fleet' };

for (const [name, mix, path] of [
  ['no share above 0', { formats: { 'dm1.2': 0 } }, 'formats'],
  ['rates above 1 together', { faults: { lost: 0.6, duplicate: 0.5 } }, 'faults'],
  [
    'a span that runs backwards',
    { faults: { late: { rate: 0.1, delayMs: [20, 10] } } },
    'faults.late.delayMs',
  ],
  ['a binding without its carrier', { bindings: { sms: 1 } }, 'carriers.sms'],
  ['a gateway that is not named', { bindings: { wap: 1, pap: 1 } }, 'carriers.pap'],
] as const satisfies readonly (readonly [string, FleetMix, string])[]) {
  test(`checkMix refuses ${name}`, () => {
    assert.throws(
      () => checkMix(mix),
      (error) => error instanceof ValueError && error.path === path,
    );
  });
}

test('checkMix takes a mix of everything', () => {
  checkMix({
    formats: { 'dm1.2': 3, 'dm1.3': 1 },
    bindings: { wap: 8, sms: 2 },
    forms: { wbxml: 1, xml: 0 },
    clientSchemes: { md5: 1, hmac: 1 },
    serverSchemes: { md5: 1 },
    families: { aosp: 1, samsung: 0.5 },
    faults: {
      lost: 0.1,
      dead: { rate: 0.1, pushes: 2 },
      late: { rate: 0.1, delayMs: [1, 2] },
      duplicate: 0.1,
      wrongNonce: 0.1,
      refuses: 0.1,
      broken: 0.1,
      slow: { rate: 0.3 },
    },
    carriers: { sms: { smsc, numbers: '+49170' } },
  });
});

for (const [text, problem] of [
  ['{ "formats": { "dm1.4": 1 } }', /formats: no field .*dm1\.4|formats\.dm1\.4: not a field here/],
  [
    '{ "families": { "phone": 3, "meter": 1 } }',
    /mix\.json:1:\d+: families\.(?:phone|meter): not a field here; known are generic, aosp, .*libdmclient$/m,
  ],
  [
    '{ "faults": { "slow": "often" } }',
    /faults\.slow: must be a number from 0 to 1, or an object of rate, delayMs$/m,
  ],
  ['{ "faults": { "slow": 2 } }', /faults\.slow: must be a number from 0 to 1$/m],
  ['{ "faults": { "slow": {} } }', /faults\.slow: must have rate$/m],
  [
    '{ "faults": { "dead": { "rate": 0.1, "times": 3 } } }',
    /faults\.dead\.times: not a field here; known are rate, pushes$/m,
  ],
  ['{ "faults": { "lost": 2 } }', /faults\.lost/],
  [
    '{ "carriers": { "sms": { "smsc": { "host": "127.0.0.1" } } } }',
    /carriers\.sms\.smsc: must have .*systemId/,
  ],
  ['{ "carriers": { "sms": { "smsc": {}, "numbers": "49170" } } }', /carriers\.sms\./],
  ['{ "bindings": { "sms": 1 } }', /carriers\.sms/],
] as const) {
  test(`reveille fleet refuses the mix ${text}`, async () => {
    const file = join(folder, 'mix.json');
    writeFileSync(file, text);
    const { status, stderr } = await runCli(['fleet', '--devices', '1', '--mix', file]);
    assert.notEqual(status, 0);
    assert.match(stderr, problem);
    for (const line of stderr.trimEnd().split('\n')) assert.match(line, /^reveille: /);
  });
}

test('a family that no server knows is refused by its name, from a program too', () => {
  const mix: object = { families: { aosp: 1, phone: 0 } };
  assert.throws(
    () => createFleet({ devices: 1, dmUrl: 'http://127.0.0.1:8080/dm', mix }),
    (error) => error instanceof ValueError && error.path === 'families.phone',
  );
});

test('every kind of fault takes a rate by itself, and the rest by default', () => {
  for (const kind of faultKinds) {
    const plain = faultOf(1, 0, 1, { faults: { [kind]: 1 } });
    assert.equal(plain?.kind, kind);
    assert.deepEqual(plain, faultOf(1, 0, 1, { faults: { [kind]: { rate: 1 } } }));
  }
  assert.equal(faultOf(1, 0, 1, { faults: { dead: 1 } })?.pushes, 4);
});

test('the example of docs/testing.md is read, and a server takes the devices that it describes', async (t) => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/testing.md'), 'utf8');
  const [, section = ''] = /^### Mix\n([\s\S]*?)^### /m.exec(page) ?? [];
  const file = join(folder, 'example.json');
  writeFileSync(file, /^ {4}\{\n[\s\S]*?^ {4}\}$/m.exec(section)?.[0] ?? '');
  writeFileSync(join(folder, 'smsc.txt'), 'secret', { mode: 0o600 });
  const mix = await readConfigFile(testIo().io, file, fleetMixShape);
  checkMix(mix);
  const server = await startServer({
    data: join(folder, 'data'),
    dm: { host: '127.0.0.1', port: 0 },
    api: { host: '127.0.0.1', port: 0, tokens: [] },
    logger: silentLogger,
  });
  t.after(() => server.stop());
  const fleet = createFleet({ devices: 8, dmUrl: server.dmUrl, mix: { ...mix, bindings: { wap: 1 } } });
  t.after(() => fleet.stop());
  await fleet.start();
  const post = async (path: string, body: unknown): Promise<number> => {
    const response = await fetch(`${server.apiUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status;
  };
  assert.equal(await post('/v1/accounts', { serverId: 'com.example.reveille', url: server.dmUrl }), 201);
  for (const record of fleet.records()) assert.equal(await post('/v1/devices', record), 201);
});

for (const [name, options] of [
  ['DM endpoint', { dmUrl: 'http://192.0.2.1/dm' }],
  ['listening address', { host: '0.0.0.0' }],
  [
    'message centre',
    { mix: { bindings: { sms: 1 }, carriers: { sms: { smsc: { ...smsc, host: 'smsc.example' } } } } },
  ],
  [
    'registrar',
    {
      mix: {
        bindings: { sip: 1 },
        carriers: { sip: { domain: 'example.com', outboundProxy: 'sip:192.0.2.7:5060;transport=tcp' } },
      },
    },
  ],
] as const) {
  test(`a fleet stays on loopback: another ${name} needs anyNetwork`, () => {
    const all = { devices: 1, dmUrl: 'http://127.0.0.1:8080/dm', ...options };
    assert.throws(() => createFleet(all), ConfigError);
    createFleet({ ...all, anyNetwork: true });
  });
}
