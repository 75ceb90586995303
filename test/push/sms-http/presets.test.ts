// The presets against the examples that the companies print, value by value and octet by octet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexToBytes } from '../../../src/core/index.ts';
import { centrePresets } from '../../../src/push/sms-http/index.ts';
import { requestOf } from './example-values.ts';

test('Vonage, vonage-node-sdk "send binary message": the form, octet by octet', () => {
  const account = { apiKey: '12345', apiSecret: 'ABCDE' };
  const { method, url, headers, body } = requestOf(
    { preset: 'vonage', account, from: '12126875309', request: { form: { 'protocol-id': '127' } } },
    {
      to: { digits: '18186345789', given: '+18186345789' },
      header: hexToBytes('06050415811581'),
      payload: hexToBytes('0011223344556677'),
    },
  );
  assert.equal(method, 'POST');
  assert.equal(url, 'https://rest.nexmo.com/sms/json');
  assert.deepEqual(headers, { 'Content-Type': 'application/x-www-form-urlencoded' });
  assert.equal(
    body,
    'api_key=12345&api_secret=ABCDE&from=12126875309&to=18186345789&type=binary' +
      '&body=0011223344556677&udh=06050415811581&protocol-id=127',
  );
});

test('Vonage, SMS API Reference: the printed values of each parameter', () => {
  const { body } = requestOf(
    {
      preset: 'vonage',
      account: { apiKey: 'abcd1234', apiSecret: 'abcdef0123456789' },
      from: 'AcmeInc',
      request: { form: { 'client-ref': 'my-personal-reference', 'message-class': '0' } },
      receipts: { callback: 'https://example.com/sms-dlr' },
    },
    {
      header: hexToBytes('06050415811581'),
      payload: hexToBytes('0011223344556677'),
      validity: { seconds: 900, endsAt: 0 },
      callback: 'https://example.com/sms-dlr',
    },
  );
  assert.deepEqual(
    [...new URLSearchParams(body)],
    [
      ['api_key', 'abcd1234'],
      ['api_secret', 'abcdef0123456789'],
      ['from', 'AcmeInc'],
      ['to', '447700900000'],
      ['type', 'binary'],
      ['body', '0011223344556677'],
      ['udh', '06050415811581'],
      ['ttl', '900000'],
      ['status-report-req', '1'],
      ['callback', 'https://example.com/sms-dlr'],
      ['client-ref', 'my-personal-reference'],
      ['message-class', '0'],
    ],
  );
});

test('Sinch, SDK for XMS, binary batch: the body, value by value', () => {
  const { method, url, headers, body } = requestOf(
    {
      preset: 'sinch',
      account: { region: 'eu', servicePlanId: 'jd63jf88477ll123ab4567cd89012ef3', token: 'toktok' },
      from: '12345',
      // One batch of ours is for one device; the printed one is for two, and has labels.
      request: {
        json: { to: ['{to}', '123456789'], tags: ['tag1', 'таг2'], delivery_report: 'summary' },
      },
    },
    {
      to: { digits: '987654321', given: '987654321' },
      header: hexToBytes('fffefd'),
      payload: hexToBytes('00010203'),
      validity: { seconds: 1, endsAt: Date.parse('2016-12-17T08:15:29.969Z') },
    },
  );
  assert.equal(method, 'POST');
  assert.equal(url, 'https://eu.sms.api.sinch.com/xms/v1/jd63jf88477ll123ab4567cd89012ef3/batches');
  assert.deepEqual(headers, { Authorization: 'Bearer toktok', 'Content-Type': 'application/json' });
  assert.deepEqual(JSON.parse(body), {
    body: 'AAECAw==',
    delivery_report: 'summary',
    expire_at: '2016-12-17T08:15:29.969Z',
    from: '12345',
    tags: ['tag1', 'таг2'],
    to: ['987654321', '123456789'],
    type: 'mt_binary',
    udh: 'fffefd',
  });
});

test('Sinch: a batch of ours, octet by octet', () => {
  const { body } = requestOf(
    {
      preset: 'sinch',
      account: { region: 'us', servicePlanId: 'p', token: 't' },
      from: '12345',
      receipts: { callback: 'https://dm.example.com/sms/acme' },
    },
    {
      to: { digits: '987654321', given: '+987654321' },
      header: hexToBytes('fffefd'),
      payload: hexToBytes('00010203'),
      callback: 'https://dm.example.com/sms/acme/T',
    },
  );
  assert.equal(
    body,
    '{"from":"12345","to":["987654321"],"body":"AAECAw==","udh":"fffefd","type":"mt_binary",' +
      '"delivery_report":"per_recipient","callback_url":"https://dm.example.com/sms/acme/T"}',
  );
});

/** The user data of the printed logo. */
const logo =
  '32F40100480E01000000000000000000000000000000000000000000000000000000000001247803000000E0080120CC0640000040080120CC06C0' +
  '0000479E7124F0EFFADCF64448892479B6DAC6CD4448F9241DB6DACECF44488124CDB6CD96CC44488924CDB6CD96CDE446712478E66D9EC600' +
  '0000000000000000000000000000000000';

