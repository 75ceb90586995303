// Bindings as a configuration opens them: what their errors are called, and what they tell.
import assert from 'node:assert/strict';
import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { it } from 'node:test';
import { openSender, sectionError } from '../../../src/cli/bindings/open-senders.ts';
import { ValueError } from '../../../src/core/index.ts';
import { contentTypes, parseAddress } from '../../../src/push/index.ts';
import { eventually, SmscSimulator } from '../../../src/testing/index.ts';

const push = { id: 'p1', contentType: contentTypes['dm1.2'], body: Uint8Array.of(1, 2, 3) };

it('an error of a section has the path of its field, and the file where that is known', () => {
  const field = new ValueError('OUT_OF_RANGE', 'must be 1 or more', 'smscs[0].window');
  const whole = new ValueError('BAD_FORMAT', 'needs a secret', '');
  assert.equal(sectionError('sms', field, undefined).message, 'sms.smscs[0].window: must be 1 or more');
  assert.equal(sectionError('waps', whole, undefined).message, 'waps: needs a secret');
  assert.equal(sectionError('waps', whole, 'b.json').message, 'b.json: waps: needs a secret');
});

it('short messages go out and their link is told, whether somebody listens or not', {
  timeout: 10_000,
}, async (t) => {
  const smsc = new SmscSimulator();
  const port = await smsc.start(0);
  const sections = { sms: { smscs: [{ host: '127.0.0.1', port, name: 'c', systemId: 'dms' }] } } as never;
  const told: unknown[] = [];
  try {
    for (const events of [{}, { onTrouble: (about: unknown) => void told.push(about) }]) {
      const { binding } = openSender('sms', sections, events);
      try {
        const { outcome } = await binding.send(push, parseAddress('sms:+491701234567'), t.signal);
        assert.equal(outcome, 'accepted');
      } finally {
        await binding.close();
      }
    }
    assert.deepEqual(told[0], { binding: 'sms', detail: 'c: connected' });
  } finally {
    await smsc.close();
  }
});

it('what a SIP sender cannot answer is told', async (t) => {
  const proxy = createSocket('udp4').bind(0, '127.0.0.1');
  await once(proxy, 'listening');
  const told: { readonly binding: string; readonly detail: string }[] = [];
  const { binding } = openSender(
    'sip',
    {
      sip: {
        from: 'sip:dms@example.com',
        outboundProxy: `sip:127.0.0.1:${proxy.address().port};transport=udp`,
      },
    } as never,
    { onTrouble: (about) => void told.push(about) },
  );
  const stop = new AbortController();
  const sent = binding.send(push, parseAddress('sip:device@example.com'), stop.signal);
  try {
    const [, { port, address }] = (await once(proxy, 'message')) as [
      Buffer,
      { port: number; address: string },
    ];
    // As if the system did not take an answer.
    const send = Socket.prototype.send as (...args: unknown[]) => void;
    t.mock.method(Socket.prototype, 'send', function (this: Socket, ...args: unknown[]) {
      const [octets, , , taken] = args as [Buffer, number, string, (error: Error) => void];
      if (Buffer.from(octets).subarray(0, 7).toString() === 'SIP/2.0')
        taken(new Error('the network is down'));
      else send.apply(this, args);
    });
    const request = [
      'OPTIONS sip:dms@example.com SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:${proxy.address().port};branch=z9hG4bK1`,
      'Max-Forwards: 70',
      'From: <sip:a@example.com>;tag=1',
      'To: <sip:dms@example.com>',
      'Call-ID: 1',
      'CSeq: 1 OPTIONS',
      `X-Fill: ${'x'.repeat(400)}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    proxy.send(request, port, address);
    await eventually(() => told.length > 0, 'the error to be told');
    assert.deepEqual(told[0], { binding: 'sip', detail: 'Error: the network is down' });
  } finally {
    t.mock.restoreAll();
    stop.abort();
    await assert.rejects(sent);
    await binding.close();
    proxy.close();
  }
});
