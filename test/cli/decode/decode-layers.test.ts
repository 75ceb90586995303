// `reveille decode` follows every layer, names what it does not read, and says in JSON where each field stands.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeRequest, headerIds, opcodes, typeOctets } from '../../../src/codec/obex/index.ts';
import { writePapEntities } from '../../../src/codec/pap/index.ts';
import { encodeSipMessage } from '../../../src/codec/sip/index.ts';
import { encodePdu, esmClass } from '../../../src/codec/smpp/index.ts';
import { segmentDatagram } from '../../../src/codec/sms/index.ts';
import { encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { readXml } from '../../../src/codec/xml/index.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import type { LayerObject } from '../../../src/inspect/explain/layer-objects.ts';
import wtls from '../../vectors/wtls.json' with { type: 'json' };
import { runCli } from '../run-cli.ts';

const package12 = '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';
const wsp12 = `010603c4af87${package12}`;
const wspOctets = hexToBytes(wsp12);

interface Decoded {
  readonly format?: string;
  readonly message?: { readonly serverId?: string } | string | null;
  readonly verified?: boolean;
  readonly deviations?: readonly {
    readonly message: string;
    readonly value: unknown;
    readonly offset: number;
  }[];
  readonly error?: { readonly code: string; readonly message: string; readonly offset: number };
  readonly layers: readonly LayerObject[];
}

async function decode(input: string | Uint8Array, ...args: string[]): Promise<Decoded & { status: number }> {
  const result = await runCli(['decode', '--json', ...args], { stdin: input });
  assert.equal(result.stderr, '');
  assert.equal(result.lines.length, 1, result.stdout);
  return { ...(JSON.parse(result.stdout) as Decoded), status: result.status };
}

const names = ({ layers }: Decoded): readonly string[] => layers.map(({ name }) => name);

/** Every field of a layer of the input is the octets that stand where it says. */
function assertPlaces({ layers }: Decoded, input: Uint8Array): void {
  for (const { within, offset, length, fields } of layers) {
    if (within !== 'input') continue;
    assert.ok(offset + length <= input.length);
    for (const field of fields) {
      assert.equal(
        field.raw,
        bytesToHex(input.subarray(field.offset, field.offset + field.length)),
        field.name,
      );
    }
  }
}

describe('layers of what is decoded', () => {
  it('has each layer in JSON with offsets in the whole input, raw octets, meaning, document and section', async () => {
    const input = `0605040b84c002${wsp12}`;
    const decoded = await decode(input, '--secret', 'secret');
    assert.deepEqual(
      decoded.layers.map(({ name, within, offset, length }) => ({ name, within, offset, length })),
      [
        { name: 'sms-user-data', within: 'input', offset: 0, length: 55 },
        { name: 'wsp', within: 'input', offset: 7, length: 48 },
        { name: 'package0', within: 'input', offset: 13, length: 42 },
      ],
    );
    assert.deepEqual(decoded.layers[2]?.fields[2], {
      name: 'uiMode',
      offset: 30,
      bit: 2,
      bits: 2,
      length: 1,
      raw: 'd0',
      value: '1',
      meaning: 'background',
      document: 'DM-NOTI-1.2',
      section: '6.2.7',
    });
    assertPlaces(decoded, hexToBytes(input));
  });

  it('keeps the layers that were read before an error', async () => {
    const decoded = await decode(`0605040b84c002${wsp12}`.replace('001234', '000000'));
    assert.deepEqual(names(decoded), ['sms-user-data', 'wsp', 'package0']);
    assert.equal(decoded.error?.offset, 34);
    assert.equal(decoded.format, undefined);
  });

  it('3GPP TS 23.040 §9.2.3.24.4: reads user data for another port, and names the port', async () => {
    const decoded = await decode(`06050423f0c002${wsp12}`);
    assert.deepEqual(names(decoded), ['sms-user-data', 'wsp', 'package0']);
    assert.equal(decoded.status, 0);
    assert.match(decoded.deviations?.[0]?.message ?? '', /port 9200 is not 2948/);
    const text = await runCli(['decode', `06050423f0c002${wsp12}`]);
    assert.match(text.stdout, /deviation: ports: port 9200 is not 2948.*byte 1/);
    const foreign = await decode('060504158200000102030405');
    assert.deepEqual(names(foreign), ['sms-user-data', 'content']);
    assert.match(foreign.deviations?.[0]?.message ?? '', /port 5506 is not 2948/);
  });

  it('WSP table 34: names PDUs of other types', async () => {
    for (const [hex, name] of [
      ['014020687474703a2f2f612f', 'Get'],
      ['01041001c4', 'Reply'],
      [`010703c4af87${package12}`, 'ConfirmedPush'],
    ] as const) {
      const decoded = await decode(hex);
      assert.equal(decoded.layers[0]?.name, 'wsp', name);
      assert.match(decoded.error?.message ?? '', new RegExp(`PDU type 0x.. \\(${name}\\), not Push`));
      assert.equal(decoded.status, 1);
    }
    const asWsp = await decode('0105abcd', '--as', 'wsp');
    assert.match(asWsp.error?.message ?? '', /0x05 \(Disconnect\), not Push/);
    assert.match((await decode('010fabcd', '--as', 'wsp')).error?.message ?? '', /PDU type 0x0F, not Push/);
  });

  it('DM-NOTI-1.3 §7.1.1: shows a push without application id, and what is missing', async () => {
    const decoded = await decode(`010601c4${package12}`);
    assert.match(
      decoded.error?.message ?? '',
      /missing is the header X-Wap-Application-Id: x-wap-application:syncml\.dm \(octets AF 87\)/,
    );
    assert.equal(decoded.format, 'dm1.2');
    assert.deepEqual(names(decoded), ['wsp', 'package0']);
    assert.equal(decoded.status, 1);
    const { stdout, status } = await runCli(['decode', `010601c4${package12}`]);
    assert.match(stdout, /"com\.mgmtsrv\.manage"/);
    assert.match(stdout, /error: .*what is missing/);
    assert.equal(status, 1);
    const mms = await decode(`010603be af84 8c82`.replaceAll(' ', ''));
    assert.deepEqual(names(mms), ['wsp', 'content']);
    assert.match(mms.error?.message ?? '', /application id 4 \(mms\.ua\)/);
  });

  it('recognises XML behind white space and a byte order mark, whatever is wrong in it', async () => {
    for (const before of ['', ' ', '\n\t', '\ufeff', '\ufeff \n']) {
      const decoded = await decode(
        utf8ToBytes(`${before}<SyncML xmlns="SYNCML:SYNCML1.2"/>`),
        '--input',
        'binary',
      );
      assert.equal(decoded.format, 'dm+xml', JSON.stringify(before));
    }
    const broken = await decode(' <SyncML><SyncHdr></SyncML>');
    assert.match(broken.error?.message ?? '', /XML/);
    assert.equal(broken.layers[0]?.name, 'xml');
    const devinf = await decode('<DevInf xmlns="syncml:devinf"><VerDTD>1.2</VerDTD></DevInf>');
    assert.equal(devinf.format, 'devinf+xml');
  });

  it('WBXML-1.3 §7.2: names documents of another type, and does not read them with the tokens of SyncML', async () => {
    const devinf = encodeWbxml(
      readXml('<DevInf xmlns="syncml:devinf"><VerDTD>1.2</VerDTD><Man>M</Man></DevInf>'),
    );
    for (const hex of [bytesToHex(devinf), `010603c2af87${bytesToHex(devinf)}`]) {
      const decoded = await decode(hex);
      assert.equal(decoded.format, 'devinf+wbxml');
      assert.match(decoded.layers.at(-1)?.title ?? '', /^DevInf document in WBXML/);
      assert.match(String(decoded.message), /<Man>M<\/Man>/);
    }
    const typed = await decode(`010603c2af87${bytesToHex(devinf)}`);
    assert.match(typed.deviations?.[0]?.message ?? '', /says DM message, and the document is DevInf/);
    const service = await decode('02056a0045c60b03616263000101');
    assert.match(service.error?.message ?? '', /public identifier 0x5 \(SI 1\.0, service indication\)/);
  });

  it('WBXML-1.3 §5.8: gives the error of WBXML for a token that SyncML does not have', async () => {
    const decoded = await decode('02a4016a006d6c7f0101');
    assert.equal(decoded.layers[0]?.name, 'wbxml');
    assert.match(
      decoded.error?.message ?? '',
      /unknown tag 0x3f on code page 0, SyncML .*byte 7; WBXML-1\.3/,
    );
    assert.match((await decode('03016a006d7f01')).error?.message ?? '', /WBXML/);
  });
});

describe('what carries a push is taken apart', () => {
  const userData = segmentDatagram(wspOctets, { reference: 1 })[0] ?? new Uint8Array();
  const secret = ['--secret', 'secret'];

  it('3GPP TS 23.040 §9.2.2: reads TPDUs with and without the address of a service centre', async () => {
    const address = '0b911346610089f6';
    const deliver = `44${address}00f520806291731408${userData.length.toString(16)}${bytesToHex(userData)}`;
    const submit = `5101${address}00f5aa${userData.length.toString(16)}${bytesToHex(userData)}`;
    for (const tpdu of [deliver, submit]) {
      for (const centre of ['', '00', '07911326040000f0']) {
        const hex = centre + tpdu;
        const decoded = await decode(hex, ...secret);
        assert.deepEqual(names(decoded), ['sms-tpdu', 'sms-user-data', 'wsp', 'package0'], hex);
        assert.equal(decoded.verified, true);
        assertPlaces(decoded, hexToBytes(hex));
      }
    }
    const damaged = await decode(`${deliver}00`, '--as', 'tpdu');
    assert.match(damaged.error?.message ?? '', /1 octets left over|left over/);
    assert.match(
      (await decode('03aa', '--as', 'tpdu')).error?.message ?? '',
      /neither SMS-DELIVER, SMS-SUBMIT nor SMS-STATUS-REPORT/,
    );
  });

  it('3GPP TS 23.038 §6.2.1: shows the text of a TPDU that is for a person', async () => {
    // Two examples that many tutorials of PDU mode print.
    for (const [hex, type, address, text, time] of [
      [
        '07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07',
        /^SMS-DELIVER, with/,
        '+31641600986',
        '"How are you?"',
        '2002-08-26T19:37:41Z',
      ],
      [
        '0011000B916407281553F80000AA0AE8329BFD4697D9EC37',
        /^SMS-SUBMIT, with/,
        '+46708251358',
        '"hellohello"',
        undefined,
      ],
    ] as const) {
      const decoded = await decode(hex);
      assert.match(decoded.layers[0]?.title ?? '', type);
      const value = (name: RegExp): string | undefined =>
        decoded.layers[0]?.fields.find((field) => name.test(field.name))?.value;
      assert.deepEqual([value(/TP-[OD]A/), value(/TP-UD$/), value(/TP-SCTS/)], [address, text, time]);
      assert.equal(decoded.status, 0);
    }
  });

  it('3GPP TS 27.005 §3.4: passes over what a modem prints around TPDUs, and reads status reports', async () => {
    const address = '0b911346610089f6';
    const deliver = `0044${address}00f520806291731408${userData.length.toString(16)}${bytesToHex(userData)}`;
    const report = `07911326040000f00607${address}208062917314082080629173448000`;
    for (const session of [
      `AT+CMGL=4\r\r\n+CMGL: 1,1,,74\r\n${deliver}\r\n+CMGL: 2,1,,26\r\n${report}\r\n\r\nOK\r\n`,
      `\r\n+CMT: ,74\r\n${deliver}\r\n\r\n+CDS: 26\r\n${report}\r\n`,
      `+CMTI: "SM",1\nAT+CMGR=1\n+CMGR: 0,,74\n${deliver}\nOK\nAT+CMGR=2\n+CMGR: 1,,26\n${report}\nOK\n`,
    ]) {
      const { stdout, lines, status, stderr } = await runCli(['decode', '--json', ...secret], {
        stdin: session,
      });
      assert.equal(status, 0, stdout + stderr);
      const [first, second] = lines.map((line) => JSON.parse(line) as Decoded);
      assert.equal(lines.length, 2);
      assert.equal(first?.verified, true);
      assert.equal(second?.format, 'sms-tpdu');
      assert.match(second?.layers[0]?.title ?? '', /^SMS-STATUS-REPORT, with/);
      assert.equal(second?.layers[0]?.fields.find(({ name }) => name === 'TP-ST')?.meaning, 'delivered');
    }
    const pasted = await runCli(['decode', '--json', ...secret, `+CMGR: 0,,74\n${deliver}`]);
    assert.equal((JSON.parse(pasted.stdout) as Decoded).verified, true);
    const wrong = await runCli(['decode', '--json'], {
      stdin: `+CMGR: 0,,74\n${deliver}\n+CMGR: 0,,74\nno hex\nOK\n`,
    });
    assert.match(wrong.lines[1] ?? '', /line 4, column 1/);
    // Empty lines that no modem printed are still told.
    assert.equal((await runCli(['decode', '--json'], { stdin: `\n${deliver}\n\n` })).lines.length, 3);
  });

  it('puts segments together that come as TPDUs, one behind the other', async () => {
    const long = concatBytes(
      hexToBytes('010603c3af87'),
      utf8ToBytes(`<SyncML xmlns="SYNCML:SYNCML1.2"><!--${'x'.repeat(200)}--></SyncML>`),
    );
    const tpdus = segmentDatagram(long, { reference: 7 }).map(
      (part) => `440b911346610089f600f520806291731408${part.length.toString(16)}${bytesToHex(part)}`,
    );
    const decoded = await decode(`${tpdus.join(' ')}\n`);
    assert.equal(decoded.format, 'dm+xml');
    assert.deepEqual(names(decoded), [
      'sms-tpdu',
      'sms-user-data',
      'sms-tpdu',
      'sms-user-data',
      'wsp',
      'xml',
    ]);
    assert.equal(decoded.layers.at(-1)?.within, 'reassembled');
    assertPlaces(decoded, hexToBytes(tpdus.join('')));
  });

  it('reads SMPP PDUs, their short messages, payloads and segments', async () => {
    const common = { sequence: 1, sourceAddress: '1', destinationAddress: '2', dataCoding: 0xf5 } as const;
    const udhi = esmClass.userDataHeader;
    const submit = encodePdu({ command: 'submit_sm', ...common, esmClass: udhi, shortMessage: userData });
    const payload = encodePdu({
      command: 'deliver_sm',
      ...common,
      parameters: { sourcePort: 49154, destinationPort: 2948, messagePayload: wspOctets },
    });
    for (const [octets, expected] of [
      [submit, ['smpp', 'sms-user-data', 'wsp', 'package0']],
      [payload, ['smpp', 'wsp', 'package0']],
    ] as const) {
      const decoded = await decode(bytesToHex(octets), ...secret);
      assert.deepEqual(names(decoded), expected);
      assert.equal(decoded.verified, true);
      assertPlaces(decoded, octets);
    }
    const halves = [wspOctets.subarray(0, 20), wspOctets.subarray(20)];
    const segments = concatBytes(
      ...halves.map((shortMessage, index) =>
        encodePdu({
          command: 'submit_sm',
          ...common,
          shortMessage,
          parameters: { destinationPort: 2948, sarReference: 5, sarTotal: 2, sarSequence: index + 1 },
        }),
      ),
    );
    assert.deepEqual(names(await decode(bytesToHex(segments))), ['smpp', 'smpp', 'wsp', 'package0']);
    const bind = await decode(
      bytesToHex(encodePdu({ command: 'bind_receiver', systemId: 'a', password: 'hunter2' })),
    );
    assert.equal(bind.format, 'smpp');
    assert.equal(bind.status, 0);
    assert.match(bind.layers[0]?.title ?? '', /bind_receiver/);
  });

  it('reads SIP requests, pasted with or without their CRs', async () => {
    const message = encodeSipMessage({
      kind: 'request',
      method: 'MESSAGE',
      requestUri: 'sip:device@example.com',
      headers: [
        { name: 'Content-Type', value: 'application/vnd.syncml.dm+xml' },
        { name: 'Content-Length', value: '34' },
      ],
      body: utf8ToBytes('<SyncML xmlns="SYNCML:SYNCML1.2"/>'),
    });
    for (const input of [
      message,
      new TextDecoder().decode(message).replaceAll('\r', ''),
      bytesToHex(message),
    ]) {
      const decoded = await decode(input);
      assert.deepEqual(names(decoded), ['sip', 'xml']);
      assert.equal(decoded.format, 'dm+xml');
      assertPlaces(decoded, message);
    }
  });

  it('reads OBEX packets and the object that they carry', async () => {
    const body = hexToBytes(package12);
    const type = { id: headerIds.type, value: typeOctets('application/vnd.syncml.notification') };
    const whole = encodeRequest({
      opcode: opcodes.put,
      final: true,
      headers: [type, { id: headerIds.endOfBody, value: body }],
    });
    const decoded = await decode(bytesToHex(whole), ...secret);
    assert.deepEqual(names(decoded), ['obex', 'package0']);
    assert.equal(decoded.verified, true);
    assertPlaces(decoded, whole);
    const pieces = concatBytes(
      encodeRequest({
        opcode: opcodes.put,
        final: false,
        headers: [type, { id: headerIds.body, value: body.subarray(0, 20) }],
      }),
      encodeRequest({
        opcode: opcodes.put,
        final: true,
        headers: [{ id: headerIds.endOfBody, value: body.subarray(20) }],
      }),
    );
    const joined = await decode(bytesToHex(pieces), ...secret);
    assert.deepEqual(names(joined), ['obex', 'obex', 'package0']);
    assert.equal(joined.layers[2]?.within, 'reassembled');
    assert.equal(joined.verified, true);
  });

  it('reads PAP documents, alone, in multipart bodies and with header fields before them', async () => {
    const document = {
      message: { element: 'push-message', pushId: 'p1', addresses: ['WAPPUSH=+4711/TYPE=PLMN@ppg'] },
    } as const;
    const alone = await decode(writePapEntities({ document }).body);
    assert.equal(alone.format, 'pap+xml');
    assert.equal(alone.layers[0]?.fields.find(({ name }) => name === 'pushId')?.value, 'p1');
    const content = {
      headers: [['Content-Type', 'application/vnd.syncml.notification']],
      body: hexToBytes(package12),
    } as const;
    const { contentType, body } = writePapEntities({ document, content });
    for (const octets of [body, concatBytes(utf8ToBytes(`Content-Type: ${contentType}\r\n\r\n`), body)]) {
      const decoded = await decode(octets, ...secret);
      assert.deepEqual(names(decoded), ['pap', 'package0']);
      assert.equal(decoded.verified, true);
      assertPlaces(decoded, octets);
    }
  });

  it('reads WTLS records, by themselves and on port 2949', async () => {
    for (const hex of Object.values(wtls.records)) {
      assert.equal((await decode(hex)).layers[0]?.name, 'wtls', hex);
      assert.deepEqual(names(await decode(`0605040b85c002${hex}`)).slice(0, 2), ['sms-user-data', 'wtls']);
    }
  });
});

describe('hostile input', () => {
  const record = (octets: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(0x00), octets);

  it('any octets, as any layer, give one line of JSON with places inside them', async () => {
    const starts = fc.constantFrom(
      ...[
        '',
        '0605040b84c002',
        '01060',
        '02a4016a00',
        '440b911346610089f6',
        '00000010',
        '8300',
        'c100',
        '0b0003',
        '3c',
      ],
      ...['4d455353414745207369703a61205349502f322e300d0a', '2d2d780d0a413a', '0311', '0107'],
    );
    const layers = fc.constantFrom(
      'auto',
      'package0',
      'wsp',
      'sms',
      'tpdu',
      'message',
      'smpp',
      'sip',
      'obex',
      'pap',
      'wtls',
      'http',
      'frame',
    );
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 80 }), layers, async (start, tail, layer) => {
        const octets = record(
          concatBytes(hexToBytes(start.length % 2 === 0 ? start : `${start}0`), tail),
        ).subarray(1);
        const result = await runCli(['decode', '--json', '--input', 'binary', '--as', layer], {
          stdin: octets,
        });
        if (octets.length === 0) return;
        assert.equal(result.stderr, '');
        assert.equal(result.lines.length, 1);
        const decoded = JSON.parse(result.stdout) as Decoded;
        assertPlaces(decoded, octets);
        const table = await runCli(['decode', '--input', 'binary', '--as', layer], { stdin: octets });
        assert.equal(table.status, result.status);
        assert.doesNotMatch(table.stderr, /unexpected/);
      }),
      { numRuns: 600 },
    );
  });

  it('keeps the table small where a field is long', async () => {
    const long = concatBytes(hexToBytes('010603c4af84'), new Uint8Array(200_000).fill(0x41));
    const { stdout, status } = await runCli(['decode', '--input', 'binary', '--as', 'wsp'], { stdin: long });
    assert.equal(status, 1);
    assert.ok(stdout.length < 20_000, String(stdout.length));
    const many = concatBytes(
      ...Array.from({ length: 2000 }, () => hexToBytes('00000010000000150000000000000001')),
    );
    const decoded = await decode(many, '--input', 'binary');
    assert.match(decoded.error?.message ?? '', /more than 512 layers/);
  });
});
