// A road through sendsms: its requests, its answers, its reports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { newToken } from '../../../src/push/short-message/index.ts';
import {
  createKannelRoad,
  type KannelRoadOptions,
  kannelDefaults,
} from '../../../src/push/sms-kannel/index.ts';
import { pushPolicyDefaults } from '../../../src/server/push/push-policy.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { number, type Said, scene } from './fake-sendsms.ts';

const code =
  (wanted: string, certain: boolean, retryable = true) =>
  (error: unknown) => {
    assert.ok(error instanceof PushError, String(error));
    assert.deepEqual(
      [error.code, error.notTaken, error.retryable],
      [wanted, certain, retryable],
      error.message,
    );
    assert.doesNotMatch(`${error.message}${error.stack}${JSON.stringify(error)}`, /hidden/);
    return true;
  };

test(
  'the octets of a message, each percent-encoded, with the account, class, and where reports go',
  scene(async ({ send, queries }) => {
    const result = await send(2);
    assert.ok(result.outcome === 'accepted');
    assert.match(result.reference, /^gw:[0-9a-f]{32}$/);
    const [query = ''] = queries;
    const token = /%2Fsms%2Fgw%2F([A-Za-z0-9_-]{24})%3F/.exec(query)?.[1] ?? '';
    assert.notEqual(token, '');
    assert.ok(!result.reference.includes(token));
    assert.equal(
      query,
      'username=user&password=hidden%20word&coding=1&mclass=1&to=%2B491701234567&udh=%06%05%04%0b%84%c0%02' +
        '&text=%01%06%03%c2%af%87%00%01&dlr-mask=31' +
        `&dlr-url=http%3A%2F%2Fdm.example%2Fsms%2Fgw%2F${token}%3Fd%3D%25d%26a%3D%25A`,
    );
  }),
);

test(
  'what the settings say, and the life of a push in minutes',
  scene(
    async ({ send, queries }) => {
      await send(2, { expiresAt: Date.now() + 200_000 });
      await send(2);
      const [first, second] = queries.map((query) => new URLSearchParams(query));
      assert.equal(first?.get('validity'), '3');
      assert.equal(second?.get('validity'), '10');
      for (const [name, value] of Object.entries({
        from: '4040',
        smsc: 'A',
        account: 'b',
        priority: '2',
        'alt-dcs': '1',
      }))
        assert.equal(first?.get(name), value);
      assert.equal(first?.get('mclass'), null);
      assert.equal(first?.get('dlr-mask'), null);
    },
    {
      from: '4040',
      smsc: 'A',
      account: 'b',
      priority: 2,
      alternativeCoding: true,
      messageClass: 'none',
      validitySeconds: 600,
      callbackUrl: () => undefined,
    },
  ),
);

test(
  'a push of several messages: one request for each, and it is delivered when all are',
  scene(async ({ send, queries, callback, reports, road }) => {
    const result = await send(300);
    assert.ok(result.outcome === 'accepted');
    assert.equal(queries.length, 3);
    const headers = queries.map((query) => /udh=([^&]*)/.exec(query)?.[1]?.replaceAll('%', ''));
    assert.deepEqual(
      headers,
      [1, 2, 3].map((nth) => `0b000301030${nth}05040b84c002`),
    );
    for (const state of ['4', '8']) assert.equal((await callback(0, state)).status, 200);
    for (const nth of [2, 0, 0])
      assert.deepEqual(await callback(nth, '1'), { status: 200, text: 'taken', proved: true });
    assert.equal(reports.length, 0);
    await callback(1, '1', 'id:1 stat:DELIVRD err:000');
    assert.deepEqual(
      reports.map(({ outcome, reference, detail, references }) => [
        outcome,
        reference,
        detail,
        references.length,
      ]),
      [['delivered', result.reference, 'gw: delivered to the phone', 3]],
    );
    assert.equal(road.reports().intermediate, 2);
  }),
);

