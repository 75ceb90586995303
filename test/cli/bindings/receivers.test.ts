// Receivers of a device: the address that they really have, and the news of their routes.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startReceiver } from '../../../src/cli/bindings/receivers.ts';
import { eventually, SimulatedRegistrar, SmscSimulator } from '../../../src/testing/index.ts';

const device = { receive: () => undefined, dropped: () => undefined } as never;
type News = readonly [detail: string, level: string];

it('a receiver on port 0 says which one it has', async () => {
  for (const [uri, at] of [
    ['wap:127.0.0.1:0', /^wap:127\.0\.0\.1:[1-9]\d*$/],
    ['wap:[::1]:0', /^wap:\[::1\]:[1-9]\d*$/],
    ['http://127.0.0.1:0/push', /^http:\/\/127\.0\.0\.1:[1-9]\d*\/push$/],
    ['obex://127.0.0.1:0', /^obex:\/\/127\.0\.0\.1:[1-9]\d*$/],
  ] as const) {
    const started = await startReceiver(uri, device);
    await started.receiver.close();
    assert.match(started.at, at);
  }
});

it('a message centre that is lost is an error, and mended once it is there again', {
  timeout: 30_000,
}, async () => {
  const smsc = new SmscSimulator();
  const port = await smsc.start(0);
  const sections = { sms: { smsc: { host: '127.0.0.1', port, name: 'c', systemId: 'phone' } } } as never;
  const news: News[] = [];
  const tell = (...told: News): void => void news.push(told);
  const { receiver, at } = await startReceiver('sms:+491701234567', device, sections, tell);
  try {
    assert.equal(at, 'sms:+491701234567');
    assert.deepEqual(news, [['sms: connected', 'info']]);
    smsc.disconnect();
    await eventually(() => news.length >= 3, 'the connection to be there again');
    assert.match(news[1]?.[0] ?? '', /^sms: .+; trying again$/);
    assert.equal(news[1]?.[1], 'error');
    assert.deepEqual(news[2], ['sms: connected', 'mended']);
  } finally {
    await receiver.close();
    await smsc.close();
  }
});

it('a registration is told with its address, refused or not', async () => {
  const registrar = await SimulatedRegistrar.start({ users: { device: 'right' } });
  const start = async (password: string): Promise<News> => {
    const sections = {
      sip: {
        instanceId: 'urn:uuid:6f1c9a52-3f0e-4c1b-9c64-0d5a4f1f7c11',
        outboundProxy: `sip:127.0.0.1:${registrar.port};transport=tcp`,
        address: '127.0.0.1',
        credentials: [{ username: 'device', password }],
      },
    };
    const news: News[] = [];
    const tell = (...told: News): void => void news.push(told);
    const { receiver, at } = await startReceiver('sip:device@example.com', device, sections, tell);
    assert.equal(at, 'sip:device@example.com');
    const settled = / is (?:not )?registered\b/;
    try {
      await eventually(() => news.some(([detail]) => !detail.endsWith(' registering')), 'what became of it');
      return news.find(([detail]) => settled.test(detail)) ?? assert.fail(JSON.stringify(news));
    } finally {
      await receiver.close();
    }
  };
  try {
    const [detail, level] = await start('right');
    assert.match(detail, /^sip: sip:device@example\.com is registered as sip:/);
    assert.equal(level, 'info');
    const [why, grave] = await start('wrong');
    assert.match(
      why,
      /^sip: sip:device@example\.com is not registered: .+; mend it and start the device again$/,
    );
    assert.equal(grave, 'error');
  } finally {
    await registrar.close();
  }
});
