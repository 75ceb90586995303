// The AOSP DM engine (Nexus and Sprint phones): challenged, it gives good credentials together with a challenge of its own,
// and ends at a package that has Final and no command. NextNonce is the default one, and each message brings a new Chal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alert,
  chal,
  clientName,
  clientSecret,
  cred,
  devInfo,
  digest,
  hmacHeader,
  message,
  nonceIn,
  serverName,
  serverSecret,
  status,
  withForeignClient,
} from '../../server/foreign-client.ts';
import { headerOf, play, toWbxml, wbxmlType, withToolkitHeader } from './recorded.ts';

const source = 'IMEI:493005100592800';
const meta =
  '<MaxMsgSize xmlns="syncml:metinf">16384</MaxMsgSize><MaxObjSize xmlns="syncml:metinf">1048576</MaxObjSize>';
const zeros = new Uint8Array(4);
const octets = (xml: string): Uint8Array => withToolkitHeader(toWbxml(xml));

for (const scheme of ['md5', 'hmac'] as const) {
  const type = scheme === 'md5' ? 'syncml:auth-md5' : 'syncml:auth-MAC';
  const taken = scheme === 'md5' ? 212 : 200;
  const device = {
    clientCredentials: { scheme, name: clientName, secret: clientSecret, nonce: new Uint8Array([1, 2, 3]) },
    serverCredentials: { scheme, name: serverName, secret: serverSecret, nonce: new Uint8Array([4, 5, 6]) },
  };
  /** What every answer to HMAC brings, and to MD5 the first. */
  const fresh = `<Chal><Meta><Format>b64</Format><Type>${type}</Type><NextNonce>…</NextNonce></Meta></Chal>`;
  const later = scheme === 'hmac' ? fresh : '';
  const challenge = chal(type, 'AAAAAA==');

  /** A message, and how it is posted. */
  function sent(msg: number, body: string, nonce: Uint8Array, withCred: boolean) {
    const given = withCred && scheme === 'md5' ? { cred: cred('md5', nonce), meta } : {};
    const client = octets(message({ sid: '2A', msg, source, name: clientName, ...given }, body));
    const headers = scheme === 'hmac' ? { headers: hmacHeader(client, nonce) } : {};
    return { client, post: { type: wbxmlType, ...headers } };
  }

  test(`AOSP, ${scheme}: a session that the phone begins, both ends out of step`, () =>
    withForeignClient({ device }, async (bench) => {
      const id = await bench.job([
        { command: 'get', uri: './DevDetail/SwV' },
        { command: 'replace', uri: './DMAcc/Op/Name', data: 'Operator' },
      ]);
      // What it holds is not what the server does.
      const stale = new Uint8Array([9, 9, 9, 9]);
      const refused = await play(bench, {
        ...sent(1, alert(1, 1201) + devInfo(2, source), stale, true),
        server: `${status(1, 1, 0, 'SyncHdr', 401, fresh)}${status(2, 1, 1, 'Alert', 401)}${status(3, 1, 2, 'Replace', 401)}<Final/>`,
      });
      const nonce = nonceIn(refused);
      assert.equal(nonce.length, 16);

      const again = status(1, 1, 0, 'SyncHdr', 407, challenge) + alert(2, 1201) + devInfo(3, source);
      const get = await play(bench, {
        ...sent(2, again, nonce, true),
        server:
          `${status(1, 2, 0, 'SyncHdr', taken, fresh)}${status(2, 2, 2, 'Alert', 200)}${status(3, 2, 3, 'Replace', 200)}` +
          '<Get><CmdID>4</CmdID><Item><Target><LocURI>./DevDetail/SwV</LocURI></Target></Item></Get><Final/>',
      });
      assert.equal(get.type, wbxmlType);
      // The server's credentials hold under the nonce of the phone's challenge.
      if (scheme === 'md5') {
        assert.ok(headerOf(get.xml).includes(`<Data>${digest.md5(serverName, serverSecret, zeros)}</Data>`));
      } else {
        const mac = digest.hmac(serverName, serverSecret, zeros, get.octets);
        assert.equal(get.headers['x-syncml-hmac'], `algorithm=MD5, username="${serverName}", mac=${mac}`);
      }

      const results =
        '<Results><CmdID>3</CmdID><MsgRef>2</MsgRef><CmdRef>4</CmdRef><Item><Source><LocURI>./DevDetail/SwV</LocURI></Source><Data>1.0</Data></Item></Results>';
      const said = status(1, 2, 0, 'SyncHdr', taken, challenge) + status(2, 2, 4, 'Get', 200) + results;
      const replace = await play(bench, {
        ...sent(3, said, nonceIn(get), false),
        server:
          `${status(1, 3, 0, 'SyncHdr', taken, later)}<Replace><CmdID>2</CmdID><Item><Target><LocURI>./DMAcc/Op/Name</LocURI></Target>` +
          '<Meta><Format>chr</Format><Type>text/plain</Type></Meta><Data>Operator</Data></Item></Replace><Final/>',
      });
      if (scheme === 'hmac') {
        const mac = digest.hmac(serverName, serverSecret, zeros, replace.octets);
        assert.ok(String(replace.headers['x-syncml-hmac']).endsWith(`mac=${mac}`), 'each message is signed');
      }

      const done = status(1, 3, 0, 'SyncHdr', taken, challenge) + status(2, 3, 2, 'Replace', 200);
      await play(bench, {
        ...sent(4, done, nonceIn(replace), false),
        server: `${status(1, 4, 0, 'SyncHdr', taken, later)}<Final/>`,
      });
      const job = await bench.readJob(id);
      assert.equal(job.state, 'completed', job.reason);
      assert.equal(job.commands[0]?.answer?.results?.[0]?.data, '1.0');
      const record = await bench.store.device(source);
      assert.equal(record?.reported['./DevInfo/Man'], 'Maker');
      // The nonce that the phone gave, for the next session and for notifications.
      assert.deepEqual(record?.serverCredentials.nonce, zeros);
    }));
}
