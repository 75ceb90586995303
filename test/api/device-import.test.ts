// Devices by the thousand over a real connection: every mode, what is wrong with lines, and the same result when it is done again.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import type { DeviceRecord, Store } from '../../src/store/index.ts';
import { sampleAccount } from '../../src/testing/index.ts';
import { linesOf, ndjson, postBatch, withPort } from './batch-client.ts';

const { serverId } = sampleAccount;
const csvType = { 'content-type': 'text/csv; charset=utf-8' };
const path = '/v1/devices/import';

function device(id: string, changes: object = {}): object {
  return {
    id,
    serverId,
    addresses: ['wap:127.0.0.1'],
    serverCredentials: { secret: 'IyZh2DkWlqhgxMtKWfSJUQ' },
    clientCredentials: { name: 'me', secret: 'WlqhgxMtKWfSJUQIyZh2Dk' },
    ...changes,
  };
}

interface Told {
  readonly line?: number;
  readonly id?: string;
  readonly status?: number;
  readonly code?: string;
  readonly path?: string;
  readonly detail?: string;
  readonly progress?: { readonly lines: number; readonly octets: number };
  readonly summary?: Readonly<Record<string, unknown>>;
}

async function imported(
  port: number,
  body: string | Uint8Array,
  query = '',
  headers: Readonly<Record<string, string>> = { 'content-type': ndjson },
) {
  const answer = await postBatch(port, `${path}${query}`, body, headers);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.type, ndjson);
  const told = answer.lines as readonly Told[];
  const { perSecond, ...summary } = told.at(-1)?.summary ?? {};
  assert.equal(typeof perSecond, 'number');
  return {
    summary,
    refused: told.filter(({ code }) => code !== undefined),
    progress: told.flatMap(({ progress }) => progress ?? []),
  };
}

const counts = (changes: object) => ({
  lines: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  rejected: 0,
  mode: 'create',
  dryRun: false,
  complete: true,
  ...changes,
});

async function stored(store: Store): Promise<readonly DeviceRecord[]> {
  return (await store.listDevices({ limit: 1000 })).items;
}

test('create: new devices are made, those that are there with the same are unchanged, others are refused', () =>
  withPort(async (port, { store }) => {
    const lines = [
      device('A', { labels: { region: 'north' } }),
      device('B', { suspended: true }),
      device('C'),
    ];
    const before = (await stored(store)).length;
    const dry = await imported(port, linesOf(lines), '?dryRun=true');
    assert.deepEqual(dry.summary, counts({ lines: 3, created: 3, dryRun: true }));
    assert.equal((await stored(store)).length, before);
    assert.deepEqual((await imported(port, linesOf(lines))).summary, counts({ lines: 3, created: 3 }));
    const made = await stored(store);
    assert.deepEqual(made.find(({ id }) => id === 'A')?.labels, { region: 'north' });
    assert.ok(made.find(({ id }) => id === 'B')?.suspendedAt);
    assert.deepEqual((await imported(port, linesOf(lines))).summary, counts({ lines: 3, unchanged: 3 }));
    assert.deepEqual(await stored(store), made);
    const other = await imported(
      port,
      linesOf([device('A', { family: 'samsung' }), device('D'), device('D')]),
    );
    assert.deepEqual(other.summary, counts({ lines: 3, created: 1, unchanged: 1, rejected: 1 }));
    assert.deepEqual(other.refused, [
      {
        line: 1,
        id: 'A',
        status: 409,
        title: 'Conflict',
        code: 'ALREADY_EXISTS',
        detail: 'device A exists already, and is another',
      },
    ]);
  }));

