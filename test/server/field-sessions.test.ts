// What deployed clients do in sessions, over HTTP against a whole server: messages put together by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredCredentials } from '../../src/store/index.ts';
import {
  type Answer,
  alert,
  chal,
  clientName,
  clientSecret,
  cred,
  devInfo,
  deviceId,
  digest,
  type ForeignBench,
  hmacHeader,
  message,
  nonceIn,
  packageOne,
  serverName,
  serverSecret,
  shown,
  status,
  withForeignClient,
} from './foreign-client.ts';

const schemes = ['basic', 'md5', 'hmac'] as const;
const zeros = new Uint8Array(4);

function held(scheme: StoredCredentials['scheme'], name: string, secret: string): StoredCredentials {
  return { scheme, name, secret, nonce: new Uint8Array([1, 2, 3]) };
}

const credentials = (client: StoredCredentials['scheme'], server: StoredCredentials['scheme']) => ({
  clientCredentials: held(client, clientName, clientSecret),
  serverCredentials: held(server, serverName, serverSecret),
});

/** Credentials of the server that an answer carries hold under that nonce. */
function assertServerProof(answer: Answer, scheme: (typeof schemes)[number], nonce: Uint8Array): void {
  if (scheme === 'hmac') {
    const mac = digest.hmac(serverName, serverSecret, nonce, answer.octets);
    assert.match(String(answer.headers['x-syncml-hmac']), new RegExp(`mac=${mac.replace(/[+/]/g, '\\$&')}`));
    return;
  }
  const wanted =
    scheme === 'basic' ? digest.basic(serverName, serverSecret) : digest.md5(serverName, serverSecret, nonce);
  assert.equal(/<Cred>.*?<Data>([^<]*)<\/Data>.*?<\/Cred>/.exec(answer.text)?.[1], wanted);
}

for (const own of schemes) {
  for (const wanted of schemes) {
    test(`over HTTP: challenged under ${own}, a client challenges the server under ${wanted}, and gets its commands at once`, () =>
      withForeignClient({ device: credentials(own, wanted) }, async ({ post, job, readJob, store }) => {
        const id = await job([{ command: 'get', uri: './A' }]);
        const first = await post(message({}, alert(1, 1201) + devInfo(2)));
        assert.equal(shown(first), '407:SyncHdr+Chal 407:Alert 407:Replace Final');
        const nonce = nonceIn(first);
        const type = { basic: 'syncml:auth-basic', md5: 'syncml:auth-md5', hmac: 'syncml:auth-MAC' }[wanted];
        const own401 = status(1, 1, 0, 'SyncHdr', 407, chal(type, 'AAAAAA=='));
        const second = message(
          { msg: 2, name: clientName, ...(own !== 'hmac' && { cred: cred(own, nonce) }) },
          own401 + alert(2, 1201) + devInfo(3),
        );
        const answer = await post(second, own === 'hmac' ? { headers: hmacHeader(second, nonce) } : {});
        const taken =
          own === 'hmac' ? '200:SyncHdr+Chal' : own === 'md5' ? '212:SyncHdr+Chal' : '212:SyncHdr';
        assert.equal(shown(answer), `${taken} 200:Alert 200:Replace Get(4)=./A Final`);
        assertServerProof(answer, wanted, zeros);
        assert.equal((await store.device(deviceId))?.reported['./DevInfo/Man'], 'Maker');
        const results =
          '<Results><CmdID>3</CmdID><MsgRef>2</MsgRef><CmdRef>4</CmdRef><Item><Source><LocURI>./A</LocURI></Source><Data>v</Data></Item></Results>';
        const third = message(
          { msg: 3, name: clientName },
          status(1, 2, 0, 'SyncHdr', 212) + status(2, 2, 4, 'Get', 200) + results,
        );
        const last = await post(third, own === 'hmac' ? { headers: hmacHeader(third, nonceIn(answer)) } : {});
        assert.match(shown(last), /^2\d\d:SyncHdr(\+Chal)? Final$/);
        const done = await readJob(id);
        assert.equal(done.state, 'completed', done.reason);
        assert.equal(done.commands[0]?.answer?.results?.[0]?.data, 'v');
      }));
  }
}

