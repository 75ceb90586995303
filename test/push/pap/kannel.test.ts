// Gateways of kind kannel: what Kannel is known to lose is refused before it is sent, with the reason and a remedy; what does
// no harm is told once. Kannel itself shows the same in test/interop/pap-kannel.test.ts.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes, type PushContentType } from '../../../src/push/index.ts';
import { createPapSender, type PapGateway } from '../../../src/push/pap/index.ts';
import { fieldOf } from '../http/scripted-peer.ts';
import { entitiesOf, never, plmn, pushOf, startGateway, withCode } from './gateway.ts';

const ipv4 = 'WAPPUSH=192.0.2.7/TYPE=IPv4@ppg.example';
const required = { bearerRequired: true, networkRequired: true } as const;
const credentials = { username: 'joe', password: 'secret' };
const bootstrap: PushContentType = {
  ...contentTypes['connectivity+wbxml'],
  parameters: { SEC: 'USERPIN', MAC: 'AB12' },
};

/** A gateway of kind kannel, its warnings, and a way to push to an address. */
async function kannel(t: TestContext, gateway: Partial<PapGateway> = {}) {
  const warnings: string[] = [];
  const options = { onWarning: (detail: string) => void warnings.push(detail) };
  const { peer, sender } = await startGateway(t, withCode(1001), { kind: 'kannel', ...gateway }, options);
  const push = (size = 5, contentType: PushContentType = contentTypes['dm1.3'], address = plmn) =>
    sender.send(pushOf(size, contentType), { address, gateway: 'ppg.example' }, never);
  return { peer, sender, push, warnings };
}

function isLoss(error: unknown, what: RegExp): boolean {
  assert.ok(error instanceof PushError);
  assert.deepEqual([error.code, error.retryable], ['GATEWAY_LOSS', false]);
  assert.match(error.message, what);
  assert.match(error.message, /not sent, because Kannel .*: .*"force": true/);
  return true;
}

describe('what no device could take is not sent', () => {
  const rows: readonly [string, number, PushContentType, string, RegExp][] = [
    ['SEC and MAC', 5, bootstrap, plmn, /drops .* SEC and MAC/],
    ['SEC and MAC over IP', 5, bootstrap, ipv4, /drops .* SEC and MAC/],
    ['MAC alone, in lower case', 5, { ...bootstrap, parameters: { mac: 'AB' } }, ipv4, /drops .* mac/],
    ['a name', 5, contentTypes['dm1.3'], 'WAPPUSH=joe/TYPE=USER@ppg.example', /no addresses of type USER/],
    ['IPv6', 5, contentTypes['dm1.3'], 'wappush=::1/type=ipv6@ppg.example', /no IPv6/],
    ['more than ten messages', 1269, contentTypes['dm1.3'], plmn, /beyond 10 short messages: 1281 .* 1280/],
    ['more than ten messages with a type in text', 1238, contentTypes['dm+wbxml'], plmn, /1281 .* 1280 fit/],
  ];
  for (const [name, size, contentType, address, what] of rows) {
    test(name, async (t) => {
      const { peer, push } = await kannel(t);
      await assert.rejects(push(size, contentType, address), (error) => isLoss(error, what));
      assert.equal(peer.requests.length, 0);
    });
  }

  test('what it does not understand: replacements, cancellations and questions', async (t) => {
    const { peer, sender } = await kannel(t);
    const to = { address: plmn, gateway: 'ppg.example' };
    const replaced = { reference: 'x', method: 'all' } as const;
    for (const ask of [
      sender.replace(pushOf(1), to, replaced, never),
      sender.cancel('ppg.example', 'x', [], never),
      sender.queryStatus('ppg.example', 'x', [], never),
      sender.queryCapabilities(to, {}, never),
    ]) {
      await assert.rejects(ask, (error) => isLoss(error, /new pushes alone/));
    }
    assert.equal(peer.requests.length, 0);
  });

  test('a bearer that the configuration requires and the address does not have', async (t) => {
    const qualityOfService = {
      ...{ network: 'GSM', networkRequired: true },
      ...{ bearer: 'GPRS', bearerRequired: true },
    };
    const { push } = await kannel(t, { qualityOfService });
    await assert.rejects(push(), (error) => isLoss(error, /type PLMN over the bearer/));
    await push(5, contentTypes['dm1.3'], ipv4);
  });
});

