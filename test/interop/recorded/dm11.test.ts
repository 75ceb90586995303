// A client of DM 1.1 whose WBXML libwbxml makes: public identifier 0x0FD3, URIs in the string table, Cred without Format, a
// DOCTYPE in its XML form. It is answered in the version that it speaks, which libwbxml reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alert,
  clientName,
  clientSecret,
  devInfo,
  digest,
  message,
  serverName,
  serverSecret,
  status,
  withForeignClient,
} from '../../server/foreign-client.ts';
import { fromWbxml, headerOf, play, toWbxml, wbxmlType } from './recorded.ts';

const source = 'IMEI:493005100592800';
const device = {
  clientCredentials: { scheme: 'basic', name: clientName, secret: clientSecret },
  serverCredentials: { scheme: 'basic', name: serverName, secret: serverSecret },
} as const;
const doctype =
  '<!DOCTYPE SyncML PUBLIC "-//SYNCML//DTD SyncML 1.1//EN" "http://www.openmobilealliance.org/tech/DTD/OMA-SyncML-RepPro-DTD-V1_1.dtd">';
// Without Format: Base64 is the default.
const cred = `<Cred><Meta><Type xmlns="syncml:metinf">syncml:auth-basic</Type></Meta><Data>${digest.basic(clientName, clientSecret)}</Data></Cred>`;
const xml = (msg: number, body: string): string =>
  message({ sid: '1F', msg, source, verDtd: '1.1', verProto: 'DM/1.1', ...(msg === 1 && { cred }) }, body, {
    prolog: `<?xml version="1.0" encoding="UTF-8"?>${doctype}`,
    namespace: 'SYNCML:SYNCML1.1',
  });

for (const version of ['1.1', '1.2', '1.3']) {
  test(`DM 1.1 in WBXML ${version}: answered under the public identifier, namespace and versions of DM 1.1`, () =>
    withForeignClient({ device }, async (bench) => {
      const id = await bench.job([
        { command: 'get', uri: './DevDetail/SwV' },
        { command: 'exec', uri: './Ext/Run', correlator: 'c' },
      ]);
      const octets = (msg: number, body: string): Uint8Array => toWbxml(xml(msg, body), version, true);
      const first = octets(1, alert(1, 1201) + devInfo(2, source));
      assert.equal(
        Buffer.from(first.subarray(1, 4)).toString('hex'),
        '9f536a',
        'libwbxml writes 0x0FD3 and UTF-8',
      );
      assert.ok((first[4] ?? 0) > 0, 'and a string table');
      const get = await play(bench, {
        client: first,
        post: { type: wbxmlType },
        server:
          `${status(1, 1, 0, 'SyncHdr', 212)}${status(2, 1, 1, 'Alert', 200)}${status(3, 1, 2, 'Replace', 200)}` +
          '<Get><CmdID>4</CmdID><Item><Target><LocURI>./DevDetail/SwV</LocURI></Target></Item></Get><Final/>',
      });
      assert.equal(Buffer.from(get.octets.subarray(1, 3)).toString('hex'), '9f53');
      assert.match(fromWbxml(get.octets), /"-\/\/SYNCML\/\/DTD SyncML 1\.1\/\/EN"/);
      assert.match(headerOf(get.xml), /^<VerDTD>1\.1<\/VerDTD><VerProto>DM\/1\.1<\/VerProto><SessionID>1F</);
      const results =
        '<Results><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>4</CmdRef><Item><Source><LocURI>./DevDetail/SwV</LocURI></Source><Data>R1A</Data></Item></Results>';
      await play(bench, {
        client: octets(2, status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Get', 200) + results),
        post: { type: wbxmlType },
        // DM 1.1 has no Correlator.
        server: `${status(1, 2, 0, 'SyncHdr', 212)}<Exec><CmdID>2</CmdID><Item><Target><LocURI>./Ext/Run</LocURI></Target></Item></Exec><Final/>`,
      });
      await play(bench, {
        client: octets(3, status(1, 2, 0, 'SyncHdr', 212) + status(2, 2, 2, 'Exec', 200)),
        post: { type: wbxmlType },
        server: `${status(1, 3, 0, 'SyncHdr', 212)}<Final/>`,
      });
      const { state, reason, commands } = await bench.readJob(id);
      assert.equal(state, 'completed', reason);
      assert.equal(commands[0]?.answer?.results?.[0]?.data, 'R1A');
    }));
}

test('DM 1.1 in XML with the DOCTYPE that its tools write', () =>
  withForeignClient({ device }, async (bench) => {
    const answer = await play(bench, {
      client: xml(1, alert(1, 1201) + devInfo(2, source)),
      post: { type: 'text/xml' },
      server:
        `${status(1, 1, 0, 'SyncHdr', 212)}${status(2, 1, 1, 'Alert', 200)}${status(3, 1, 2, 'Replace', 200)}` +
        '<Get><CmdID>4</CmdID><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get><Final/>',
    });
    assert.equal(answer.type, 'text/xml; charset=utf-8');
    assert.match(answer.xml, /<SyncML xmlns="SYNCML:SYNCML1\.1">/);
  }));
