// Mix files: shares, rates and carriers, held strictly against their shape; what is wrong is named by its path.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, ValueError } from '../../src/core/index.ts';
import { checkMix, createFleet, type FleetMix } from '../../src/fleet/index.ts';
import { runCli } from '../cli/run-cli.ts';

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
    families: { phone: 1, meter: 0.5 },
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
  ['{ "faults": { "dead": 0.1 } }', /faults\.dead/],
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
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  });
}

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