const failures: readonly (readonly [string, string, string])[] = [
  [
    '2',
    'id:7 sub:001 dlvrd:000 submit date:1 done date:1 stat:UNDELIV err:034 text:',
    'not delivered to the phone, error UNDELIV 034',
  ],
  [
    '16',
    'NACK/0x0000000b/Invalid Destination Address',
    'rejected by the centre, error NACK/0x0000000b/Invalid Destination Address',
  ],
  ['16', '', 'rejected by the centre'],
  ['2', `\u0000${'x'.repeat(500)}`, `not delivered to the phone, error ${'x'.repeat(80)}`],
];
for (const [state, said, detail] of failures) {
  test(
    `state ${state} fails the push: ${detail.slice(0, 60)}`,
    scene(async ({ send, callback, reports }) => {
      await send();
      await callback(0, state, said);
      assert.deepEqual(
        reports.map((report) => [report.outcome, report.detail]),
        [['failed', `gw: ${detail}`]],
      );
    }),
  );
}

test(
  'a report that comes before the answer counts',
  scene(async (bench) => {
    bench.before = () => bench.callback(0, '1');
    await bench.send();
    assert.deepEqual(
      bench.reports.map(({ outcome }) => outcome),
      ['delivered'],
    );
  }),
);

test(
  'a report that is said again when its push is over is late, and is counted at once',
  scene(async ({ send, callback, road, reports }) => {
    await send();
    for (const state of ['1', '1', '2']) await callback(0, state);
    const { matched, late, unmatched } = road.reports();
    assert.deepEqual([matched, late, unmatched, reports.length], [1, 2, 0, 1]);
  }),
);

test(
  'a token that nobody waits for, what is no token, and what is no report',
  scene(async ({ send, callback, road, reports }) => {
    const take = (path: string, state = '1', method = 'GET') =>
      road.callbacks.take({
        method,
        path,
        query: new URLSearchParams({ d: state }),
        header: () => undefined,
        body: new Uint8Array(),
        peer: '::1',
      });
    for (const path of [newToken(), '', 'x', '../x', `${newToken()}/`]) {
      assert.deepEqual(await take(path), { status: 200, text: 'nobody waits for this', proved: false });
    }
    await send();
    for (const state of ['0', '3', '32', '', '1 ', 'x']) {
      assert.deepEqual(await callback(0, state), {
        status: 200,
        text: 'nothing can be made of this',
        proved: true,
      });
    }
    assert.deepEqual([road.reports().unknown, road.reports().malformed, reports], [5, 6, []]);
  }),
);

test(
  'a report that cannot be written down is asked for again',
  scene(
    async ({ send, callback }) => {
      await send();
      assert.equal((await callback(0, '1')).status, 503);
    },
    {
      onReport: () => {
        throw new Error('disk');
      },
    },
  ),
);

test(
  'an answer that is lost: the same octets under the same token again, until there is one',
  scene(async ({ send, answers, queries, callback, reports }) => {
    answers.push('lost', 'lost');
    await send();
    assert.equal(queries.length, 3);
    assert.equal(new Set(queries).size, 1);
    await callback(0, '1');
    assert.equal(reports.length, 1);
  }),
);

test(
  'a refusal of a message after others of its push were taken leaves the push to this road',
  scene(async ({ send, answers, road }) => {
    answers.push([202, '0: Accepted for delivery'], [503, 'Temporal failure, try again later.']);
    await assert.rejects(send(300), code('KANNEL_BUSY', false));
    answers.push([202, '0: Accepted for delivery'], [403, 'Not routable. Do not try again.']);
    await assert.rejects(send(300), code('KANNEL_NOT_ROUTABLE', false, false));
    answers.push([503, 'Temporal failure, try again later.']);
    await assert.rejects(send(300), code('KANNEL_BUSY', true));
    assert.equal(road.reports().open, 0);
  }),
);