test('update: what is named is changed, also twice in one file; what is not there is refused', () =>
  withPort(async (port, { store }) => {
    await imported(port, linesOf([device('A', { labels: { a: '1', b: '2' } }), device('B')]));
    const { summary, refused } = await imported(
      port,
      linesOf([
        { id: 'A', serverId, labels: { a: null, c: '3' }, suspended: true },
        { id: 'A', labels: { c: '4' } },
        { id: 'B', serverCredentials: { secret: 'IyZh2DkWlqhgxMtKWfSJUQ' } },
        { id: 'C', family: 'samsung' },
        { id: 'B', serverId: 'other' },
      ]),
      '?mode=update',
    );
    assert.deepEqual(summary, counts({ lines: 5, changed: 2, unchanged: 1, rejected: 2, mode: 'update' }));
    assert.deepEqual(
      refused.map(({ line, id, code, path: field }) => [line, id, code, field]),
      [
        [4, 'C', 'UNKNOWN_DEVICE', undefined],
        [5, 'B', 'OUT_OF_RANGE', 'serverId'],
      ],
    );
    const found = await store.device('A');
    assert.deepEqual(found?.labels, { b: '2', c: '4' });
    assert.ok(found?.suspendedAt);
  }));

test('upsert: what is not there is made, what is there is changed, in the order of the lines', () =>
  withPort(async (port, { store }) => {
    await imported(port, linesOf([device('A')]));
    const lines = linesOf([
      device('A', { labels: { a: '1' } }),
      device('B', { labels: { a: '1' } }),
      { id: 'B', labels: { a: '2' } },
      { id: 'C', labels: { a: '2' } },
    ]);
    const { summary, refused } = await imported(port, lines, '?mode=upsert');
    assert.deepEqual(summary, counts({ lines: 4, created: 1, changed: 2, rejected: 1, mode: 'upsert' }));
    assert.deepEqual(
      refused.map(({ line, code, path: field }) => [line, code, field]),
      [[4, 'MISSING', 'serverId']],
    );
    assert.deepEqual((await store.device('B'))?.labels, { a: '2' });
  }));

test('a nonce that a session has left stays when the same credentials come again', () =>
  withPort(async (port, { store }) => {
    await imported(port, linesOf([device('A')]));
    const nonce = new Uint8Array([1, 2, 3]);
    await store.recordSession({ deviceId: 'A', serverNonce: nonce, clientNonce: nonce, changes: [] });
    for (const mode of ['create', 'update', 'upsert']) {
      const { summary } = await imported(port, linesOf([device('A')]), `?mode=${mode}`);
      assert.deepEqual(summary, counts({ lines: 1, unchanged: 1, mode }));
    }
    const kept = await store.device('A');
    assert.deepEqual([kept?.serverCredentials.nonce, kept?.clientCredentials?.nonce], [nonce, nonce]);
  }));

test('each line that is refused is told with its number, field and reason, and none else is held up', () =>
  withPort(async (port, { store }) => {
    const bad = [
      '{"id":"x"',
      'null',
      JSON.stringify(device('A', { addresses: [] })),
      JSON.stringify(device('B', { serverCredentials: {} })),
      JSON.stringify(device('C', { labels: { 'a b': '1' } })),
      JSON.stringify(device('D', { labels: { a: '' } })),
      JSON.stringify(device('E', { labels: { a: 1 } })),
      JSON.stringify(device('F', { serverId: 'nobody' })),
      JSON.stringify(device('G', { colour: 'red' })),
      JSON.stringify(device('H', { suspended: 'yes' })),
      JSON.stringify(device('I', { digestIdentifier: 'x'.repeat(70_000) })),
      JSON.stringify(
        device('J', { labels: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, 'x'])) }),
      ),
      JSON.stringify(device('good')),
    ];
    const body = Buffer.concat([
      Buffer.from(`\ufeff\n${bad.join('\n')}\r\n\r\n`),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    ]);
    const { summary, refused } = await imported(port, body);
    assert.deepEqual(summary, counts({ lines: 14, created: 1, rejected: 13 }));
    assert.deepEqual(
      refused.map(({ line, status, code, path: field = '' }) => [line, status, code, field]),
      [
        [2, 400, 'BAD_FORMAT', ''],
        [3, 400, 'WRONG_TYPE', ''],
        [4, 400, 'OUT_OF_RANGE', 'addresses'],
        [5, 400, 'MISSING', 'serverCredentials.secret'],
        [6, 400, 'BAD_FORMAT', 'labels'],
        [7, 400, 'OUT_OF_RANGE', 'labels.a'],
        [8, 400, 'WRONG_TYPE', 'labels.a'],
        [9, 422, 'UNKNOWN_ACCOUNT', ''],
        [10, 400, 'UNKNOWN_FIELD', 'colour'],
        [11, 400, 'WRONG_TYPE', 'suspended'],
        [12, 413, 'TOO_LONG', ''],
        [13, 400, 'OUT_OF_RANGE', 'labels'],
        [16, 400, 'BAD_FORMAT', ''],
      ],
    );
    assert.ok(refused.every(({ detail }) => (detail ?? '').length > 10));
    assert.ok(await store.device('good'));
  }));

