// sipp takes our MESSAGE and answers with each response class, over UDP and TCP; it loses datagrams on purpose, and what
// we send again is seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Binding, contentTypes, type SendResult } from '../../src/push/index.ts';
import {
  createSipSender,
  SipPushError,
  type SipSenderOptions,
  type SipTarget,
} from '../../src/push/sip/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { never } from '../push/sip/support.ts';
import { Sipp, type SippOptions } from './sipp.ts';

const body = Uint8Array.from({ length: 256 }, (_, index) => index);
const push = { id: 'p', contentType: contentTypes['dm1.3'], body };

/** Runs sipp and a sender towards it. */
async function withSipp(
  options: SippOptions,
  sender: Partial<SipSenderOptions>,
  run: (send: () => Promise<SendResult>, sipp: Sipp, binding: Binding<SipTarget>) => Promise<void>,
): Promise<void> {
  const sipp = await Sipp.start(options);
  const binding = createSipSender({
    from: 'sip:dms@example.com',
    outboundProxy: `sip:127.0.0.1:${sipp.port};transport=${options.transport}`,
    ...sender,
  });
  const send = async (): Promise<SendResult> => {
    for (let left = 100; ; left -= 1) {
      try {
        return await binding.send(push, { uri: 'sip:dev1@example.com' }, never);
      } catch (error) {
        // Over TCP it may not listen yet.
        if (!(error instanceof SipPushError) || error.code !== 'ECONNREFUSED') throw error;
        if (left === 0) {
          sipp.expectRunning();
          throw error;
        }
        await wait(50);
      }
    }
  };
  try {
    await run(send, sipp, binding);
  } finally {
    await binding.close();
    await sipp.stop();
  }
}

/** How a push ended: the outcome, or the error's code and whether to try again. */
async function ending(work: Promise<SendResult>): Promise<string> {
  try {
    return (await work).outcome;
  } catch (error) {
    if (!(error instanceof SipPushError)) throw error;
    const later = error.retryAfterMs === undefined ? '' : ` after ${error.retryAfterMs} ms`;
    return `${error.code} ${error.retryable ? 'retryable' : 'permanent'}${later}`;
  }
}

const classes: readonly (readonly [string, string, SippOptions['headers']?])[] = [
  ['200 OK', 'delivered'],
  ['202 Accepted', 'accepted'],
  ['302 Moved Temporarily', 'SIP_302 permanent', ['Contact: <sip:other@example.com>']],
  ['404 Not Found', 'SIP_404 retryable'],
  ['415 Unsupported Media Type', 'SIP_415 permanent', ['Accept: text/plain']],
  ['480 Temporarily Unavailable', 'SIP_480 retryable', ['Retry-After: 17']],
  ['503 Service Unavailable', 'SIP_503 retryable', ['Retry-After: 120 (soon);duration=5']],
  ['501 Not Implemented', 'SIP_501 permanent'],
  ['603 Decline', 'SIP_603 permanent'],
];
const waits: Readonly<Record<string, string>> = { '480': ' after 17000 ms', '503': ' after 120000 ms' };

for (const transport of ['udp', 'tcp'] as const) {
  for (const [answer, wanted, headers = []] of classes) {
    test(`N10-S-007 N13-S-014 RFC 3261 §21: sipp answers ${answer} over ${transport}`, async () => {
      await withSipp({ answer, headers, transport, calls: 1 }, {}, async (send, sipp) => {
        assert.equal(await ending(send()), wanted + (waits[answer.slice(0, 3)] ?? ''));
        const log = sipp.messages();
        assert.match(log, /MESSAGE sip:dev1@example\.com SIP\/2\.0/);
        assert.match(log, /Accept-Contact: \*;\+g\.oma\.eventappid="syncml\.dm";require;explicit/);
      });
    });
  }
}

test('RFC 3261 §17.1.2: with every third datagram lost, each push is sent until it is answered', async () => {
  const calls = 40;
  const timers = { t1Ms: 60, t2Ms: 240 };
  await withSipp(
    { answer: '200 OK', transport: 'udp', calls: 1000, lossPercent: 33 },
    { timers },
    async (send, sipp) => {
      const endings = await Promise.all(Array.from({ length: calls }, () => ending(send())));
      assert.deepEqual(new Set(endings), new Set(['delivered']));
      const received = sipp.messages().match(/MESSAGE sip:dev1@example\.com SIP/g)?.length ?? 0;
      assert.ok(received > calls, `${received} MESSAGEs came for ${calls} pushes`);
      const branches = new Set(sipp.messages().match(/z9hG4bK[0-9a-f]{24}/g));
      assert.equal(branches.size, calls, 'what is sent again carries the branch of the first time');
    },
  );
});

test('RFC 3261 §17.1.2.2: a provisional answer ends nothing; the final one is waited for', async () => {
  const options = { answer: '200 OK', provisional: 100, pauseMs: 300, transport: 'udp', calls: 1 } as const;
  await withSipp(options, {}, async (send, sipp) => {
    assert.equal(await ending(send()), 'delivered');
    // sipp answers before it writes its log.
    const both = () => /SIP\/2\.0 100 Trying.*SIP\/2\.0 200 OK/s.test(sipp.messages());
    await eventually(both, 'both answers in the log');
  });
});

test('a device that loses everything: no push is reported delivered', async () => {
  const timers = { t1Ms: 20, t2Ms: 100 };
  await withSipp(
    { answer: '200 OK', transport: 'udp', calls: 10, lossPercent: 100 },
    { timers },
    async (send) => {
      assert.equal(await ending(send()), 'TIMEOUT retryable');
    },
  );
});

test('sipp is killed and comes back: the push that met nobody may be tried again, and arrives', async () => {
  const options = { answer: '200 OK', transport: 'tcp', calls: 1000 } as const;
  await withSipp(options, {}, async (send, sipp, binding) => {
    assert.equal(await ending(send()), 'delivered');
    await sipp.stop();
    const down = await ending(binding.send(push, { uri: 'sip:dev1@example.com' }, never));
    assert.match(down, /^(LINK_LOST|ECONNRESET|ECONNREFUSED) retryable$/);
    const again = await Sipp.start({ ...options, port: sipp.port });
    try {
      assert.equal(await ending(send()), 'delivered');
    } finally {
      await again.stop();
    }
  });
});