/** A session of a client with basic credentials, up to the answer that has its commands. */
async function begun({ post }: ForeignBench, fields = {}): Promise<Answer> {
  return await post(packageOne(fields));
}

const basic = { device: credentials('basic', 'basic') };
const results = (cmdRef: number, uri: string, inner: string, meta = ''): string =>
  `<Results><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef>${cmdRef}</CmdRef>${meta}<Item><Source><LocURI>${uri}</LocURI></Source>${inner}</Item></Results>`;
const metaOf = (...entries: readonly [string, string | number][]): string =>
  `<Meta>${entries.map(([name, text]) => `<${name} xmlns="syncml:metinf">${text}</${name}>`).join('')}</Meta>`;

test('over HTTP: a Status "0" to the message that challenged the client says nothing', () =>
  withForeignClient(basic, async ({ post, job }) => {
    await job([{ command: 'get', uri: './A' }]);
    await post(message({}, alert(1, 1201) + devInfo(2)));
    const answer = await post(
      message({ msg: 2, cred: cred('basic') }, status(1, 1, 0, 'SyncHdr', '0') + alert(2, 1201) + devInfo(3)),
    );
    assert.equal(shown(answer), '212:SyncHdr 200:Alert 200:Replace Get(4)=./A Final');
  }));

test('over HTTP: a Status that is none fails the command, and the reason quotes it', () =>
  withForeignClient(basic, async (bench) => {
    const id = await bench.job([{ command: 'get', uri: './A' }]);
    await begun(bench);
    await bench.post(message({ msg: 2 }, status(1, 1, 0, 'SyncHdr', 200) + status(2, 1, 4, 'Get', '0')));
    const { state, reason } = await bench.readJob(id);
    assert.deepEqual(
      [state, reason],
      ['failed', 'commands[0], get ./A: the device answered "0", which is no status'],
    );
  }));

test('over HTTP: Size, Format and Type in the Meta of Results make one value of its pieces', () =>
  withForeignClient(basic, async (bench) => {
    const id = await bench.job([{ command: 'get', uri: './Big' }]);
    await begun(bench);
    const meta = metaOf(['Size', 8], ['Format', 'b64'], ['Type', 'image/png']);
    const first = await bench.post(
      message(
        { msg: 2 },
        status(1, 1, 0, 'SyncHdr', 200) +
          status(2, 1, 4, 'Get', 200) +
          results(4, './Big', '<Data>AAEC</Data><MoreData/>', meta),
        { final: false },
      ),
    );
    assert.equal(shown(first), '212:SyncHdr 213:Results Alert:1222');
    const last = await bench.post(
      message(
        { msg: 3 },
        status(1, 2, 0, 'SyncHdr', 200) +
          status(2, 2, 3, 'Alert', 200) +
          results(4, './Big', '<Data>AwQF</Data>', meta),
      ),
    );
    assert.equal(shown(last), '212:SyncHdr Final');
    const { state, commands } = await bench.readJob(id);
    assert.equal(state, 'completed');
    assert.deepEqual(commands[0]?.answer?.results, [
      { uri: './Big', format: 'bin', type: 'image/png', dataBase64: 'AAECAwQF' },
    ]);
  }));