test(
  'without any answer it is in doubt, and a refusal after a lost answer leaves it there',
  scene(
    async ({ send, answers }) => {
      answers.push('lost', 'lost', 'lost');
      await assert.rejects(send(), code('UNANSWERED', false));
      answers.push('lost', [503, 'Temporal failure, try again later.']);
      await assert.rejects(send(), code('KANNEL_BUSY', false));
    },
    { maxResends: 2 },
  ),
);

const refusals: readonly (readonly [Said, string, boolean, boolean])[] = [
  [[503, 'Temporal failure, try again later.'], 'KANNEL_BUSY', true, true],
  [[500, 'Sending failed.'], 'KANNEL_FAILED', true, true],
  [[403, 'Authorization failed for sendsms'], 'KANNEL_ACCOUNT', true, false],
  [[403, 'Not routable. Do not try again.'], 'KANNEL_NOT_ROUTABLE', false, true],
  [[400, 'Number(s) has/have been denied by white- and/or black-lists.'], 'KANNEL_REJECTED', false, true],
  [[400, 'Sender missing and no global set, rejected'], 'KANNEL_SENDER', true, false],
  [[404, 'Unknown'], 'KANNEL_PATH', true, false],
  [[405, 'Not allowed'], 'KANNEL_PATH', true, false],
  [[407, 'Credentials wanted'], 'KANNEL_PATH', true, false],
  [[410, 'Gone'], 'KANNEL_PATH', true, false],
  [[429, 'Too many'], 'KANNEL_BUSY', true, true],
  [[301, 'Elsewhere'], 'HTTP_301', true, false],
];
for (const [said, wanted, retryable, up] of refusals) {
  test(
    `${said[0]} ${said[1]}: ${wanted}`,
    scene(async ({ send, answers, queries, road }) => {
      answers.push(said);
      await assert.rejects(send(), code(wanted, true, retryable));
      assert.equal(queries.length, 1);
      assert.equal(road.isUp(), up);
    }),
  );
}

test(
  'an answer that repeats the request shows neither the account nor the token, in whatever form, cut anywhere',
  scene(async ({ send, answers, queries }) => {
    const echoes = [
      (query: string) => query,
      (query: string) => query.replaceAll('%20', '+'),
      (query: string) => decodeURIComponent(query.replace(/&udh=.*?&dlr/, '&dlr')),
      (query: string) => `${'x'.repeat(150)} ${query}`,
    ];
    await send();
    for (const echo of echoes) {
      for (const status of [400, 401, 403, 503]) {
        answers.push([status, `Bad request GET /cgi-bin/sendsms?${echo(queries[0] ?? '')} HTTP/1.1`]);
        await assert.rejects(send(), (error) => {
          assert.ok(error instanceof PushError);
          assert.doesNotMatch(error.message, /hidden|word=[^•]|name=[^•]|sms.gw.[A-Za-z0-9_-]{24}/);
          return true;
        });
      }
    }
  }),
);

test(
  'without an answer the road is down for other pushes, and its status says so until there is one',
  scene(
    async ({ send, answers, road }) => {
      answers.push('lost');
      await assert.rejects(send(), code('UNANSWERED', false));
      assert.equal(road.isUp(), false);
      const [down] = road.binding.status?.() ?? [];
      assert.equal(down?.state, 'down');
      assert.match(down?.lastError ?? '', /without an answer/);
      await send();
      assert.equal(road.isUp(), true);
      assert.equal(road.binding.status?.()[0]?.state, 'up');
    },
    { maxResends: 0, downMs: 600_000 },
  ),
);

test(
  'statuses of others than Kannel: what a gateway before it says is in doubt where the request may have passed',
  scene(
    async ({ send, answers }) => {
      answers.push([502, 'bad gateway']);
      await send();
      answers.push([500, '<html>oops</html>'], [500, '<html>oops</html>']);
      await assert.rejects(send(), code('UNANSWERED', false));
      answers.push([200, 'hello']);
      await assert.rejects(send(), code('PROTOCOL', false, false));
      answers.push([451, '']);
      await assert.rejects(send(), code('HTTP_451', false, false));
      for (const status of [501, 508, 521, 599]) {
        answers.push([status, ''], [status, '']);
        await assert.rejects(send(), code('UNANSWERED', false));
      }
    },
    { maxResends: 1 },
  ),
);