describe('what fits is sent', () => {
  test('the very last octet of ten messages, of more where maxMessages says so, and any length over IP', async (t) => {
    const { push } = await kannel(t);
    await push(1268);
    await push(1237, contentTypes['dm+wbxml']);
    await push(5000, contentTypes['dm+wbxml'], ipv4);
    const more = await kannel(t, { maxMessages: 40 });
    await more.push(5000);
    const one = await kannel(t, { maxMessages: 1 });
    await one.push(123);
    await assert.rejects(one.push(124), (error) => isLoss(error, /134 octets with their headers, 133 fit/));
    const longer = await kannel(t, { headers: { 'X-Kannel-SMSC': 'one', 'X-Much': 'y'.repeat(20) } });
    await longer.push(1240);
    await assert.rejects(longer.push(1241), (error) => isLoss(error, /1281/));
  });

  test('over IP, what one datagram holds, to the last octet', async (t) => {
    const { peer, push } = await kannel(t);
    const fit = 65_507;
    const names = ['dm+wbxml', 'dm1.3'] as const;
    for (const name of names) {
      const type = contentTypes[name];
      const over = /makes one UDP datagram of it: (?<octets>[0-9]+) octets with their headers, 65507 fit/;
      const error: unknown = await push(65_500, type, ipv4).catch((reason: unknown) => reason);
      assert.ok(error instanceof PushError && error.code === 'GATEWAY_LOSS' && !error.retryable);
      const head = Number(over.exec(error.message)?.groups?.octets) - 65_500;
      assert.ok(head > 0);
      await push(fit - head, type, ipv4);
      await assert.rejects(push(fit - head + 1, type, ipv4), (reason) => isLoss(reason, over));
    }
    assert.equal(peer.requests.length, names.length);
  });

  test('SEC and MAC that stand in the type itself are seen too', async (t) => {
    const { peer, push } = await kannel(t);
    const mime = 'application/vnd.wap.connectivity-wbxml';
    for (const written of [
      '; SEC=1; MAC=AA',
      ';sec=1;mac="A;A"',
      ' ; MAC = AA',
      '; x="a\\";SEC=1"; MAC=AA',
    ]) {
      const type = { ...bootstrap, mime: `${mime}${written}`, parameters: {} };
      await assert.rejects(push(5, type), (error) => isLoss(error, /SEC|MAC|sec/));
    }
    assert.equal(peer.requests.length, 0);
    await push(5, { ...bootstrap, mime: `${mime}; x="a;SEC=1"`, parameters: {} });
    assert.equal(peer.requests.length, 1);
  });

  test('with force: everything, and what is lost is told once', async (t) => {
    const { peer, push, warnings } = await kannel(t, { force: true });
    for (const size of [5, 6]) await push(size, bootstrap);
    for (const size of [1300, 1400]) await push(size);
    assert.equal(peer.requests.length, 4);
    assert.deepEqual(
      warnings.map((text) => /by force|as text/.exec(text)?.[0]),
      ['by force', 'as text', 'by force'],
    );
    assert.match(warnings[0] ?? '', /^ppg\.example: .*drops .* SEC and MAC/);
  });

  test('a gateway of no kind gets everything, as before', async (t) => {
    const { peer, send } = await startGateway(t, withCode(1001));
    await send(5000, bootstrap);
    assert.equal(peer.requests.length, 1);
  });
});

