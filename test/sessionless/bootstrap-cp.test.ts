// What a bootstrap message of Client Provisioning says of account and access point, field by field (OMA DM w7).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accessPoints, dmApplications, readProvisioning } from '../../src/codec/provisioning/index.ts';
import { base64ToBytes } from '../../src/core/index.ts';
import type { BootstrapContent } from '../../src/sessionless/index.ts';
import { bootstrap, full, fullPoint, leastPoint, noticred } from './bootstrap-samples.ts';

describe('the account of a bootstrap message in Client Provisioning', () => {
  const provisioned = (content: Partial<BootstrapContent>) =>
    readProvisioning(bootstrap({ profile: 'cp', ...content }), 'wbxml');

  test('is a w7 application with only the parameters that there is something for', () => {
    const document = provisioned({});
    assert.equal(document.version, '1.1');
    assert.deepEqual(
      document.characteristics.map(({ type }) => type),
      ['APPLICATION'],
    );
    assert.deepEqual(dmApplications(document), [
      { providerId: 'com.example.new', init: false, addresses: [], auth: [], toProxies: [], toNapIds: [] },
    ]);
  });

  test('has every field that it can say, with levels and address types by the names of w7', () => {
    const [application] = dmApplications(provisioned({ account: full }));
    assert.ok(application !== undefined);
    const { auth, ...others } = application;
    assert.deepEqual(others, {
      providerId: 'com.example.new',
      name: 'New operator',
      init: false,
      addresses: [
        { addr: 'https://dm.example.com/dm', portNumbers: [443, 8443] },
        { addr: '192.0.2.1', addrType: 'IPV4', portNumbers: [] },
      ],
      toProxies: [],
      toNapIds: [],
    });
    const [{ data = '', ...client } = { level: '' }, ...rest] = auth;
    assert.deepEqual(client, { level: 'APPSRV', type: 'DIGEST', name: 'd1', secret: 'client' });
    assert.deepEqual(base64ToBytes(data), Uint8Array.of(1, 2, 3));
    assert.deepEqual(rest, [
      { level: 'CLIENT', type: 'HMAC' },
      { level: 'OBEX', type: 'BASIC' },
      { level: 'HTTP', type: 'HTTP-BASIC' },
    ]);
  });

  test('is refused with a credential that w7 has no level for, whatever others there are', () => {
    for (const credentials of [[noticred], [...full.credentials, noticred]]) {
      assert.throws(() => bootstrap({ profile: 'cp', account: { ...full, credentials } }), {
        code: 'OUT_OF_RANGE',
        path: 'account.credentials',
        message: /use the DM profile/,
      });
    }
  });

  test('OMA-WAP-ProvCont-1.1 §5.4: refers to the access point that comes along', () => {
    const small = provisioned({ accessPoint: leastPoint });
    assert.deepEqual(dmApplications(small)[0]?.toNapIds, ['NET']);
    const [point] = accessPoints(small);
    assert.deepEqual(point?.parms, [
      { name: 'NAPID', value: 'NET' },
      { name: 'NAP-ADDRESS', value: 'internet.example' },
      { name: 'NAP-ADDRTYPE', value: 'APN' },
    ]);
    assert.deepEqual(point.auth, []);
    const [{ parms: _, ...given } = {}] = accessPoints(provisioned({ accessPoint: fullPoint }));
    assert.deepEqual(given, {
      napId: 'NET.1_a-b',
      name: 'Internet',
      bearers: ['GSM-CSD'],
      address: '+491701234567',
      addressType: 'E164',
      internet: false,
      auth: [{ type: 'PAP', name: 'n', secret: 's' }, { type: 'CHAP' }],
    });
  });
});