test('over HTTP: after a piece without Size the last piece is no value, and the job says why', () =>
  withForeignClient(basic, async (bench) => {
    const id = await bench.job([{ command: 'get', uri: './Big' }]);
    await begun(bench);
    const piece = results(4, './Big', '<Data>abc</Data><MoreData/>');
    const head = status(1, 1, 0, 'SyncHdr', 200) + status(2, 1, 4, 'Get', 200);
    assert.match(shown(await bench.post(message({ msg: 2 }, head + piece, { final: false }))), /412:Results/);
    const last = status(1, 2, 0, 'SyncHdr', 200) + status(2, 2, 3, 'Alert', 200);
    await bench.post(message({ msg: 3 }, last + results(4, './Big', '<Data>def</Data>')));
    const { state, reason, commands } = await bench.readJob(id);
    assert.equal(state, 'failed');
    assert.equal(
      reason,
      'commands[0], get ./Big: the value is refused: the first piece of an object came without its Size',
    );
    assert.equal(commands[0]?.answer?.results, undefined);
  }));

test('over HTTP: after a first piece whose Size cannot be read the last piece is no value, and the job says why', () =>
  withForeignClient(basic, async (bench) => {
    const id = await bench.job([{ command: 'get', uri: './Big' }]);
    await begun(bench);
    const piece = results(4, './Big', `${metaOf(['Size', 'ten'])}<Data>01234</Data><MoreData/>`);
    const head = status(1, 1, 0, 'SyncHdr', 200) + status(2, 1, 4, 'Get', 200);
    assert.match(shown(await bench.post(message({ msg: 2 }, head + piece, { final: false }))), /400:Results/);
    const last = status(1, 2, 0, 'SyncHdr', 200) + status(2, 2, 3, 'Alert', 200);
    const answer = await bench.post(message({ msg: 3 }, last + results(4, './Big', '<Data>56789</Data>')));
    assert.match(shown(answer), /400:Results/);
    const { state, reason, commands } = await bench.readJob(id);
    assert.equal(state, 'failed');
    assert.match(
      reason ?? '',
      /^commands\[0\], get \.\/Big: the value is refused: Results cannot be read: .*"ten" is not a decimal number/,
    );
    assert.equal(commands[0]?.answer?.results, undefined);
  }));

test('over HTTP: a Replace whose first piece is answered 200 is not reported as completed', () =>
  withForeignClient(basic, async (bench) => {
    const data = 'x'.repeat(6000);
    const id = await bench.job([{ command: 'replace', uri: './Big', data }]);
    const first = await begun(bench, { meta: '<MaxMsgSize xmlns="syncml:metinf">3000</MaxMsgSize>' });
    assert.equal(shown(first), '212:SyncHdr 200:Alert 200:Replace Replace(4)=./Big+more');
    const next = '<Alert><CmdID>3</CmdID><Data>1222</Data></Alert>';
    const answer = await bench.post(
      message({ msg: 2 }, status(1, 1, 0, 'SyncHdr', 200) + status(2, 1, 4, 'Replace', 200) + next, {
        final: false,
      }),
    );
    assert.doesNotMatch(shown(answer), /Replace/);
    await bench.post(message({ msg: 3 }, status(1, 2, 0, 'SyncHdr', 200)));
    const { state, reason } = await bench.readJob(id);
    assert.equal(state, 'failed');
    assert.equal(
      reason,
      'commands[0], replace ./Big: the device took a piece of the object for the whole: it answered 200 instead of 213',
    );
  }));

test('over HTTP: a Replace whose first piece is answered 214 has failed with that status', () =>
  withForeignClient(basic, async (bench) => {
    const id = await bench.job([{ command: 'replace', uri: './Big', data: 'x'.repeat(6000) }]);
    await begun(bench, { meta: '<MaxMsgSize xmlns="syncml:metinf">3000</MaxMsgSize>' });
    const said = status(1, 1, 0, 'SyncHdr', 200) + status(2, 1, 4, 'Replace', 214);
    const answer = await bench.post(message({ msg: 2 }, said));
    assert.doesNotMatch(shown(answer), /Replace/);
    const { state, reason } = await bench.readJob(id);
    assert.deepEqual([state, reason], ['failed', 'commands[0], replace ./Big: status 214']);
  }));