test('nothing listens: it is certain that nothing was taken, and the road is down for a while', async () => {
  const road = createKannelRoad({
    name: 'gw',
    url: 'http://127.0.0.1:1/x',
    username: 'u',
    password: 'hidden',
  });
  const push = { id: 'p', contentType: { mime: 'a/b', code: 0x42 }, body: new Uint8Array(3) };
  await assert.rejects(
    road.binding.send(push, { number }, new AbortController().signal),
    code('ECONNREFUSED', true),
  );
  assert.equal(road.isUp(), false);
  await road.binding.close();
  await assert.rejects(road.binding.send(push, { number }, new AbortController().signal), PushError);
});

test(
  'a push whose time is over, or that is too long, is not sent',
  scene(
    async ({ send, queries }) => {
      await assert.rejects(
        send(2, { expiresAt: 1 }),
        (error) => error instanceof PushError && error.code === 'EXPIRED',
      );
      await assert.rejects(send(500), (error) => error instanceof ValueError && error.code === 'TOO_LONG');
      assert.deepEqual(queries, []);
    },
    { maxSegments: 2 },
  ),
);

test(
  'what Kannel does otherwise than asked is said once',
  scene(async ({ send, answers, warnings }) => {
    for (let count = 0; count < 2; count += 1) {
      answers.push([202, 'Sent.']);
      await send();
      answers.push([202, 'Sent. Message splits: 2']);
      await send();
    }
    assert.equal(warnings.length, 2);
    assert.match(warnings.join('\n'), /immediate-sendsms-reply[\s\S]*cut a message/);
  }),
);

const faults: readonly (readonly [string, Partial<KannelRoadOptions>])[] = [
  ['url', { url: 'ftp://x/' }],
  ['url', { url: 'http://x/?username=a' }],
  ['url', { url: 'http://a:b@x/' }],
  ['username', { username: '' }],
  ['password', { password: 'hidden\nhidden' }],
  ['account', { account: 'a[b' }],
  ['priority', { priority: 4 }],
  ['messageClass', { messageClass: 4 as never }],
  ['validitySeconds', { validitySeconds: 0 }],
  ['maxResends', { maxResends: -1 }],
  ['maxSegments', { maxSegments: 256 }],
  ['places', { places: 0 }],
];
for (const [path, options] of faults) {
  test(`${path} that cannot be is refused: ${JSON.stringify(Object.values(options)).slice(0, 40)}`, () => {
    assert.throws(
      () => createKannelRoad({ name: 'gw', url: 'http://x/', username: 'u', password: 'p', ...options }),
      (error) => error instanceof ValueError && error.path === path && !/hidden/.test(error.message),
    );
  });
}

test('by default all sendings of a message that gets no answer, under one token, go into an attempt', async () => {
  const clock = new ManualClock();
  const run = scene(
    async (bench) => {
      bench.before = () => new Promise(() => {});
      const begun = clock.monotonic();
      const sending = assert.rejects(bench.send(), code('UNANSWERED', false));
      for (let sent = 1; ; sent += 1) {
        await eventually(() => bench.queries.length === sent, `sending ${sent}`);
        clock.advance(kannelDefaults.responseMs);
        if (sent > kannelDefaults.maxResends) break;
        const pause = kannelDefaults.backOffMs * 2 ** (sent - 1);
        await eventually(() => clock.nextTimerAt() === clock.now() + pause, `pause ${sent}`);
        clock.advance(pause);
      }
      await sending;
      assert.equal(new Set(bench.queries).size, 1);
      assert.ok(clock.monotonic() - begun < (pushPolicyDefaults.schemes.sms?.sendTimeoutMs ?? 0));
    },
    { clock, backOffMs: undefined },
  );
  await run();
});
