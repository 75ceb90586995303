// `reveille decode` names what it cannot read: the error is that of the reading that fits, or of all that were tried.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeNotification } from '../../../src/codec/notification/index.ts';
import { bytesToHex, utf8ToBytes } from '../../../src/core/index.ts';
import { runCli } from '../run-cli.ts';

const package12 = '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';
const wsp = `010603c4af87${package12}`;
const userData = `0605040b84c002${wsp}`;
const length = (userData.length / 2).toString(16).padStart(2, '0');
const deliver = `440b919471214365f700f511112111111100${length}${userData}`;
const submit = `51000b919471214365f700f5a7${length}${userData}`;

interface Decoded {
  readonly format?: string;
  readonly deviations?: readonly {
    readonly field: string;
    readonly message: string;
    readonly offset: number;
  }[];
  readonly error?: { readonly code: string; readonly message: string; readonly offset: number };
  readonly layers: readonly { readonly name: string; readonly title: string }[];
}

async function decode(hex: string, ...args: string[]): Promise<Decoded> {
  return JSON.parse((await runCli(['decode', '--json', ...args, hex])).stdout);
}

const names = ({ layers }: Decoded): readonly string[] => layers.map(({ name }) => name);

describe('what decode cannot read, it names', () => {
  it('3GPP TS 23.040 §9.2.2: tells what is wrong with a TPDU that is cut, or has octets behind it', async () => {
    for (const tpdu of [deliver, submit, `07919471227210f1${deliver}`, `00${submit}`]) {
      for (const cut of [2, 6, 20, 60]) {
        const decoded = await decode(tpdu.slice(0, -cut));
        assert.deepEqual(names(decoded), ['sms-tpdu'], tpdu);
        assert.match(decoded.error?.message ?? '', /TP-UD: needs 55 octets, \d+ left/);
      }
      const decoded = await decode(`${tpdu}0d0a`);
      assert.match(decoded.error?.message ?? '', /TP-UD: 2 octets left over .*3GPP TS 23.040/);
      assert.deepEqual((await decode(`${tpdu}0d0a`, '--as', 'tpdu')).error, decoded.error);
    }
  });

  it('3GPP TS 23.040 §9.2.2.4: names SMS-COMMAND', async () => {
    for (const hex of ['0201000005', '000201000005'].map((start) => `${start}0b919471214365f700`)) {
      const decoded = await decode(hex);
      assert.deepEqual([names(decoded), decoded.error?.code], [['sms-tpdu'], 'UNSUPPORTED']);
      assert.match(decoded.error?.message ?? '', /TP-MTI: SMS-COMMAND, .* carries no push/);
    }
  });

  it('WBXML-1.3 §5.5: names documents of types that nobody knows, and reads none with the tokens of another', async () => {
    const text = bytesToHex(utf8ToBytes('-//X//DTD Y 9//EN'));
    const bare = bytesToHex(utf8ToBytes('urn:of:another'));
    for (const [hex, message] of [
      ['03ff7f6a004503616263000101', /not known: public identifier 0x3fff \(byte 1; WBXML-1.3 §5.5\)/],
      [`0300006a12${text}004503616263000101`, /no tables for public identifier|not known/],
      [`0300006a0f${bare}004503616263000101`, /not known: public identifier urn:of:another/],
      ['030d6a0085060f', /public identifier 0xd \(EMN 1.0/],
    ] as const) {
      const decoded = await decode(hex);
      assert.deepEqual([names(decoded), decoded.error?.code], [['wbxml'], 'UNSUPPORTED'], hex);
      assert.match(decoded.error?.message ?? '', message);
    }
  });

  it('WSP §8.2.2: names PDUs of a session', async () => {
    for (const [hex, name] of [
      ['010110000c80a953746573740000000000000000', 'Connect'],
      ['0002010000', 'ConnectReply'],
      ['00038044c0a80001', 'Redirect'],
      ['000501', 'Disconnect'],
      ['00098101021001', 'Resume'],
    ] as const) {
      const decoded = await decode(hex);
      assert.equal(decoded.layers[0]?.title, `WSP ${name}`, hex);
      assert.match(decoded.error?.message ?? '', new RegExp(`${name}\\), not Push`));
    }
  });

  it('lists what was tried where nothing fits', async () => {
    const decoded = await decode('00112233445566778899aabbccddeeff00112233445566778899aabb');
    assert.match(
      decoded.error?.message ?? '',
      /^version: Package #0: no known format: .*Nor is it SMS user data \(byte .*SMS TPDU \(.*WSP \(byte 1: PDU type 0x11\), WBXML \(.*SMPP \(.*WTLS \(/,
    );
    const cut = await decode('0000003f000000040000000000000004000000000101343437');
    assert.match(
      cut.error?.message ?? '',
      /SMPP \(byte 0: its length would be 63, and there are 25 octets\)/,
    );
    const named = await decode(
      '00112233445566778899aabbccddeeff00112233445566778899aabb',
      '--as',
      'package0',
    );
    assert.doesNotMatch(named.error?.message ?? '', /Nor is it/);
  });

  it('a damaged Package #0 has its own error, whatever its digest begins like', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.constantFrom('', deliver.slice(0, 32), submit.slice(0, 32), '03ff7f6a', '01011000'),
        fc.integer({ min: 1, max: 17 }),
        async (digest, start, cut) => {
          const octets = encodeNotification(
            { format: 'dm1.2', serverId: 'com.mgmtsrv.manage', sessionId: 1 },
            { secret: 's' },
          );
          octets.set(digest);
          octets.set(Buffer.from(start, 'hex'));
          const decoded = await decode(bytesToHex(octets.subarray(0, octets.length - cut)));
          assert.deepEqual(names(decoded), ['package0']);
          assert.doesNotMatch(decoded.error?.message ?? '', /Nor is it/);
        },
      ),
      { numRuns: 60 },
    ));
});