test('over HTTP: a Get answered 200 without Results is no success with no value', () =>
  withForeignClient(basic, async (bench) => {
    const id = await bench.job([{ command: 'get', uri: './A' }]);
    await begun(bench);
    await bench.post(message({ msg: 2 }, status(1, 1, 0, 'SyncHdr', 200) + status(2, 1, 4, 'Get', 200)));
    const { state, reason } = await bench.readJob(id);
    assert.deepEqual([state, reason], ['failed', 'commands[0], get ./A: status 200 without Results']);
  }));

test('over HTTP: an Atomic without a Status of its own went as what is inside it', () =>
  withForeignClient(basic, async (bench) => {
    const inside = [
      { command: 'replace', uri: './A', data: '1' },
      { command: 'replace', uri: './B', data: '2' },
    ];
    for (const [sid, second, wanted] of [
      ['7001', 200, 'completed'],
      ['7002', 404, 'failed'],
    ] as const) {
      const id = await bench.job([{ command: 'atomic', commands: inside }]);
      bench.startAnew();
      await begun(bench, { sid });
      await bench.post(
        message(
          { sid, msg: 2 },
          status(1, 1, 0, 'SyncHdr', 200) +
            status(2, 1, 5, 'Replace', 200) +
            status(3, 1, 6, 'Replace', second),
        ),
      );
      const { state, reason } = await bench.readJob(id);
      assert.equal(state, wanted, reason);
    }
  }));

test('over HTTP: a DM 1.1 client is answered in the version that it speaks', () =>
  withForeignClient(basic, async ({ post, job, readJob }) => {
    const id = await job([{ command: 'get', uri: './A' }]);
    const version = { verDtd: '1.1', verProto: 'DM/1.1' };
    const namespace = 'SYNCML:SYNCML1.1';
    const first = await post(
      message({ ...version, cred: cred('basic') }, alert(1, 1201) + devInfo(2), { namespace }),
    );
    assert.equal(shown(first), '212:SyncHdr 200:Alert 200:Replace Get(4)=./A Final');
    assert.match(
      first.text,
      /<SyncML xmlns="SYNCML:SYNCML1\.1"><SyncHdr><VerDTD>1\.1<\/VerDTD><VerProto>DM\/1\.1<\/VerProto>/,
    );
    assert.doesNotMatch(first.text, /SYNCML1\.2/);
    const said = status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Get', 200);
    const second = message({ ...version, msg: 2 }, said + results(4, './A', '<Data>v</Data>'), { namespace });
    assert.equal(shown(await post(second)), '212:SyncHdr Final');
    assert.equal((await readJob(id)).state, 'completed');
  }));

for (const [version, wanted] of [
  [{ verProto: 'DM/9.9' }, 513],
  [{ verProto: 'SyncML/1.2' }, 513],
  [{ verDtd: '9.9' }, 505],
] as const) {
  test(`over HTTP: ${JSON.stringify(version)} is refused with ${wanted}`, () =>
    withForeignClient(basic, async ({ post, store }) => {
      const answer = await post(packageOne(version));
      assert.equal(shown(answer), `${wanted}:SyncHdr ${wanted}:Alert ${wanted}:Replace Final`);
      assert.deepEqual((await store.device(deviceId))?.reported, {});
    }));
}

for (const [type, wanted] of [
  ['application/vnd.syncml+xml', 'application/vnd.syncml+xml; charset=utf-8'],
  ['Application/Vnd.SyncML.DM+XML; charset="UTF-8"', 'application/vnd.syncml.dm+xml; charset=utf-8'],
  ['text/xml', 'text/xml; charset=utf-8'],
  ['TEXT/XML; charset=utf-8', 'text/xml; charset=utf-8'],
  [null, 'application/vnd.syncml.dm+xml; charset=utf-8'],
  ['application/vnd.syncml+wbxml', 'application/vnd.syncml.dm+xml; charset=utf-8'],
] as const) {
  test(`over HTTP: Content-Type ${type} is taken, the body shows its form, and the answer has the type that came`, () =>
    withForeignClient(basic, async ({ post }) => {
      // Refused and believed alike.
      const stranger = await post(message({}, alert(1, 1201) + devInfo(2)), { type });
      assert.equal(shown(stranger), '407:SyncHdr+Chal 407:Alert 407:Replace Final');
      assert.equal(stranger.type, wanted);
      const answer = await post(packageOne({ msg: 2 }), { type });
      assert.match(shown(answer), /^212:SyncHdr 200:Alert 200:Replace/);
      assert.equal(answer.type, wanted);
    }));
}