test('20,000 lines go in as whole thousands; the same again changes nothing, and all come out again', () =>
  withPort(async (port, { call }) => {
    const count = 20_000;
    const id = (index: number) => `urn:${String(index).padStart(6, '0')}`;
    const lines = linesOf(
      Array.from({ length: count }, (_, index) => device(id(index), { labels: { n: String(index % 5) } })),
    );
    const first = await imported(port, lines);
    assert.deepEqual(first.summary, counts({ lines: count, created: count }));
    assert.deepEqual(
      first.progress.map((progress) => progress.lines),
      Array.from({ length: 20 }, (_, index) => (index + 1) * 1000),
    );
    assert.equal(first.progress.at(-1)?.octets, Buffer.byteLength(lines));
    assert.deepEqual((await imported(port, lines)).summary, counts({ lines: count, unchanged: count }));
    const filter = encodeURIComponent('labels.n = "3" and id starts "urn:"');
    const counted = await call('GET', `/v1/devices/count?filter=${filter}`);
    assert.deepEqual(counted.body, { count: count / 5 });
    const exported = await call('GET', `/v1/devices/export?filter=${filter}`);
    const ids = exported.text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).id);
    assert.deepEqual(
      ids,
      Array.from({ length: count / 5 }, (_, index) => id(index * 5 + 3)),
    );
  }));

test('a body that breaks off leaves whole thousands, and the same again brings the rest', () =>
  withPort(async (port, { store }) => {
    const lines = Array.from({ length: 2500 }, (_, index) => device(`D${index + 10_000}`));
    const before = await store.countDevices({});
    const body = linesOf(lines);
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method: 'POST',
      agent: false,
      headers: { 'content-type': ndjson, 'content-length': body.length + 10 },
    });
    sent.on('error', () => undefined);
    const answered = new Promise<void>((resolve) => {
      sent.on('response', (response) => {
        let told = '';
        response
          .on('error', () => undefined)
          .on('data', (octets) => {
            told += octets;
            if (told.includes('"lines":2000')) resolve();
          });
      });
    });
    sent.write(body);
    await answered;
    sent.destroy();
    assert.equal(await store.countDevices({}), before + 2000);
    const again = await imported(port, body);
    assert.deepEqual(again.summary, counts({ lines: 2500, created: 500, unchanged: 2000 }));
    assert.equal(await store.countDevices({}), before + 2500);
  }));

