// SonyEricsson's phones of the M600 family (DM 1.1, XML): no namespace, Size, Format and Type in the Meta of Results, not of the
// Item, and no Final in some packages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alert,
  clientName,
  clientSecret,
  cred,
  devInfo,
  message,
  serverName,
  serverSecret,
  status,
  withForeignClient,
} from '../../server/foreign-client.ts';
import { headerOf, play } from './recorded.ts';

const source = 'IMEI:493005100592800';
const device = {
  clientCredentials: { scheme: 'basic', name: clientName, secret: clientSecret },
  serverCredentials: { scheme: 'basic', name: serverName, secret: serverSecret },
} as const;
const phone = { sid: '14', source, verDtd: '1.1', verProto: 'DM/1.1' };
const xml = (msg: number, body: string, final: boolean): string =>
  message({ ...phone, msg, ...(msg === 1 && { cred: cred('basic') }) }, body, {
    prolog: '<?xml version="1.0"?>\n',
    namespace: '',
    final,
  });

const meta = (size: number): string =>
  `<Meta><Format>b64</Format><Type>image/jpeg</Type><Size>${size}</Size></Meta>`;
const piece = (cmdId: number, cmdRef: number, about: string, data: string, more: boolean): string =>
  `<Results><CmdID>${cmdId}</CmdID><MsgRef>1</MsgRef><CmdRef>${cmdRef}</CmdRef>${about}` +
  `<Item><Source><LocURI>./Ext/Photo</LocURI></Source><Data>${data}</Data>${more ? '<MoreData/>' : ''}</Item></Results>`;

const getPhoto = '<Get><CmdID>4</CmdID><Item><Target><LocURI>./Ext/Photo</LocURI></Target></Item></Get>';
const next = '<Alert><CmdID>3</CmdID><Data>1222</Data></Alert>';

test('M600: a large object whose Size, Format and Type stand in the Meta of its Results, and packages without Final', () =>
  withForeignClient({ device }, async (bench) => {
    const photo = Buffer.from(Array.from({ length: 30 }, (_, i) => i * 8));
    const text = photo.toString('base64');
    const id = await bench.job([{ command: 'get', uri: './Ext/Photo' }]);
    // Package #1 without Final: the phone is asked for the rest, and has none.
    const first = await play(bench, {
      client: xml(1, alert(1, 1201) + devInfo(2, source), false),
      server: `${status(1, 1, 0, 'SyncHdr', 212)}${status(2, 1, 1, 'Alert', 200)}${status(3, 1, 2, 'Replace', 200)}<Alert><CmdID>4</CmdID><Data>1222</Data></Alert>`,
    });
    assert.match(first.xml, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<SyncML xmlns="SYNCML:SYNCML1\.1">/);
    assert.match(
      headerOf(first.xml),
      /^<VerDTD>1\.1<\/VerDTD><VerProto>DM\/1\.1<\/VerProto><SessionID>14<\/SessionID>/,
    );
    await play(bench, {
      client: xml(2, status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Alert', 200), false),
      server: `${status(1, 2, 0, 'SyncHdr', 212)}${getPhoto.replace('<CmdID>4', '<CmdID>2')}<Final/>`,
    });
    const about = meta(text.length);
    const parts = [text.slice(0, 15), text.slice(15, 30), text.slice(30)];
    const head = status(1, 2, 0, 'SyncHdr', 200) + status(2, 2, 2, 'Get', 200);
    const pieceOf = (n: number, more: boolean): string =>
      piece(3, 2, about, parts[n] ?? '', more).replace('<MsgRef>1', '<MsgRef>2');
    await play(bench, {
      client: xml(3, head + pieceOf(0, true), false),
      server: `${status(1, 3, 0, 'SyncHdr', 212)}${status(2, 3, 3, 'Results', 213)}${next}`,
    });
    const goOn = (msg: number): string => status(1, msg, 0, 'SyncHdr', 200) + status(2, msg, 3, 'Alert', 200);
    await play(bench, {
      // Final in the middle of it, which is not its end.
      client: xml(4, goOn(3) + pieceOf(1, true), true),
      server: `${status(1, 4, 0, 'SyncHdr', 212)}${status(2, 4, 3, 'Results', 213)}${next}`,
    });
    await play(bench, {
      client: xml(5, goOn(4) + pieceOf(2, false), true),
      server: `${status(1, 5, 0, 'SyncHdr', 212)}<Final/>`,
    });
    const { state, reason, commands } = await bench.readJob(id);
    assert.equal(state, 'completed', reason);
    assert.deepEqual(commands[0]?.answer, {
      status: 200,
      results: [{ uri: './Ext/Photo', format: 'bin', type: 'image/jpeg', dataBase64: text }],
    });
  }));

test('M600: an object of which no piece has a Size is refused to its end, and the job says so', () =>
  withForeignClient({ device }, async (bench) => {
    const id = await bench.job([{ command: 'get', uri: './Ext/Photo' }]);
    await play(bench, {
      client: xml(1, alert(1, 1201) + devInfo(2, source), true),
      server: `${status(1, 1, 0, 'SyncHdr', 212)}${status(2, 1, 1, 'Alert', 200)}${status(3, 1, 2, 'Replace', 200)}${getPhoto}<Final/>`,
    });
    const about = '<Meta><Format>b64</Format></Meta>';
    await play(bench, {
      client: xml(
        2,
        status(1, 1, 0, 'SyncHdr', 212) + status(2, 1, 4, 'Get', 200) + piece(3, 4, about, 'AAEC', true),
        false,
      ),
      server: `${status(1, 2, 0, 'SyncHdr', 212)}${status(2, 2, 3, 'Results', 412)}${next}`,
    });
    await play(bench, {
      client: xml(
        3,
        status(1, 2, 0, 'SyncHdr', 212) + status(2, 2, 3, 'Alert', 200) + piece(3, 4, about, 'AwQF', false),
        true,
      ),
      server: `${status(1, 3, 0, 'SyncHdr', 212)}${status(2, 3, 3, 'Results', 412)}<Final/>`,
    });
    const { state, reason, commands } = await bench.readJob(id);
    assert.equal(state, 'failed');
    assert.equal(
      reason,
      'commands[0], get ./Ext/Photo: the value is refused: the first piece of an object came without its Size',
    );
    assert.equal(commands[0]?.answer?.results, undefined);
  }));
