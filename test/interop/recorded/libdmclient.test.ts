// Intel's libdmclient: the media types of data synchronisation, Status "0" for the SyncHdr of the message that challenged it,
// no Status for an Atomic itself, and 200 for each piece of a large object, of which it keeps the last.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alert,
  clientName,
  clientSecret,
  cred,
  devInfo,
  message,
  nonceIn,
  serverName,
  serverSecret,
  status,
  withForeignClient,
} from '../../server/foreign-client.ts';
import { play, toWbxml } from './recorded.ts';

const source = 'IMEI:493005100592800';
const device = {
  clientCredentials: { scheme: 'md5', name: clientName, secret: clientSecret, nonce: new Uint8Array([1]) },
  serverCredentials: { scheme: 'basic', name: serverName, secret: serverSecret },
} as const;
const type = 'application/vnd.syncml+wbxml';
const fresh =
  '<Chal><Meta><Format>b64</Format><Type>syncml:auth-md5</Type><NextNonce>…</NextNonce></Meta></Chal>';
const maxMsgSize = '<MaxMsgSize xmlns="syncml:metinf">1500</MaxMsgSize>';
const wbxml = (msg: number, body: string, more: object = {}, final = true): Uint8Array =>
  toWbxml(message({ sid: '3C', msg, source, name: clientName, meta: maxMsgSize, ...more }, body, { final }));

/** Challenged without credentials, then let in: its second message says "0" to the first of the server. */
async function begin(
  bench: Parameters<Parameters<typeof withForeignClient>[1]>[0],
  commands: string,
): Promise<void> {
  const refused = await play(bench, {
    client: wbxml(1, alert(1, 1201) + devInfo(2, source)),
    post: { type },
    server: `${status(1, 1, 0, 'SyncHdr', 407, fresh)}${status(2, 1, 1, 'Alert', 407)}${status(3, 1, 2, 'Replace', 407)}<Final/>`,
  });
  assert.equal(refused.type, type, 'the answer has the type that came');
  await play(bench, {
    client: wbxml(2, status(1, 1, 0, 'SyncHdr', 0) + alert(2, 1201) + devInfo(3, source), {
      cred: cred('md5', nonceIn(refused)),
    }),
    post: { type },
    server: `${status(1, 2, 0, 'SyncHdr', 212, fresh)}${status(2, 2, 2, 'Alert', 200)}${status(3, 2, 3, 'Replace', 200)}${commands}`,
  });
}

test('libdmclient: Status "0" after a challenge, an Atomic without a Status of its own, in its media type', () =>
  withForeignClient({ device }, async (bench) => {
    const id = await bench.job([
      {
        command: 'atomic',
        commands: [
          { command: 'replace', uri: './A', data: '1' },
          { command: 'delete', uri: './B' },
        ],
      },
    ]);
    await begin(
      bench,
      '<Atomic><CmdID>4</CmdID><Replace><CmdID>5</CmdID><Item><Target><LocURI>./A</LocURI></Target><Meta><Format>chr</Format><Type>text/plain</Type></Meta>' +
        '<Data>1</Data></Item></Replace><Delete><CmdID>6</CmdID><Item><Target><LocURI>./B</LocURI></Target></Item></Delete></Atomic><Final/>',
    );
    await play(bench, {
      client: wbxml(
        3,
        status(1, 2, 0, 'SyncHdr', 212) + status(2, 2, 5, 'Replace', 200) + status(3, 2, 6, 'Delete', 200),
      ),
      post: { type },
      server: `${status(1, 3, 0, 'SyncHdr', 212)}<Final/>`,
    });
    const { state, reason, commands } = await bench.readJob(id);
    assert.equal(state, 'completed', reason);
    assert.deepEqual(commands[0]?.answer, { commands: [{ status: 200 }, { status: 200 }] });
  }));

test('libdmclient: each piece of a large object answered 200: no further one goes out, and the job has failed', () =>
  withForeignClient({ device }, async (bench) => {
    const data = 'x'.repeat(4000);
    const id = await bench.job([{ command: 'replace', uri: './Big', data }]);
    const first = await bench.post(
      wbxml(1, alert(1, 1201) + devInfo(2, source), { cred: cred('md5', new Uint8Array([1])) }),
      {
        type,
      },
    );
    assert.equal(first.type, type);
    assert.ok(first.octets.length <= 1500);
    const after = await play(bench, {
      client: wbxml(
        2,
        `${status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Replace', 200)}<Alert><CmdID>3</CmdID><Data>1222</Data></Alert>`,
        {},
        false,
      ),
      post: { type },
      server: `${status(1, 2, 0, 'SyncHdr', 212)}${status(2, 2, 3, 'Alert', 200)}<Alert><CmdID>3</CmdID><Data>1222</Data></Alert>`,
    });
    assert.doesNotMatch(after.xml, /xxx/);
    await play(bench, {
      client: wbxml(3, status(1, 2, 0, 'SyncHdr', 212) + status(2, 2, 3, 'Alert', 200)),
      post: { type },
      server: `${status(1, 3, 0, 'SyncHdr', 212)}<Final/>`,
    });
    const { state, reason } = await bench.readJob(id);
    assert.equal(state, 'failed');
    assert.match(reason ?? '', /took a piece of the object for the whole: it answered 200 instead of 213$/);
  }));

for (const family of [undefined, 'libdmclient']) {
  test(`libdmclient: the two octets of the Session-ID swapped, and still it answers its notification (family ${family ?? 'not said'})`, () =>
    withForeignClient(
      { device: { ...device, firstSessionId: 0x1234, ...(family !== undefined && { family }) } },
      async (bench) => {
        const id = await bench.push();
        await bench.reaches(id, 'sent');
        assert.equal((await bench.notification(id)).sessionId, 0x1234);
        const swapped = { sid: '3412', cred: cred('md5', new Uint8Array([1])) };
        const get =
          '<Get><CmdID>4</CmdID><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get><Final/>';
        await play(bench, {
          client: wbxml(1, alert(1, 1200) + devInfo(2, source), swapped),
          post: { type },
          server: `${status(1, 1, 0, 'SyncHdr', 212, fresh)}${status(2, 1, 1, 'Alert', 200)}${status(3, 1, 2, 'Replace', 200)}${get}`,
        });
        await bench.reaches(id, 'answered');
        const said = status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Get', 404);
        await play(bench, {
          client: wbxml(2, said, { sid: '3412' }),
          post: { type },
          server: `${status(1, 2, 0, 'SyncHdr', 212)}<Final/>`,
        });
        await bench.reaches(id, 'completed');
      },
    ));
}
