import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex, PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes, type Push, socketPushError } from '../../../src/push/index.ts';
import { createWapSender, type WapSenderOptions } from '../../../src/push/wap/index.ts';
import { hasIpv6, UdpSocket } from './udp-socket.ts';

const never = new AbortController().signal;

function pushOf(type: keyof typeof contentTypes, octets = 3): Push {
  return { id: 'p1', contentType: contentTypes[type], body: new Uint8Array(octets).fill(0xaa) };
}

async function withSender(
  options: WapSenderOptions,
  run: (sender: ReturnType<typeof createWapSender>, device: UdpSocket) => Promise<void>,
): Promise<void> {
  const sender = createWapSender(options);
  const device = await UdpSocket.open();
  try {
    await run(sender, device);
  } finally {
    await sender.close();
    await device.close();
  }
}

const wire: readonly (readonly [keyof typeof contentTypes, string, string])[] = [
  ['dm1.2', '010603c4af87aaaaaa', 'DM-NOTI-1.2 §7.1'],
  ['dm1.3-2010', '010603c4af87aaaaaa', 'N10-S-005 DM-NOTI-1.3-2010 §7.1'],
  ['dm1.3', '010603d8af87aaaaaa', 'N13-S-012 DM-NOTI-1.3 §7.1'],
  ['dm+wbxml', '010603c2af87aaaaaa', 'PB-S-002 DM-PUSH §5.1.1'],
  ['dm+xml', '010603c3af87aaaaaa', 'PB-S-002 DM-PUSH §5.1.1'],
];
for (const [type, hex, rule] of wire) {
  test(`${rule}: ${type} on the wire, content type and application id as codes`, async () => {
    await withSender({}, async (sender, device) => {
      const receipt = await sender.send(pushOf(type), { host: '127.0.0.1', port: device.port }, never);
      assert.deepEqual(receipt, { outcome: 'sent' });
      assert.equal(bytesToHex((await device.next()).octets), hex);
    });
  });
}

test('transaction ids count up and wrap round; one socket sends everything', async () => {
  await withSender({}, async (sender, device) => {
    const to = { host: '127.0.0.1', port: device.port };
    const sources = new Set<number>();
    for (let count = 1; count <= 258; count += 1) {
      await sender.send(pushOf('dm1.2'), to, never);
      const { octets, from } = await device.next();
      assert.equal(octets[0], count % 256);
      sources.add(from.port);
    }
    assert.equal(sources.size, 1);
  });
});

test('IPv6', { skip: hasIpv6 ? false : 'this machine has no ::1' }, async () => {
  const device = await UdpSocket.open('::1');
  const sender = createWapSender();
  await sender.send(pushOf('dm1.3'), { host: '::1', port: device.port }, never);
  assert.equal(bytesToHex((await device.next()).octets), '010603d8af87aaaaaa');
  await sender.close();
  await device.close();
});

test('a body of maxPayload octets is sent, one more is refused before anything is sent', async () => {
  await withSender({}, async (sender, device) => {
    const to = { host: '127.0.0.1', port: device.port };
    assert.equal(sender.maxPayload, 1400 - 6);
    await assert.rejects(
      sender.send(pushOf('dm+xml', sender.maxPayload + 1), to, never),
      (error) =>
        error instanceof ValueError &&
        error.code === 'TOO_LONG' &&
        /1395 octets, 1394 fit/.test(error.message),
    );
    await sender.send(pushOf('dm+xml', sender.maxPayload), to, never);
    assert.equal((await device.next()).octets.length, 1400);
  });
});

test('the largest datagram of UDP, 65507 octets, by option; an empty body', async () => {
  await withSender({ maxDatagram: 65507 }, async (sender, device) => {
    const to = { host: '127.0.0.1', port: device.port };
    await sender.send(pushOf('dm+wbxml', sender.maxPayload), to, never);
    assert.equal((await device.next()).octets.length, 65507);
    await sender.send(pushOf('dm+wbxml', 0), to, never);
    assert.equal((await device.next()).octets.length, 6);
  });
  for (const maxDatagram of [0, 63, 65508, 1.5])
    assert.throws(() => createWapSender({ maxDatagram }), ValueError);
});

test('ruling 13: extra headers beyond 41 octets refuse Package #0 but not a DM message', async () => {
  const headers = [{ name: 'X-Wap-Initiator-URI', value: 'u'.repeat(34) }];
  await withSender({ headers }, async (sender, device) => {
    const to = { host: '127.0.0.1', port: device.port };
    assert.equal(sender.maxPayload, 1400 - 42);
    for (const type of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
      await assert.rejects(
        sender.send(pushOf(type), to, never),
        (error) => error instanceof ValueError && error.code === 'TOO_LONG',
      );
    }
    await sender.send(pushOf('dm+xml'), to, never);
    assert.equal((await device.next()).octets.length, 45);
  });
});