describe('what follows from the kind', () => {
  test('Basic credentials go with the first request', async (t) => {
    const { peer, push } = await kannel(t, { credentials, allowPlainBasic: true });
    await push();
    const asked = await kannel(t, { credentials, allowPlainBasic: true, preemptiveBasic: false });
    await asked.push();
    const proofs = [peer, asked.peer].map(
      ({ requests: [first] }) => first && fieldOf(first, 'authorization'),
    );
    assert.match(proofs[0] ?? '', /^Basic /);
    assert.equal(proofs[1], undefined);
  });

  test('preemptiveBasic that is said to be false is warned of, once, where there are credentials', async (t) => {
    const off = { preemptiveBasic: false, allowPlainBasic: true } as const;
    const asked = await kannel(t, { credentials, ...off });
    for (const size of [5, 6]) await asked.push(size);
    assert.equal(asked.warnings.length, 1);
    assert.match(
      asked.warnings[0] ?? '',
      /counts each request without credentials.*leave preemptiveBasic out/,
    );
    const open = await kannel(t, off);
    await open.push();
    assert.deepEqual(open.warnings, []);
  });

  test('no result notifications are asked for or waited for, delivery reports of short messages are', async (t) => {
    const { peer, sender, push, warnings } = await kannel(t, {
      notifyTo: 'http://dm.example/results',
      kannelReportsTo: 'http://dm.example/kannel',
    });
    await push(5, contentTypes['dm1.3'], ipv4);
    assert.equal(sender.awaited, 0);
    await push();
    assert.equal(sender.awaited, 1);
    const [overIp, overSms] = peer.requests;
    assert.ok(overIp !== undefined && overSms !== undefined);
    assert.equal(fieldOf(overIp, 'x-kannel-dlr-url'), undefined);
    assert.match(fieldOf(overSms, 'x-kannel-dlr-url') ?? '', /^http:\/\/dm\.example\/kannel\?/);
    assert.ok(!('ppgNotifyRequestedTo' in entitiesOf(overSms).document.message));
    assert.deepEqual(
      warnings.filter((text) => text.includes('notifyTo')),
      warnings,
    );
    assert.equal(warnings.length, 1);
  });

  test('numbers go without separators, which the message centre would get', async (t) => {
    const { peer, push } = await kannel(t);
    await push(5, contentTypes['dm1.3'], 'wappush=+49-170.123/type=plmn@ppg.example');
    const [request] = peer.requests;
    assert.ok(request !== undefined);
    const { message } = entitiesOf(request).document;
    assert.deepEqual('addresses' in message && message.addresses, [
      'WAPPUSH=+49170123/TYPE=PLMN@ppg.example',
    ]);
  });

  test('what arrives otherwise without harm is told once: types as text, other parameters, header fields', async (t) => {
    const { push, warnings } = await kannel(t, { headers: { 'X-Kannel-SMSC': 'a', 'X-Trace': '1' } });
    const charset = { ...contentTypes['connectivity+xml'], parameters: { charset: 'utf-8' } };
    for (let times = 0; times < 2; times += 1) {
      await push();
      await push(5, contentTypes['dm1.2']);
      await push(5, charset);
    }
    assert.deepEqual(
      warnings.map(
        (text) =>
          /X-Trace|syncml\.notification goes out as text|xml goes out as text|dropped: charset/.exec(
            text,
          )?.[0],
      ),
      ['X-Trace', 'syncml.notification goes out as text', 'xml goes out as text', 'dropped: charset'],
    );
  });

  test('a warning that cannot be written stops no push', async (t) => {
    const onWarning = (): never => {
      throw new Error('disk full');
    };
    const { send } = await startGateway(t, withCode(1001), { kind: 'kannel' }, { onWarning });
    assert.equal((await send(5, contentTypes['dm1.2'])).outcome, 'accepted');
  });
});

describe('settings that cannot work are refused when the sender is made, and taken with force', () => {
  const rows: readonly [string, Partial<PapGateway>, RegExp][] = [
    ['a port in the name', { name: 'ppg.example:8080' }, /\.name: .*no port/],
    ['an underscore in the name', { name: 'ppg_1' }, /\.name/],
    ['a password in the clear', { credentials }, /\.allowPlainBasic/],
    [
      'confirmed delivery',
      { qualityOfService: { deliveryMethod: 'confirmed' } },
      /deliveryMethod: .*holds back/,
    ],
    ['preferably confirmed', { qualityOfService: { deliveryMethod: 'preferconfirmed' } }, /deliveryMethod/],
    ['an unknown bearer', { qualityOfService: { bearer: 'UDP' } }, /\.bearer: /],
    ['an unknown network', { qualityOfService: { network: 'LTE' } }, /\.network: /],
    [
      'a bearer alone required',
      { qualityOfService: { bearer: 'GPRS', bearerRequired: true } },
      /bearerRequired/,
    ],
  ];
  const made = (change: Partial<PapGateway>): void => {
    const gateway = {
      name: 'ppg.example',
      url: 'http://127.0.0.1:9/wappush',
      kind: 'kannel',
      ...change,
    } as const;
    void createPapSender({ gateways: [gateway] }).close();
  };
  for (const [name, change, message] of rows) {
    test(name, () => {
      assert.throws(
        () => made(change),
        (error) =>
          error instanceof ValueError &&
          message.test(error.message) &&
          /cannot work: Kannel/.test(error.message),
      );
      made({ ...change, force: true });
      made({ ...change, kind: undefined });
    });
  }

  test('what can work is taken', () => {
    made({});
    made({ name: 'ppg-1.example', credentials, url: 'https://127.0.0.1:9/wappush' });
    made({ qualityOfService: { deliveryMethod: 'notspecified', bearer: 'sms', network: 'gsm' } });
    made({ qualityOfService: { ...required, bearer: 'Any', network: 'Any' } });
  });

  test('bounds and kinds that are none', () => {
    for (const maxMessages of [0, 256, 1.5, Number.NaN]) {
      assert.throws(() => made({ maxMessages }), /maxMessages/);
    }
    assert.throws(() => made({ kind: 'other' as 'kannel' }), /kind/);
  });
});