describe('ports of short messages', () => {
  it('WDP Appendix B: reads WSP without WTLS on the ports of secure push, and says so', async () => {
    for (const port of [2949, 9202, 9203]) {
      const decoded = await decode(`060504${port.toString(16).padStart(4, '0')}c002${wsp}`);
      assert.deepEqual(names(decoded), ['sms-user-data', 'wsp', 'package0']);
      assert.equal(decoded.error, undefined);
      assert.deepEqual(
        decoded.deviations?.map(({ field, offset }) => [field, offset]),
        [['ports', 1]],
      );
      assert.match(decoded.deviations?.[0]?.message ?? '', new RegExp(`${port} is for secure push`));
    }
    const damaged = await decode(`0605040b85c002d701000100ff00`);
    assert.equal(damaged.layers[1]?.name, 'wtls', 'what is neither is told as WTLS');
  });

  it('3GPP TS 23.040 §9.2.3.24.4: says that a push has no port', async () => {
    const decoded = await decode(`050003010101${wsp}`);
    assert.deepEqual(names(decoded), ['sms-user-data', 'wsp', 'package0']);
    assert.match(decoded.deviations?.[0]?.message ?? '', /no port is there/);
    assert.deepEqual((await decode(userData)).deviations, []);
  });
});

describe('fields of text in JSON', () => {
  const xml =
    '<?xml version="1.0"?><!-- <No/> --><s:SyncML xmlns:s="a>b"><s:SyncHdr><s:VerDTD>1.2é</s:VerDTD><s:Final/></s:SyncHdr></s:SyncML>';
  const pap =
    '<?xml version="1.0"?><pap><push-message push-id="1"><address address-value="WAPPUSH=+4917/TYPE=PLMN@x"/></push-message></pap>';
  const sip = `MESSAGE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Type: application/vnd.syncml.dm+xml\r\nContent-Length: ${Buffer.byteLength(xml)}\r\n\r\n${xml}`;

  it('XML has its elements, PAP its fields, content its section, each with place, document and section', async () => {
    for (const [input, last] of [
      [xml, 'xml'],
      [sip, 'xml'],
      [pap, 'pap'],
      [Buffer.from('0605041581000048656c6c6f', 'hex'), 'content'],
    ] as const) {
      const octets = Buffer.from(input);
      const { stdout } = await runCli(['decode', '--json', '-'], { stdin: octets });
      const { layers } = JSON.parse(stdout);
      assert.equal(layers.at(-1).name, last);
      for (const layer of layers) {
        assert.ok(layer.fields.length > 0, layer.name);
        for (const field of layer.fields) {
          assert.notEqual(field.section, '', field.name);
          assert.ok(field.length > 0, field.name);
          assert.equal(field.raw, octets.subarray(field.offset, field.offset + field.length).toString('hex'));
        }
      }
      if (last !== 'xml') continue;
      const base = octets.length - Buffer.byteLength(xml);
      const shown = layers
        .at(-1)
        .fields.map(({ name, value, offset }: { name: string; value: string; offset: number }) => [
          name,
          value,
          offset - base,
        ]);
      assert.deepEqual(shown, [
        ['SyncML', '<SyncML>', 35],
        ['SyncML.SyncHdr', '<SyncHdr>', 59],
        ['SyncML.SyncHdr.VerDTD', '1.2é', 70],
        ['SyncML.SyncHdr.Final', '<Final/>', 96],
      ]);
    }
  });
});