test('a host name is resolved', async () => {
  const resolve = async (host: string): Promise<{ address: string }> => {
    assert.equal(host, 'device.example');
    return { address: '127.0.0.1' };
  };
  await withSender({ resolve }, async (sender, device) => {
    await sender.send(pushOf('dm1.2'), { host: 'device.example', port: device.port }, never);
    assert.equal((await device.next()).octets[0], 1);
  });
});

test('a host name that cannot be resolved is a retryable PushError', async () => {
  const resolve = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
  await withSender({ resolve }, async (sender) => {
    await assert.rejects(
      sender.send(pushOf('dm1.2'), { host: 'device.example', port: 1 }, never),
      (error) => {
        assert.ok(error instanceof PushError);
        assert.equal(error.code, 'HOST_NOT_FOUND');
        assert.ok(error.retryable);
        assert.match(error.message, /device\.example.*ENOTFOUND/);
        return true;
      },
    );
  });
});

test('the system refuses a broadcast address: a PushError that is not retryable', async () => {
  await withSender({}, async (sender) => {
    await assert.rejects(
      sender.send(pushOf('dm1.2'), { host: '255.255.255.255', port: 2948 }, never),
      (error) => error instanceof PushError && error.code === 'EACCES' && !error.retryable,
    );
  });
});

test('socket errors: which may pass', () => {
  const map = (code: string): string => {
    const error = socketPushError(Object.assign(new Error('x'), { code }), '[::1]:2948');
    return `${error.code} ${error.retryable}`;
  };
  const codes = [
    'ENETUNREACH',
    'EHOSTUNREACH',
    'ENOBUFS',
    'EPERM',
    'EOTHER',
    'EMSGSIZE',
    'EINVAL',
    'EAFNOSUPPORT',
  ];
  assert.deepEqual(codes.map(map), [
    'ENETUNREACH true',
    'EHOSTUNREACH true',
    'ENOBUFS true',
    'EPERM true',
    'EOTHER true',
    'EMSGSIZE false',
    'EINVAL false',
    'EAFNOSUPPORT false',
  ]);
  assert.equal(socketPushError('text', 'x').code, 'UNKNOWN');
});

test('an aborted signal: nothing is sent, before and during the search for the address', async () => {
  const isAborted = (error: unknown): boolean => error instanceof PushError && error.code === 'ABORTED';
  const controller = new AbortController();
  const resolve = (): Promise<never> => {
    controller.abort();
    return new Promise(() => {});
  };
  await withSender({ resolve }, async (sender, device) => {
    const to = { host: '127.0.0.1', port: device.port };
    await assert.rejects(sender.send(pushOf('dm1.2', 1), to, AbortSignal.abort()), isAborted);
    await assert.rejects(
      sender.send(pushOf('dm1.2', 2), { ...to, host: 'x.example' }, controller.signal),
      isAborted,
    );
    await sender.send(pushOf('dm1.2', 9), to, never);
    assert.equal((await device.next()).octets.length, 15);
  });
});

test('a target that cannot be is refused', async () => {
  await withSender({}, async (sender) => {
    for (const to of [
      { host: '', port: 1 },
      { host: '127.0.0.1', port: 0 },
      { host: '127.0.0.1', port: 65536 },
    ]) {
      await assert.rejects(sender.send(pushOf('dm1.2'), to, never), ValueError);
    }
  });
});

test('close waits for pushes in flight, and what comes later is refused as retryable', async () => {
  let found: (result: { address: string }) => void = () => {};
  const resolve = (): Promise<{ address: string }> =>
    new Promise((done) => {
      found = done;
    });
  await withSender({ resolve }, async (sender, device) => {
    const order: string[] = [];
    const sending = sender
      .send(pushOf('dm1.2'), { host: 'x.example', port: device.port }, never)
      .then(() => order.push('sent'));
    const closing = sender.close().then(() => order.push('closed'));
    await assert.rejects(
      sender.send(pushOf('dm1.2'), { host: '127.0.0.1', port: device.port }, never),
      (error) => error instanceof PushError && error.code === 'CLOSED' && error.retryable,
    );
    found({ address: '127.0.0.1' });
    await Promise.all([sending, closing]);
    assert.deepEqual(order, ['sent', 'closed']);
    assert.equal((await device.next()).octets[0], 1);
  });
});

test('many pushes at once all arrive', async () => {
  await withSender({}, async (sender, device) => {
    const to = { host: '127.0.0.1', port: device.port };
    await Promise.all(Array.from({ length: 100 }, () => sender.send(pushOf('dm1.2'), to, never)));
    const ids = new Set<number | undefined>();
    for (let i = 0; i < 100; i += 1) ids.add((await device.next()).octets[0]);
    assert.equal(ids.size, 100);
  });
});
