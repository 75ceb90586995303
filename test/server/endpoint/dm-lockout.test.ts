// The failures of others: whom they stop, whom they do not, and what they write into the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Logger, silentLogger } from '../../../src/core/index.ts';
import { httpCarrier, listening } from '../dm-http.ts';
import { ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

/** Sends wrong credentials; gives how many were judged. `peers` and `names` are taken in turn. */
async function guess(
  { server, deviceLike, device }: ServerBench,
  count: number,
  peers: readonly string[],
  names: readonly string[],
): Promise<number> {
  let judged = 0;
  for (let each = 0; each < count; each += 1) {
    const deviceId = names[each % names.length] ?? '';
    const stranger = deviceLike({ deviceId, client: { ...device.state.client, secret: `guess ${each}` } });
    const step = stranger.open({ sessionId: 9 }).start();
    assert.ok(step.send);
    const peer = peers[Math.floor(each / names.length) % peers.length] ?? '';
    const { status } = await server.endpoint.handle({ ...stranger.request(step.send), peer });
    if (status === 200) judged += 1;
    else assert.equal(status, 429);
  }
  return judged;
}

async function completes(
  { device }: ServerBench,
  port: number,
  from: string,
  sessionId: number,
): Promise<void> {
  const honest = new ScriptedDevice(device.state, httpCarrier(port, from));
  assert.deepEqual((await honest.run({ sessionId, trigger: 'client' })).end, { outcome: 'completed' });
}

const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, each) => `203.0.113.${each}`);

test('110 wrong tries from 11 addresses do not lock a device out where it has proved itself', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      await completes(bench, port, '127.0.0.1', 1);
      const { deviceId } = bench.device.state;
      assert.equal(await guess(bench, 500, addresses(50), [deviceId]), 100);
      for (let round = 2; round < 12; round += 1) await completes(bench, port, '127.0.0.1', round);
      // What remains possible: elsewhere it has to wait.
      const elsewhere = new ScriptedDevice(bench.device.state, httpCarrier(port, '127.0.8.1'));
      const [refused] = (await elsewhere.run({ sessionId: 50, trigger: 'client' })).responses;
      assert.equal(refused?.status, 429);
      assert.equal(refused?.headers['retry-after'], '300');
      bench.clock.advance(300_000);
      await completes(bench, port, '127.0.8.1', 51);
    }),
  ));

test('2000 wrong tries from its own address do not lock a device out that has proved itself there', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      await completes(bench, port, '127.0.0.1', 1);
      const names = Array.from({ length: 300 }, (_, each) => `IMEI:made up ${each}`);
      assert.equal(await guess(bench, 2100, ['127.0.0.1'], names), 2000);
      for (let round = 2; round < 12; round += 1) await completes(bench, port, '127.0.0.1', round);
    }),
  ));

test('a device whose nonce is out of step counts as failed nowhere once it has proved itself', () =>
  withServer(
    { server: { endpoint: { attempts: { peer: { maxFailures: 3, windowMs: 60_000 } } } } },
    (bench) =>
      listening(bench, async ({ port }) => {
        for (let round = 1; round <= 8; round += 1) {
          const { state } = bench.device;
          const client = { ...state.client, nonce: new Uint8Array([round]) };
          const device = new ScriptedDevice({ ...state, client }, httpCarrier(port, '127.0.0.1'));
          assert.deepEqual((await device.run({ sessionId: round, trigger: 'client' })).end, {
            outcome: 'completed',
          });
          bench.device.state.server = device.state.server;
        }
        // Were they counted, this one, which is new there, would be refused.
        const run = await bench
          .deviceLike({ deviceId: 'IMEI:0' }, { peer: '127.0.0.1' })
          .run({ sessionId: 9 });
        assert.equal(run.responses[0]?.status, 200);
      }),
  ));

test('a flood of wrong tries writes a few lines, with what they have in common and how many they were', () => {
  const lines: string[] = [];
  const note = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const logger: Logger = { ...silentLogger, warn: note, error: note, info: note };
  return withServer({ server: { logger } }, async (bench) => {
    lines.length = 0;
    const names = Array.from({ length: 100 }, (_, each) => `IMEI:made up ${each}`);
    await guess(bench, 1000, addresses(3), names);
    await guess(bench, 200, ['198.51.100.1'], ['IMEI:0']);
    bench.clock.advance(10_000);
    assert.ok(lines.length <= 4, lines.join('\n'));
    assert.match(lines[0] ?? '', /^DM session refused: credentials do not hold .*"peer":"203\.0\.113\.0"/);
    assert.ok(
      lines.some((line) => /^DM sessions refused: credentials do not hold .*"count":1009/.test(line)),
    );
    assert.ok(lines.some((line) => /closed for the failures of the pair/.test(line)));
    assert.doesNotMatch(lines.join('\n'), /guess \d|n0nce/);
  });
});

test('who gives no credentials is answered alike for every name, also behind an address that failed too often', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      await completes(bench, port, '127.0.0.1', 1);
      const { deviceId } = bench.device.state;
      await guess(bench, 2100, ['127.0.0.1'], addresses(50));
      const answers = [];
      for (const name of [deviceId, 'IMEI:000000000000000']) {
        const { serverId, serverUri } = bench.device.state;
        const asking = bench.deviceLike({ deviceId: name });
        const step = asking.open({ sessionId: 3, account: { serverId, serverUri } }).start();
        assert.ok(step.send);
        const { status } = await bench.server.endpoint.handle({
          ...asking.request(step.send),
          peer: '127.0.0.1',
        });
        answers.push(status);
      }
      assert.deepEqual(answers, [200, 200]);
    }),
  ));