test('over HTTP: what clients write around their XML does no harm', async () => {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  const doctype = '<!DOCTYPE SyncML PUBLIC "-//SYNCML//DTD SyncML 1.2//EN" "http://127.0.0.1:1/none.dtd">';
  await withForeignClient(basic, async ({ post, startAnew }) => {
    for (const [index, [before, after]] of [
      ['\r\n  ', ''],
      ['\ufeff', ''],
      ['', '\0'],
      ['', '\n\0'],
    ].entries()) {
      for (const prolog of [declaration, `${declaration}${doctype}`, doctype, '']) {
        startAnew();
        const sid = `${index}${prolog.length}`.padStart(4, '7');
        const body = message({ sid, cred: cred('basic') }, alert(1, 1201) + devInfo(2), { prolog });
        const answer = await post(`${before}${body}${after}`);
        assert.match(
          shown(answer),
          /^212:SyncHdr 200:Alert 200:Replace/,
          JSON.stringify([before, prolog, after]),
        );
      }
    }
    startAnew();
    const prolog = `${declaration}<!DOCTYPE SyncML [<!ENTITY lol "x">]>`;
    const refused = await post(message({ cred: cred('basic') }, alert(1, 1201), { prolog }));
    assert.equal(refused.status, 400);
    assert.match(refused.text, /internal DTD subset.*entity "lol"/);
  });
});

test('over HTTP: a DM message of a type that is none is 415', () =>
  withForeignClient(basic, async ({ post }) => {
    assert.equal((await post(packageOne(), { type: 'application/json' })).status, 415);
    assert.equal((await post('hello', { type: null })).status, 415);
  }));

for (const sid of ['0', '10000', '1382345678', '5F3A91C2', 'a1', '{12D7-88}', '\u00e9']) {
  test(`over HTTP: SessionID ${sid} of a session that the client begins is any text`, () =>
    withForeignClient(basic, async ({ post, job, readJob }) => {
      const id = await job([{ command: 'get', uri: './A' }]);
      const first = await post(packageOne({ sid }));
      assert.equal(shown(first), '212:SyncHdr 200:Alert 200:Replace Get(4)=./A Final');
      assert.ok(first.text.includes(`<SessionID>${sid}</SessionID>`));
      const said = status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Get', 200);
      const last = await post(message({ sid, msg: 2 }, said + results(4, './A', '<Data>v</Data>')));
      assert.equal(shown(last), '212:SyncHdr Final');
      const { state, sessionId } = await readJob(id);
      assert.equal(state, 'completed');
      const number = { '10000': 10_000, a1: 0xa1 }[sid];
      assert.equal(sessionId, number, 'a number where it can be read as one');
    }));
}

test('over HTTP: a session of the client’s own is not the notification of the same digits', () =>
  withForeignClient(basic, async ({ post, push, reaches, store, notification, startAnew }) => {
    const id = await push();
    await reaches(id, 'sent');
    const sid = '1';
    assert.equal((await notification(id)).sessionId, 1);
    const own = await post(packageOne({ sid }));
    assert.match(shown(own), /^212:SyncHdr 200:Alert 200:Replace/);
    assert.equal((await store.push(id))?.state, 'sent');
    startAnew();
    const woken = await post(message({ sid, cred: cred('basic') }, alert(1, 1200) + devInfo(2)));
    assert.match(shown(woken), /^212:SyncHdr 200:Alert 200:Replace/);
    assert.equal((await store.push(id))?.state, 'answered');
  }));

