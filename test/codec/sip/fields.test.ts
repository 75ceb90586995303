import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applicationIdsOf,
  createResponse,
  decodeSipMessage,
  encodeSipMessage,
  featureValues,
  formatNameAddr,
  formatSipUri,
  formatVia,
  isGruu,
  parameter,
  parseSipUri,
  plainUser,
  quote,
  readMediaType,
  readNameAddr,
  readSipUri,
  readVia,
  reasonPhrase,
  responseTarget,
  type SipUri,
  sameSipUri,
  splitList,
  stampVia,
  unquote,
  wantedApplicationIds,
} from '../../../src/codec/sip/index.ts';
import { DecodeError, ValueError } from '../../../src/core/index.ts';
import { messageHeaders, requestOf } from './support.ts';

const field = (text: string, offset = 0) => ({ text, path: 'X', offset });

test('RFC 3261 §19.1: URIs and their parts', () => {
  const parts = ({ parameters, ...rest }: SipUri) => ({
    ...rest,
    parameters: Object.fromEntries(parameters),
  });
  assert.deepEqual(parts(parseSipUri('sip:dev1@DM.Test')), {
    scheme: 'sip',
    user: 'dev1',
    host: 'dm.test',
    parameters: {},
  });
  assert.deepEqual(parts(parseSipUri('SIPS:u;p=1:pw@[2001:DB8::1]:5061;transport=TCP;lr?Subject=a&b=c')), {
    scheme: 'sips',
    user: 'u;p=1:pw',
    host: '2001:db8::1',
    port: 5061,
    parameters: { transport: 'TCP', lr: null },
    headers: 'Subject=a&b=c',
  });
  assert.deepEqual(parts(parseSipUri('sip:dm.test')), { scheme: 'sip', host: 'dm.test', parameters: {} });
  const gruu = 'sip:dev1@dm.test;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
  assert.ok(isGruu(parseSipUri(gruu)));
  assert.ok(isGruu(parseSipUri('sip:uloc-1@dm.test;gr')));
  assert.ok(!isGruu(parseSipUri('sip:dev1@dm.test')));
  for (const text of [gruu, 'sip:dm.test', 'sips:a%40b@[::1]:1;x=1;lr?q=1']) {
    assert.equal(formatSipUri(parseSipUri(text)), text);
  }
});

test('RFC 3261 §19.1.1: what is no SIP URI is refused', () => {
  for (const text of [
    '',
    'dev1@dm.test',
    'tel:+491701234567',
    'sip:',
    'sip:@dm.test',
    'sip:a@',
    'sip:a@b:0',
    'sip:a@b:65536',
    'sip:a@b:x',
    'sip:a b@c',
    'sip:a@b;;x',
    'sip:a@b;x=',
    'sip:a@b;x=1;X=2',
    'sip:a@b>',
    'sip:a%4@b',
    'sip:ä@b',
    'sip:a@[zz]',
    'sip:a@b@c',
    'sip:a@b;x=1@2',
    'sip:a@b\r\n',
  ]) {
    assert.throws(() => parseSipUri(text), ValueError, text);
    assert.throws(() => readSipUri(field(text)), DecodeError, text);
  }
  assert.throws(
    () => readSipUri(field('tel:+49', 7)),
    (error) => error instanceof DecodeError && error.code === 'UNSUPPORTED' && error.at.offset === 7,
  );
});

