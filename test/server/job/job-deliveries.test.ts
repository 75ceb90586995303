// A command that a device cannot answer does not hold up its jobs: over HTTP, with messages put together by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type Logger, ValueError } from '../../../src/core/index.ts';
import { Server } from '../../../src/server/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import {
  alert,
  clientName,
  clientSecret,
  cred,
  devInfo,
  deviceId,
  type ForeignBench,
  message,
  packageOne,
  shown,
  status,
  withForeignClient,
} from '../foreign-client.ts';

const device = {
  clientCredentials: { scheme: 'basic', name: clientName, secret: clientSecret },
} as const;

/** What a log line holds. */
interface Line {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function keeper(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>>, text: string): void => {
      lines.push({ level, fields, text });
    };
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

const results = (cmdRef: string, uri: string, value: string): string =>
  `<Results><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef>${cmdRef}</CmdRef><Item><Source><LocURI>${uri}</LocURI></Source><Data>${value}</Data></Item></Results>`;

let numbers = 100;
function nextNumber(): number {
  numbers += 1;
  return numbers;
}

/** A session that gets its commands and answers those to `./Good`; gives the URIs that it was asked. */
async function session(
  { post, startAnew }: ForeignBench,
  sid: string,
  answer: (uri: string, cmdId: string) => string | undefined,
): Promise<string[]> {
  startAnew();
  const asked: string[] = [];
  let last = await post(packageOne({ sid }));
  for (let msg = 2; msg < 20; msg += 1) {
    const commands = [...shown(last).matchAll(/Get\((\d+)\)=(\S+)/g)];
    if (commands.length === 0) return asked;
    let body = status(1, msg - 1, 0, 'SyncHdr', 212);
    for (const [index, [, cmdId = '', uri = '']] of commands.entries()) {
      // The server's own, when it has nothing else to say.
      if (uri === './DevInfo/DevId') return asked;
      asked.push(uri);
      const said = answer(uri, cmdId);
      if (said === undefined) return asked;
      body +=
        status(index + 2, msg - 1, cmdId, 'Get', 200) + said.replace('<MsgRef>1<', `<MsgRef>${msg - 1}<`);
    }
    last = await post(
      message(
        { sid, msg },
        body.replaceAll('<CmdID>9<', () => `<CmdID>${nextNumber()}<`),
      ),
    );
    if (last.status !== 200) return asked;
  }
  return asked;
}

const get = (uri: string) => [{ command: 'get', uri }];

for (const [what, spoil, reason] of [
  [
    'answers with a control character',
    (uri: string, cmdId: string) => results(cmdId, uri, 'a\u0001b'),
    /^commands\[0\], get \.\/Bad: no answer in 3 deliveries: its message cannot be read: line 1, column \d+: disallowed/,
  ],
  [
    'goes away at it',
    () => undefined,
    /^commands\[0\], get \.\/Bad: no answer in 3 deliveries: each time the session broke off at it$/,
  ],
] as const) {
  test(`over HTTP: a device that ${what} has the job failed after three deliveries, and the next one runs`, () =>
    withForeignClient({ device }, async (bench) => {
      const bad = await bench.job(get('./Bad'));
      const good = await bench.job(get('./Good'));
      const answer = (uri: string, cmdId: string) =>
        uri === './Bad' ? spoil(uri, cmdId) : results(cmdId, uri, 'v');
      for (const sid of ['1', '2', '3']) assert.deepEqual(await session(bench, sid, answer), ['./Bad']);
      assert.deepEqual(await session(bench, '4', answer), ['./Good']);
      const first = await bench.readJob(bad);
      assert.equal(first.state, 'failed');
      assert.match(first.reason ?? '', reason);
      assert.equal((await bench.readJob(good)).state, 'completed');
    }));
}

test('over HTTP: of Gets that went out together, only the one that cannot be answered fails', () =>
  withForeignClient({ device }, async (bench) => {
    const id = await bench.job([...get('./A'), ...get('./Bad'), ...get('./C')], { onFailure: 'continue' });
    const answer = (uri: string, cmdId: string) => results(cmdId, uri, uri === './Bad' ? '\u0001' : 'v');
    for (const sid of ['1', '2', '3', '4']) await session(bench, sid, answer);
    const { commands, state } = await bench.readJob(id);
    assert.equal(state, 'failed');
    assert.deepEqual(
      commands.map((command) => command.answer?.results?.[0]?.data ?? command.answer?.problem?.slice(0, 25)),
      ['v', 'no answer in 3 deliveries', 'v'],
    );
  }));

test('over HTTP: a message that cannot be read ends its session at once, and is logged at warn with the device', () => {
  const { logger, lines } = keeper();
  return withForeignClient({ device, server: { logger } }, async (bench) => {
    const id = await bench.push();
    await bench.reaches(id, 'sent');
    await bench.job(get('./A'));
    const first = await bench.post(message({ sid: '1', cred: cred('basic') }, alert(1, 1200) + devInfo(2)));
    assert.match(shown(first), /Get/);
    assert.equal(bench.server.endpoint.sessions, 1);
    const refused = await bench.post(message({ sid: '1', msg: 2 }, results('4', './A', '\u0001')));
    assert.equal(refused.status, 400);
    assert.match(refused.text, /^the message cannot be read: line 1, column/);
    assert.equal(bench.server.endpoint.sessions, 0);
    const line = lines.find(({ text }) => text === 'unreadable DM message');
    assert.equal(line?.level, 'warn');
    assert.deepEqual([line.fields.device, line.fields.session], [deviceId, 1]);
    assert.match(String(line.fields.error), /disallowed character/);
    assert.match((await bench.store.push(id))?.reason ?? '', /its message cannot be read/);
    bench.clock.advance(10_000);
    await eventually(() => bench.wap.pushes[1], 'the device is woken again');
  });
});

test('over HTTP: what strangers send and nobody can read is logged at warn in sums, with the device that it claims', () => {
  const { logger, lines } = keeper();
  return withForeignClient({ device, server: { logger } }, async (bench) => {
    await bench.job(get('./A'));
    await bench.post(packageOne());
    for (let n = 0; n < 50; n += 1) {
      const token = n % 2 === 0 ? '' : `?s=${'0'.repeat(32)}`;
      const to = `${bench.url}${token}`;
      const answer = await bench.post(message({ msg: 2 }, results('4', './A', '\u0001')), { to });
      assert.equal(answer.status, 400);
    }
    await bench.post('<SyncML>', { to: bench.url });
    assert.equal(bench.server.endpoint.sessions, 1, 'they end nobody’s session');
    const about = lines.filter(({ text }) => text.startsWith('unreadable'));
    assert.equal(about.length, 1);
    assert.deepEqual([about[0]?.level, about[0]?.fields.claims], ['warn', deviceId]);
    bench.clock.advance(10_000);
    await eventually(() => lines.some(({ fields }) => fields.count === 50), 'the sum');
  });
});

test('how many deliveries a command has is a setting, and a number that cannot be is refused', () =>
  withForeignClient({ device, server: { jobs: { maxDeliveries: 1 } } }, async (bench) => {
    const id = await bench.job(get('./Bad'));
    await session(bench, '1', () => undefined);
    assert.deepEqual(await session(bench, '2', () => undefined), []);
    assert.match((await bench.readJob(id)).reason ?? '', /no answer in 1 delivery/);
    for (const maxDeliveries of [0, -1, 1.5, Number.NaN]) {
      const { store } = bench;
      assert.throws(
        () => new Server({ store, bindings: { wap: bench.wap }, jobs: { maxDeliveries } }),
        (error) => error instanceof ValueError || error instanceof ConfigError,
      );
    }
  }));

test('the count of deliveries survives a restart of the server', () =>
  withForeignClient({ device }, async (bench) => {
    const id = await bench.job(get('./Bad'));
    await session(bench, '1', () => undefined);
    await session(bench, '2', () => undefined);
    const { store } = bench;
    const { endpoint } = new Server({ store, bindings: { wap: bench.wap }, clock: bench.clock });
    const begin = (sid: string) =>
      endpoint.handle({
        method: 'POST',
        contentType: 'text/xml',
        body: Buffer.from(packageOne({ sid })),
        peer: '192.0.2.1',
      });
    assert.match(Buffer.from((await begin('3')).body).toString(), /<Get>.*\.\/Bad/s);
    await begin('4');
    const { state, reason } = await bench.readJob(id);
    assert.equal(state, 'failed', reason);
  }));