test('over HTTP: Alert 1226 without a Correlator is the report of the one Exec that its Source names', () =>
  withForeignClient(basic, async (bench) => {
    const uri = './Vendor/MSFT/Install/Package%20A';
    const id = await bench.job([{ command: 'exec', uri, correlator: 'install-1' }]);
    await begun(bench);
    await bench.post(message({ msg: 2 }, status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Exec', 202)));
    assert.equal((await bench.readJob(id)).state, 'running');
    const report = (source: string, data: string): string =>
      `<Alert><CmdID>3</CmdID><Data>1226</Data><Item><Source><LocURI>${source}</LocURI></Source>` +
      `${metaOf(['Type', 'com.microsoft:mdm.install'], ['Format', 'int'], ['Mark', 'informational'])}<Data>${data}</Data></Item></Alert>`;
    for (const [sid, source, state] of [
      ['7002', './Vendor/MSFT/Other', 'running'],
      ['7003', './Vendor/MSFT/Install/Package A', 'completed'],
    ] as const) {
      bench.startAnew();
      const body = alert(1, 1201) + devInfo(2) + report(source, '200');
      const answer = await bench.post(message({ sid, cred: cred('basic') }, body));
      assert.match(shown(answer), /^212:SyncHdr 200:Alert 200:Replace 200:Alert/);
      assert.equal((await bench.readJob(id)).state, state);
    }
    assert.equal((await bench.readJob(id)).commands[0]?.answer?.report?.data, '200');
  }));

test('over HTTP: of several Execs that wait, an Alert 1226 without or with an empty Correlator is about the one with its very Source', () =>
  withForeignClient(basic, async (bench) => {
    const uris = ['./Vendor/Install', './Vendor/Install/A', './Vendor/Install/A/Run'];
    const ids: string[] = [];
    const exec = (uri: string) => ({ command: 'exec', uri, correlator: `c ${uri}` });
    for (const [index, uri] of uris.entries()) {
      // The last one inside a group, with a node below it.
      const group = { command: 'sequence', commands: [exec(uri), exec(`${uri}/Now`)] };
      ids.push(await bench.job([index === 2 ? group : exec(uri)]));
      const sid = `${7100 + index}`;
      bench.startAnew();
      await begun(bench, { sid });
      const said =
        index === 2
          ? status(2, 1, 4, 'Sequence', 200) + status(3, 1, 5, 'Exec', 202) + status(4, 1, 6, 'Exec', 202)
          : status(2, 1, 4, 'Exec', 202);
      await bench.post(message({ sid, msg: 2 }, status(1, 1, 0, 'SyncHdr', 212) + said));
    }
    const report = async (sid: string, source: string, correlator: string): Promise<void> => {
      bench.startAnew();
      const told =
        `<Alert><CmdID>3</CmdID><Data>1226</Data>${correlator}<Item><Source><LocURI>${source}</LocURI></Source>` +
        `${metaOf(['Type', 'com.microsoft:mdm.install'], ['Format', 'int'])}<Data>200</Data></Item></Alert>`;
      await bench.post(message({ sid, cred: cred('basic') }, alert(1, 1201) + devInfo(2) + told));
    };
    const states = async () => await Promise.all(ids.map(async (id) => (await bench.readJob(id)).state));
    await report('7201', './Vendor/Install/A/B', '');
    assert.deepEqual(await states(), ['running', 'running', 'running'], 'two of them are above it');
    await report('7202', './Vendor/Install/A', '<Correlator/>');
    assert.deepEqual(await states(), ['running', 'completed', 'running']);
    await report('7203', './Vendor/Install/A/Run', '<Correlator></Correlator>');
    await report('7204', './Vendor/Install/A/Run/Now', '');
    assert.deepEqual(await states(), ['running', 'completed', 'completed']);
    await report('7205', './Vendor', '<Correlator> </Correlator>');
    assert.deepEqual(await states(), ['completed', 'completed', 'completed'], 'it is the only one left');
  }));

test('over HTTP: every value goes out with Format and Type, and nothing else does', () =>
  withForeignClient(basic, async (bench) => {
    const value = (uri: string, more: object) => ({ command: 'replace', uri, ...more });
    const octets = { dataBase64: 'AAEC' };
    for (const [index, [command, wanted]] of [
      [value('./A', { data: 'x' }), 'chr text/plain'],
      [value('./A', { data: '7', format: 'int' }), 'int text/plain'],
      [value('./A', { data: 'x', type: 'text/x-y' }), 'chr text/x-y'],
      [value('./A', { data: '<a/>', format: 'xml' }), 'xml text/xml'],
      [value('./A', { data: 'AAEC', format: 'b64' }), 'b64 application/octet-stream'],
      // XML has no binary.
      [value('./A', octets), 'b64 application/octet-stream'],
      [value('./A', { ...octets, type: 'image/png' }), 'b64 image/png'],
      [{ command: 'exec', uri: './A', data: 'x' }, 'chr text/plain'],
      [{ command: 'exec', uri: './A' }, ''],
      [{ command: 'add', uri: './A', format: 'node' }, 'node'],
      [{ command: 'add', uri: './A', format: 'null' }, 'null'],
      [value('./A?prop=ACL', { data: 'Get=*' }), ''],
      [{ command: 'get', uri: './A' }, ''],
      [{ command: 'atomic', commands: [value('./A', { data: 'x' })] }, 'chr text/plain'],
    ].entries()) {
      const id = await bench.job([command as object]);
      const sid = String(index + 1);
      bench.startAnew();
      const { text } = await begun(bench, { sid });
      const meta = /<Item>.*?<Meta>(.*?)<\/Meta>/s.exec(text.slice(text.indexOf('<SyncBody>')))?.[1] ?? '';
      const said = [...meta.matchAll(/<(Format|Type) xmlns="syncml:metinf">([^<]+)</g)].map(
        ([, , each]) => each,
      );
      assert.equal(said.join(' '), wanted, JSON.stringify(command));
      await bench.server.jobs.cancel(id);
    }
  }));

test('over HTTP: swapped octets of a SessionID are read as such only where nothing has the digits as they stand', () =>
  withForeignClient({ device: { ...basic.device, firstSessionId: 0x1233 } }, async (bench) => {
    const earlier = await bench.push();
    await bench.store.change([{ id: earlier, change: { event: 'cancelled' } }]);
    const id = await bench.push();
    await bench.reaches(id, 'sent');
    const session = async (sid: string, code: number): Promise<string | undefined> => {
      bench.startAnew();
      const answer = await bench.post(message({ sid, cred: cred('basic') }, alert(1, code) + devInfo(2)));
      assert.match(shown(answer), /^212:SyncHdr 200:Alert 200:Replace/);
      return (await bench.store.push(id))?.state;
    };
    assert.equal(await session('3412', 1201), 'sent', 'not in a session that the client begins');
    assert.equal(await session('1233', 1200), 'sent', 'the notification of these digits is over');
    assert.equal(await session('3512', 1200), 'sent', 'of no notification');
    assert.equal(await session('3412', 1200), 'answered');
  }));

test('over HTTP: what was tolerated is in the log, with the device', async () => {
  const lines: string[] = [];
  const keep = (fields: object, text: string): void => void lines.push(`${text} ${JSON.stringify(fields)}`);
  const logger = { debug: keep, info: keep, warn: keep, error: keep };
  await withForeignClient({ ...basic, server: { logger } }, async ({ post }) => {
    await post(`\n${packageOne({ sid: '0' })}`, { type: 'text/xml' });
    for (const what of [
      'a Content-Type that is not that of DM messages',
      'white space before the document',
    ]) {
      const line = `DM session ${JSON.stringify({ device: deviceId, session: '0', note: `tolerated: ${what}` })}`;
      assert.ok(lines.includes(line), lines.join('\n'));
    }
  });
});