test('RFC 3261 §19.1.4: which URIs are the same', () => {
  const same: readonly (readonly [string, string])[] = [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtlanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;newparam=5'],
    ['sip:a@b;lr', 'sip:a@b;lr'],
  ];
  const different: readonly (readonly [string, string])[] = [
    ['sip:ALICE@AtLanTa.CoM', 'sip:alice@AtLanTa.CoM'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sips:bob@biloxi.com'],
    ['sip:bob@biloxi.com', 'sip:biloxi.com'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@b;gr=urn:uuid:1', 'sip:a@b'],
    ['sip:a@b;gr=urn:uuid:1', 'sip:a@b;gr=urn:uuid:2'],
  ];
  for (const [a, b] of same) {
    assert.ok(sameSipUri(parseSipUri(a), parseSipUri(b)), `${a} ${b}`);
    assert.ok(sameSipUri(parseSipUri(b), parseSipUri(a)), `${b} ${a}`);
  }
  for (const [a, b] of different) {
    assert.ok(!sameSipUri(parseSipUri(a), parseSipUri(b)), `${a} ${b}`);
    assert.ok(!sameSipUri(parseSipUri(b), parseSipUri(a)), `${b} ${a}`);
  }
  assert.equal(plainUser('a%40b'), 'a@b');
  assert.equal(plainUser('a%ffb'), 'a%ffb');
  assert.equal(plainUser(undefined), undefined);
});

test('RFC 3261 §20.10: addresses with and without names and brackets', () => {
  const read = (text: string) => {
    const { parameters, ...rest } = readNameAddr(field(text));
    return { ...rest, parameters: Object.fromEntries(parameters) };
  };
  assert.deepEqual(read('sip:a@b;tag=1'), { uri: 'sip:a@b', parameters: { tag: '1' } });
  assert.deepEqual(read('<sip:a@b;gr=x>;tag=1'), { uri: 'sip:a@b;gr=x', parameters: { tag: '1' } });
  assert.deepEqual(read(' The  DM server <sip:a@b> '), {
    displayName: 'The DM server',
    uri: 'sip:a@b',
    parameters: {},
  });
  assert.deepEqual(read('"a \\"b\\" <c>, d"<tel:+1>'), {
    displayName: 'a "b" <c>, d',
    uri: 'tel:+1',
    parameters: {},
  });
  const contact = readNameAddr(field('<sip:a@b>;+sip.instance="<urn:uuid:1>";expires=600;q=0.7'));
  assert.equal(parameter(contact.parameters, '+sip.instance'), '<urn:uuid:1>');
  assert.equal(parameter(contact.parameters, 'expires'), '600');
  assert.equal(parameter(contact.parameters, 'none'), undefined);
  for (const text of [
    '',
    '<>',
    '<sip:a@b',
    'sip:a@b>',
    'Name',
    '<sip:a@b>x',
    '"open <sip:a@b>',
    '<sip:a@b>;',
    '*',
  ]) {
    assert.throws(() => readNameAddr(field(text)), DecodeError, text);
  }
  assert.throws(() => readNameAddr(field('<sip:a@b>;tag=1;Tag=2')), DecodeError);
  assert.throws(
    () =>
      readNameAddr(
        field(`<sip:a@b>${';a'.repeat(1)}${Array.from({ length: 64 }, (_, i) => `;p${i}`).join('')}`),
      ),
    (error) => error instanceof DecodeError && error.code === 'LIMIT',
  );
});

test('RFC 3261 §25.1: addresses are written so that nothing breaks out', () => {
  const parameters = new Map([['+sip.instance', quote('<urn:uuid:1>')]]);
  assert.equal(formatNameAddr({ uri: 'sip:a@b', parameters }), '<sip:a@b>;+sip.instance="<urn:uuid:1>"');
  assert.equal(formatNameAddr({ displayName: 'a"\\', uri: 'sip:a@b' }), '"a\\"\\\\" <sip:a@b>');
  assert.throws(() => formatNameAddr({ uri: 'sip:a@b>;x=<' }), ValueError);
  assert.throws(() => formatNameAddr({ uri: 'sip:a@b', parameters: new Map([['a', '1;b']]) }), ValueError);
  assert.throws(() => formatNameAddr({ uri: 'sip:a@b', parameters: new Map([['a b', '1']]) }), ValueError);
  assert.equal(unquote(quote('a\\"b')), 'a\\"b');
  assert.equal(unquote('plain'), 'plain');
});

test('RFC 3261 §7.3.1: lists are cut at commas outside of quotes and brackets', () => {
  const texts = (text: string) => splitList(field(text, 10)).map(({ text: one, offset }) => [one, offset]);
  assert.deepEqual(texts('a, b,,c ,'), [
    ['a', 10],
    ['b', 13],
    ['c', 16],
  ]);
  assert.deepEqual(texts('"x,\\",y" <sip:a,b@c>;p=1, <sip:d@e>'), [
    ['"x,\\",y" <sip:a,b@c>;p=1', 10],
    ['<sip:d@e>', 36],
  ]);
  assert.deepEqual(texts('é,b'), [
    ['é', 10],
    ['b', 13],
  ]);
  assert.throws(() => splitList(field('a, "b')), DecodeError);
});

test('RFC 3261 §18.2, RFC 3581 §4: Via on the way in, and where the answer goes', () => {
  const via = readVia(field('SIP/2.0/UDP host.example:5070;branch=z9hG4bK1;rport'));
  const stamped = stampVia(via, '192.0.2.4', 31000);
  assert.equal(
    formatVia(stamped),
    'SIP/2.0/UDP host.example:5070;branch=z9hG4bK1;rport=31000;received=192.0.2.4',
  );
  assert.deepEqual(responseTarget(stamped), { host: '192.0.2.4', port: 31000 });
  const plain = readVia(field('SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK1'));
  assert.equal(stampVia(plain, '192.0.2.4', 31000), plain);
  assert.deepEqual(responseTarget(plain), { host: '192.0.2.4', port: 5060 });
  const moved = stampVia(plain, '192.0.2.5', 31000);
  assert.deepEqual(responseTarget(moved), { host: '192.0.2.5', port: 5060 });
  const elsewhere = readVia(field('SIP/2.0/UDP 192.0.2.4;maddr=198.51.100.1;rport=70000'));
  assert.deepEqual(responseTarget(elsewhere), { host: '192.0.2.4', port: 5060 });
  assert.equal(formatVia(readVia(field('SIP/2.0/TCP [2001:DB8::1]:5060'))), 'SIP/2.0/TCP [2001:db8::1]:5060');
});

test('RFC 3261 §20.42: a Via that cannot be read is refused', () => {
  for (const text of [
    '',
    'SIP/2.0/UDP',
    'SIP/2.0 UDP a',
    'SIP/2.0/UDP a:0',
    'SIP/2.0/UDP a:b',
    'SIP/2.0/UDP a b',
    'SIP/2.0/UDP a;branch=',
    'SIP/2.0/UDP a;x=1;x=2',
    'SIP/3.0/UDP a',
    'HTTP/2.0/UDP a',
  ]) {
    assert.throws(() => readVia(field(text)), DecodeError, text);
  }
});

test('RFC 3840 §9, spec-notes ruling 9: feature tags in every spelling', () => {
  assert.deepEqual(featureValues('"syncml.dm,push.syncml"'), ['syncml.dm', 'push.syncml']);
  assert.deepEqual(featureValues('"<a, b>"'), ['a, b']);
  assert.deepEqual(featureValues('"!x"'), ['!x']);
  assert.deepEqual(featureValues('""'), []);
  for (const name of ['+g.oma.eventappid', 'g.oma.eventappid', '+G.OMA.pusheventapp', 'g.oma.pusheventapp']) {
    const { parameters } = readNameAddr(field(`<sip:a@b>;${name}="Syncml.DM"`));
    assert.deepEqual(applicationIdsOf(parameters), ['syncml.dm'], name);
  }
  assert.equal(applicationIdsOf(new Map([['+g.oma.eventappid', null]])), undefined);
  const wanted = (...values: readonly string[]) =>
    wantedApplicationIds({ headers: values.map((value) => ({ name: 'Accept-Contact', value })) });
  assert.deepEqual(wanted('*;+g.oma.eventappid="syncml.dm";require;explicit'), ['syncml.dm']);
  assert.deepEqual(wanted('*;audio', '*;+g.oma.eventappid="<syncml.dm>",*;+g.oma.eventappid="a"'), [
    'syncml.dm',
    'a',
  ]);
  assert.equal(wanted(), undefined);
  assert.equal(wanted('*;audio'), undefined);
  assert.throws(() => wanted('sip:a@b'), DecodeError);
});

test('RFC 3261 §20.15: media types', () => {
  const { mime, parameters } = readMediaType(field('Application / VND.x ; charset="utf-8";a=b'));
  assert.equal(mime, 'application/vnd.x');
  assert.equal(parameter(parameters, 'charset'), 'utf-8');
  for (const text of ['', 'text', 'text/', '/plain', 'text/plain x', 'text/plain;']) {
    assert.throws(() => readMediaType(field(text)), DecodeError, text);
  }
});

test('RFC 3261 §8.2.6: a response copies Via, From, To, Call-ID and CSeq, and adds a tag once', () => {
  const request = requestOf({
    headers: [
      { name: 'Via', value: 'SIP/2.0/UDP b;branch=z9hG4bK2;x="a,b" , SIP/2.0/UDP c' },
      ...messageHeaders(),
    ],
  });
  const topVia = stampVia(readVia(field('SIP/2.0/UDP b;branch=z9hG4bK2')), '192.0.2.1', 1);
  const response = createResponse(request, 200, { toTag: 't', topVia });
  assert.deepEqual(
    response.headers.map(({ name, value }) => `${name}: ${value}`),
    [
      'Via: SIP/2.0/UDP b;branch=z9hG4bK2;received=192.0.2.1, SIP/2.0/UDP c',
      'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport',
      'From: <sip:dms@example.com>;tag=1',
      'To: <sip:dev1@example.com>;tag=t',
      'Call-ID: c1',
      'CSeq: 1 MESSAGE',
    ],
  );
  assert.equal(response.reason, 'OK');
  const again = createResponse({ ...request, headers: response.headers }, 486, { toTag: 'other' });
  assert.match(decodeSipMessage(encodeSipMessage(again)).headers[3]?.value ?? '', /;tag=t$/);
  const without = requestOf({ headers: [{ name: 'To', value: '"x;tag=1" <sip:a@b;tag=1>' }] });
  assert.match(createResponse(without, 200, { toTag: 't' }).headers[0]?.value ?? '', /;tag=t$/);
});

test('RFC 3261 §21: reasons of known codes, and of the class of unknown ones', () => {
  assert.deepEqual([200, 202, 404, 499, 599, 699, 799].map(reasonPhrase), [
    'OK',
    'Accepted',
    'Not Found',
    'Bad Request',
    'Server Internal Error',
    'Busy Everywhere',
    'Unknown',
  ]);
});