test('IntelliSMS, "Send Binary Message": the form, and the printed octets in it', () => {
  const account = { accessKey: 'Yva$ER%Uhs+UU[MzwEYe', secretKey: 'F{kQ^s`wVpm!EU~Bx8yB^A$N$[l{pxJA' };
  const { method, url, body } = requestOf(
    { preset: 'intellisms', account, request: { form: { to: '{to},44771054321' } } },
    {
      to: { digits: '44771012345', given: '+44771012345' },
      header: hexToBytes('06050415820000'),
      payload: hexToBytes(logo),
    },
  );
  assert.equal(method, 'POST');
  assert.equal(url, 'https://www.intellisoftware.co.uk/api/https/sendmsg.aspx');
  // The page prints the form with all characters as they are; in a form, what is no letter or digit stands in percent signs. Without
  // those it is the printed one, octet by octet.
  const { accessKey, secretKey } = account;
  const printed = `accesskey=${accessKey}&secretkey=${secretKey}&to=44771012345,44771054321&type=3&udh=06050415820000&ud=${logo}`;
  assert.equal(decodeURIComponent(body), printed);
  assert.deepEqual(
    [...new URLSearchParams(body)],
    [
      ['accesskey', account.accessKey],
      ['secretkey', account.secretKey],
      ['to', '44771012345,44771054321'],
      ['type', '3'],
      ['udh', '06050415820000'],
      ['ud', logo],
    ],
  );
  assert.ok(body.endsWith(`&type=3&udh=06050415820000&ud=${logo}`));
});

test("SMSEagle, User's Manual, Send binary SMS: the printed address, octet by octet", () => {
  const { method, url, headers, body } = requestOf(
    {
      preset: 'smseagle',
      account: { accessToken: '0005gOjCOlMH8F2x' },
      request: { url: 'https://url-of-smseagle/http_api/send_binary_sms' },
    },
    {
      to: { digits: '1234567', given: '1234567' },
      header: hexToBytes('0605040B8423F0'),
      payload: hexToBytes(
        'EA0601AE02056A0045C60C037777772E736D736561676C652E657500080103534D534561676C65000101',
      ),
    },
  );
  assert.equal(
    url,
    'https://url-of-smseagle/http_api/send_binary_sms?access_token=0005gOjCOlMH8F2x&to=1234567&udh=0605040B8423F0' +
      '&data=EA0601AE02056A0045C60C037777772E736D736561676C652E657500080103534D534561676C65000101',
  );
  assert.deepEqual([method, headers, body], ['GET', {}, '']);
});

test('Ozeki, "How to send a binary sms message": the printed address, octet by octet', () => {
  const { method, url, headers, body } = requestOf(
    {
      preset: 'ozeki',
      account: { user: 'httpserverusr1', password: 'pass1' },
      request: { url: 'http://127.0.0.1:9501/api' },
    },
    {
      to: { digits: '06203105366', given: '06203105366' },
      header: hexToBytes('0605040B8423F0'),
      payload: hexToBytes('EA0601AE02056A0045C60C037761702E6F7A656B692E6875000801034F7A656B69000101'),
      dataCoding: 0xf5,
    },
  );
  assert.equal(
    url,
    'http://127.0.0.1:9501/api?action=sendmessage&username=httpserverusr1&password=pass1&' +
      'recipient=06203105366&messagetype=SMS:BINARY:XML&messagedata=%3Csms%3E%0D%0A++++%3Cpid%3E00%3C%2Fpid%3E%0D%0' +
      'A++++%3Cdcs%3EF5%3C%2Fdcs%3E%0D%0A++++%3Cudh%3E0605040B8423F0%3C%2Fudh%3E%0D%0A++++%3' +
      'Cud%3EEA0601AE02056A0045C60C037761702E6F7A656B692E6875000801034F7A656B69000101%3C%2Fud%3E%0D%0A%3C%2Fsms%3E',
  );
  assert.deepEqual([method, headers, body], ['GET', {}, '']);
});

test('a gateway that everybody runs for oneself needs its address', () => {
  for (const [preset, account] of [
    ['smseagle', { accessToken: 't' }],
    ['ozeki', { user: 'u', password: 'p' }],
  ] as const) {
    assert.throws(() => requestOf({ preset, account }, {}), { code: 'MISSING', path: 'request.url' });
  }
});

test('each preset names its documents, with address and day', () => {
  for (const [name, { sources, company }] of Object.entries(centrePresets)) {
    assert.ok(company.length > 0);
    assert.ok(sources.length > 0, name);
    for (const { title, address, read } of sources) {
      assert.ok(title.length > 0);
      assert.match(address, /^https?:\/\//);
      assert.match(read, /^20[0-9]{2}-[01][0-9]-[0-3][0-9]$/);
    }
  }
});