test('another type, another mode, an encoding: refused before anything is taken', () =>
  withPort(async (port) => {
    for (const [query, headers, status, code] of [
      ['', { 'content-type': 'application/json' }, 415, 'UNSUPPORTED'],
      ['', {}, 415, 'UNSUPPORTED'],
      ['', { 'content-type': ndjson, 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED'],
      ['', { 'content-type': 'text/csv; charset=latin1' }, 415, 'UNSUPPORTED'],
      ['?mode=replace', { 'content-type': ndjson }, 400, 'OUT_OF_RANGE'],
      ['?dry=true', { 'content-type': ndjson }, 400, 'UNKNOWN_FIELD'],
    ] as const) {
      const answer = await postBatch(port, `${path}${query}`, linesOf([device('A')]), headers);
      assert.deepEqual([answer.status, JSON.parse(answer.text).code], [status, code], query);
    }
  }));

test('CSV: quotes, ends of lines in them, a byte order mark, labels, lists, what is removed', () =>
  withPort(async (port, { store }) => {
    const header =
      'id,serverId,addresses,serverCredentials.secret,clientCredentials.name,clientCredentials.secret,label.site,label.region,suspended,clientSchemes,firstSessionId';
    const secret = 'IyZh2DkWlqhgxMtKWfSJUQ';
    const body = [
      `\ufeff${header}`,
      `A,${serverId},wap:127.0.0.1 sms:+491701234567,"a,""b""\r\nc",me,${secret},"north, east",'=1+1,TRUE,md5 hmac,7`,
      '',
      `B,${serverId},wap:127.0.0.1,${secret},me,${secret},,,,,`,
      `C,${serverId},wap:127.0.0.1`,
      `D,${serverId},wap:127.0.0.1,${secret},me,${secret},,,perhaps,,`,
      `E,${serverId},wap:127.0.0.1,${secret},me,${secret},"a"b,,,,`,
      `F,${serverId},wap:127.0.0.1,${secret},me,${secret},,,,,seven`,
    ].join('\r\n');
    const first = await imported(port, body, '', csvType);
    assert.deepEqual(first.summary, counts({ lines: 6, created: 2, rejected: 4 }));
    assert.deepEqual(
      first.refused.map(({ line, code, path: field = '' }) => [line, code, field]),
      [
        [6, 'BAD_FORMAT', ''],
        [7, 'WRONG_TYPE', 'suspended'],
        [8, 'BAD_FORMAT', ''],
        [9, 'WRONG_TYPE', 'firstSessionId'],
      ],
    );
    const found = await store.device('A');
    assert.deepEqual(found?.addresses, ['wap:127.0.0.1', 'sms:+491701234567']);
    assert.deepEqual(found?.labels, { site: 'north, east', region: '=1+1' });
    assert.equal(found?.serverCredentials.secret, 'a,"b"\r\nc');
    assert.deepEqual(found?.clientSchemes, ['md5', 'hmac']);
    assert.ok(found?.suspendedAt);
    const change = 'id,label.site,label.new,suspended,clientSchemes\nA,\\N,x,false,\\N\n';
    assert.deepEqual(
      (await imported(port, change, '?mode=update', csvType)).summary,
      counts({ lines: 1, changed: 1, mode: 'update' }),
    );
    const changed = await store.device('A');
    assert.deepEqual(changed?.labels, { region: '=1+1', new: 'x' });
    assert.deepEqual([changed?.suspendedAt, changed?.clientSchemes], [undefined, undefined]);
  }));

test('CSV as spreadsheets save it: `;` between fields, columns without a name, rows without a value, a type in capitals', () =>
  withPort(async (port, { store }) => {
    await imported(port, linesOf([device('A'), device('B')]));
    const body = ['sep=;', 'id;label.site;;', 'A;north, 1;;', ';;;', 'B;south;;x', ';;;', ''].join('\r\n');
    const { summary, refused } = await imported(port, body, '?mode=update', { 'content-type': 'Text/CSV' });
    assert.deepEqual(summary, counts({ lines: 2, changed: 1, rejected: 1, mode: 'update' }));
    assert.deepEqual(refused, [
      {
        line: 5,
        status: 400,
        title: 'Bad Request',
        code: 'UNKNOWN_FIELD',
        detail: 'the header does not name column 4, where a value stands',
      },
    ]);
    assert.deepEqual((await store.device('A'))?.labels, { site: 'north, 1' });
  }));

test('CSV: a header that is none, and quotes that do not end, are told, and nothing is taken for what it is not', () =>
  withPort(async (port) => {
    for (const [body, line, detail] of [
      ['id,colour\nA,red\n', 1, /the header names "colour", no column here; the columns are id, serverId/],
      ['id,id\nA,B\n', 1, /names a column twice/],
      ['id,label.a\rA,1\rB,2\r', 1, /the lines end with CR alone/],
      [Buffer.from('\ufeffid,label.a\r\nA,1\r\n', 'utf16le'), 1, /UTF-16/],
      ['serverId\nx\n', 1, /has to name the column id/],
      ['id,"label.a\nA,1\nB,2\n', 1, /quotes that does not end/],
      [
        `id,label.a\nA,1\nB,"${'x\n'.repeat(40_000)}`,
        3,
        /larger than this server takes.*nothing behind it was read/,
      ],
    ] as const) {
      const { summary, refused } = await imported(port, body, '?mode=update', csvType);
      assert.equal(summary.complete, false, String(body.slice(0, 20)));
      assert.equal(refused.at(-1)?.line, line);
      assert.match(refused.at(-1)?.detail ?? '', detail);
    }
    const none = await imported(port, '', '', csvType);
    assert.deepEqual(none.summary, counts({}));
  }));

test('what is exported with secrets comes back as it was, in both forms; without a token nobody gets them', async () => {
  const tokens = ['abcdefghijklmnop'];
  const authorization = `Bearer ${tokens[0]}`;
  await withPort(
    async (port, { store, call }) => {
      const keys = { hmacSecret: 'ab'.repeat(16), wrapping: { key: 'cd'.repeat(16), keyName: '=k' } };
      const lines = [
        device('A', { labels: { a: '\\N', b: "'+1", c: '@x', d: '-' }, suspended: true, family: 'samsung' }),
        device('B', {
          serverCredentials: { scheme: 'hmac', secret: ' "\r\n,;=', nonceBase64: 'AAECAw==' },
          notificationSecret: '\\\\N',
          digestIdentifier: "'=d",
          messageKeys: keys,
          clientSchemes: ['md5', 'hmac'],
          tlsCertificate: { sha256: 'ab'.repeat(32) },
          addresses: ['wap:127.0.0.1', 'sms:+491701234567'],
          labels: { e: 'ä, "ö"' },
        }),
      ];
      await imported(port, linesOf(lines), '', { 'content-type': ndjson, authorization });
      const before = await stored(store);
      for (const [format, type] of [
        ['ndjson', ndjson],
        ['csv', 'text/csv'],
      ] as const) {
        const { text, headers } = await call(
          'GET',
          `/v1/devices/export?secrets=true&format=${format}`,
          undefined,
          { authorization },
        );
        assert.equal(headers['content-type'], type);
        const again = await imported(port, text, '', { 'content-type': type, authorization });
        assert.deepEqual(again.summary, counts({ lines: before.length, unchanged: before.length }), format);
        await store.deleteDevices(before.map(({ id }) => id));
        const anew = await imported(port, text, '', { 'content-type': type, authorization });
        assert.deepEqual(anew.summary, counts({ lines: before.length, created: before.length }), format);
        assert.deepEqual(await stored(store), before, format);
        const plain = await call('GET', `/v1/devices/export?format=${format}`, undefined, { authorization });
        for (const secret of ['IyZh2DkWlqhgxMtKWfSJUQ', 'WlqhgxMtKWfSJUQIyZh2Dk', 'AAECAw']) {
          assert.ok(!plain.text.includes(secret), secret);
        }
        assert.ok(!plain.text.includes('cdcd') && !plain.text.includes('hmacSecret'));
      }
      for (const cell of ["''+1", "'@x", "'-", '\\\\N']) {
        const csv = await call('GET', '/v1/devices/export?format=csv', undefined, { authorization });
        assert.ok(csv.text.includes(cell), `${cell} in ${csv.text}`);
      }
    },
    { tokens },
  );
  await withPort(async (_, { call }) => {
    const { status, body } = await call('GET', '/v1/devices/export?secrets=true');
    assert.deepEqual([status, body.code], [403, 'SCOPE']);
    const { status: bad, body: wrong } = await call('GET', '/v1/devices/export?filter=region');
    assert.deepEqual([bad, wrong.path], [400, 'filter']);
  });
});
