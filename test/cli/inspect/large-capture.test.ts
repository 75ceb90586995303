// Captures that are large enough for threads: what they say is as one thread says it, and in order.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Found, MessageCollector, messagesOf } from '../../../src/cli/inspect/message-batch.ts';
import { encodeNotification } from '../../../src/codec/notification/index.ts';
import { encodePush } from '../../../src/codec/wsp/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import {
  type CapturedFrame,
  CaptureReader,
  explainCaptured,
  frameMessage,
} from '../../../src/inspect/index.ts';
import { pcap } from '../../inspect/capture/samples.ts';
import { datagram, frame } from '../../inspect/frames/samples.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-inspect-'));
after(() => rmSync(folder, { recursive: true }));

const secret = 'secret';
const count = 9000;

function pushFrame(sessionId: number, signedWith = secret): Uint8Array {
  const body = encodeNotification(
    { format: 'dm1.2', serverId: 'com.example.dm', sessionId },
    { secret: signedWith },
  );
  return frame('ethernet', datagram(encodePush({ transactionId: 1, contentType: { code: 0x44 }, body })));
}

/** Pushes, and every fifth frame something else; the push at `wrong` is signed with another secret. */
function capture(wrong?: number): string {
  const packets = Array.from({ length: count }, (_, index) => {
    if (index % 5 === 4) return { octets: other };
    return { octets: pushFrame(index + 1, index === wrong ? 'another' : secret), fraction: index };
  });
  const path = join(folder, `${wrong ?? 'right'}.pcap`);
  writeFileSync(path, pcap(packets));
  return path;
}

const other = frame('ethernet', datagram(hexToBytes('1234'), { destination: 53 }));

test('each message of a large capture has its line, in order, as it is explained by itself', async () => {
  const path = capture();
  const { status, lines, stderr } = await runCli(['inspect', '--json', path], {
    env: { REVEILLE_SECRET: secret },
  });
  assert.deepEqual([status, stderr], [0, '']);
  assert.equal(lines.length, count);
  for (const [index, line] of lines.entries()) {
    const { number, frames, message, verified } = JSON.parse(line);
    assert.deepEqual([number, frames], [index + 1, [index + 1]]);
    if (index % 5 !== 4) assert.deepEqual([message.sessionId, verified], [index + 1, true]);
  }
  const text = await runCli(['inspect', path]);
  assert.equal(text.lines.length, count);
  assert.match(text.lines.at(-2) ?? '', /^ 8999 .*Package #0 dm1\.2 from com\.example\.dm, session 2327$/);
});

test('a digest that does not hold far behind makes the exit status 1', async () => {
  const { status, lines } = await runCli(['inspect', '--json', capture(count - 2), '--only', 'package0'], {
    env: { REVEILLE_SECRET: secret },
  });
  assert.equal(status, 1);
  assert.equal(lines.length, (count / 5) * 4);
  assert.equal(JSON.parse(lines.at(-1) ?? '').verified, false);
});

test('a batch gives the messages that were put into it', () => {
  const found: Found[] = [];
  const sink = {
    frame: (each: CapturedFrame) => found.push(each),
    message: (each: Found) => found.push(each),
  };
  const reader = new CaptureReader({}, sink);
  assert.deepEqual(reader.feed(pcap([{ octets: pushFrame(1), fraction: 7 }, { octets: other }])), []);
  reader.end();
  assert.equal(found.length, 2);
  const note = { ...frameMessage(found[0] as CapturedFrame), form: { kind: 'note' }, number: 3 } as const;
  const long = { ...(found[0] as CapturedFrame), octets: new Uint8Array(100_000), number: 4 };
  const timeless = { ...(found[1] as CapturedFrame), time: undefined, number: 5 };
  const collector = new MessageCollector();
  const all = [...found, note, timeless, long];
  assert.deepEqual(
    all.map((each) => collector.add(each)),
    [false, false, false, false, true],
  );
  const given = [...messagesOf(structuredClone(collector.take()))];
  const wanted = all.map((each) => ('form' in each ? each : frameMessage(each)));
  assert.deepEqual(
    given.map((each) => explainCaptured(each)),
    wanted.map((each) => explainCaptured(each)),
  );
  assert.equal(collector.count, 0);
});

test('a batch is full of frames, whatever their length', () => {
  const octets = new Uint8Array(20_000);
  const one = { number: 1, frame: 1, time: undefined, linkType: 1, octets, offset: 0 };
  const collector = new MessageCollector();
  assert.deepEqual([collector.add(one), collector.add({ ...one, number: 2 })], [false, true]);
  assert.deepEqual(
    [...messagesOf(collector.take())].map(({ number }) => number),
    [1, 2],
  );
});
