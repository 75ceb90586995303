// What a fleet asks of a server to be known to it and to be woken, request by request.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { aborted, awaitWoken, registerFleet, wakeFleet } from '../../../src/cli/fleet/register-fleet.ts';
import type { ApiClient } from '../../../src/client/index.ts';
import { ReveilleError } from '../../../src/core/index.ts';
import type { DeviceRecord, Fleet } from '../../../src/fleet/index.ts';

type Request = readonly [method: string, path: string, body: unknown, key?: string];

/** What goes with a request. */
interface Asked {
  readonly body: object;
  readonly params?: {
    readonly path?: { readonly id: string };
    readonly header?: { readonly 'idempotency-key': string };
  };
}

const account = { serverId: 'com.example.dm', url: 'http://127.0.0.1:8080/dm' };
const never = new AbortController().signal;
const records = ['IMEI:1', 'IMEI:2'].map(
  (id) =>
    ({ id, serverId: account.serverId, addresses: [`wap:127.0.0.1:${id.slice(-1)}`], man: 'E' }) as never,
) as readonly DeviceRecord[];

/** A server that notes what it is asked; `answer` throws what it refuses. */
function server(answer: (request: Request, nth: number) => void = () => undefined) {
  const requests: Request[] = [];
  const take = async (request: Request): Promise<object> => {
    requests.push(request);
    answer(request, requests.length);
    return {};
  };
  const api = {
    post: (path: string, { body, params }: Asked) => {
      const key = params?.header?.['idempotency-key'];
      return take(key === undefined ? ['POST', path, body] : ['POST', path, body, key]);
    },
    patch: (path: string, { body, params }: Asked) =>
      take(['PATCH', path.replace('{id}', encodeURIComponent(params?.path?.id ?? '')), body]),
  } as unknown as ApiClient;
  return { api, requests };
}

/** A fleet of two devices, of which the second was pushed to. */
function fleet(more: Partial<Record<keyof Fleet, unknown>> = {}) {
  const asked: string[] = [];
  const of = {
    records: () => records,
    device: (id: string) => ({ pushes: id === 'IMEI:2' ? 1 : 0 }),
    ready: () => Promise.resolve(),
    requested: (id: string) => asked.push(id),
    ...more,
  } as unknown as Fleet;
  return { fleet: of, asked };
}

const refused = (code: string): ReveilleError => new ReveilleError(code, `the server refused: ${code}`);
/** A clock whose timers end at once. */
function hurried(t: TestContext): number[] {
  const waits: number[] = [];
  const now = performance.now.bind(performance);
  let skipped = 0;
  t.mock.method(performance, 'now', () => now() + skipped);
  t.mock.method(globalThis, 'setTimeout', (run: () => void, ms: number) => {
    waits.push(ms);
    return setImmediate(() => {
      skipped += ms;
      run();
    });
  });
  t.mock.method(globalThis, 'clearTimeout', (immediate: NodeJS.Immediate) => clearImmediate(immediate));
  return waits;
}

describe('a fleet at a server', () => {
  it('is registered with its account and each device', async () => {
    const { api, requests } = server();
    await registerFleet(api, fleet().fleet, account, never);
    assert.deepEqual(requests, [
      ['POST', '/v1/accounts', account],
      ['POST', '/v1/devices', records[0]],
      ['POST', '/v1/devices', records[1]],
    ]);
  });

  it('that the server has already gets addresses, and credentials where no push has used them', async () => {
    const { api, requests } = server(([method]) => {
      if (method === 'POST') throw refused('ALREADY_EXISTS');
    });
    await registerFleet(api, fleet().fleet, account, never);
    assert.deepEqual(
      requests.filter(([method]) => method === 'PATCH'),
      [
        ['PATCH', '/v1/devices/IMEI%3A1', { addresses: ['wap:127.0.0.1:1'], man: 'E' }],
        ['PATCH', '/v1/devices/IMEI%3A2', { addresses: ['wap:127.0.0.1:2'] }],
      ],
    );
  });

  it('has each device woken once, under a key of the run', async () => {
    const { api, requests } = server();
    const { fleet: woken, asked } = fleet();
    await wakeFleet(api, woken, { run: 'r1' }, never);
    assert.deepEqual(requests, [
      ['POST', '/v1/notifications', { device: 'IMEI:1' }, 'r1-IMEI:1'],
      ['POST', '/v1/notifications', { device: 'IMEI:2' }, 'r1-IMEI:2'],
    ]);
    assert.deepEqual(asked, ['IMEI:1', 'IMEI:2']);
  });

  for (const code of ['UNREACHABLE', 'HTTP_429', 'HTTP_502', 'HTTP_503', 'HTTP_504']) {
    it(`asks again after ${code}, a second later, ten times at most`, async (t) => {
      const waits = hurried(t);
      const patient = server((_, nth) => {
        if (nth === 1) throw refused(code);
      });
      await registerFleet(patient.api, fleet({ records: () => [] }).fleet, account, never);
      assert.equal(patient.requests.length, 2);
      assert.deepEqual(waits, [1000]);
      const closed = server(() => {
        throw refused(code);
      });
      await assert.rejects(registerFleet(closed.api, fleet().fleet, account, never), { code });
      assert.equal(closed.requests.length, 10);
    });
  }

  it('asks once where the answer is not about patience, and then no more', async () => {
    const { api, requests } = server(([, path]) => {
      if (path === '/v1/devices') throw refused('HTTP_500');
    });
    await assert.rejects(registerFleet(api, fleet().fleet, account, never), { code: 'HTTP_500' });
    assert.deepEqual(
      requests.map(([, path]) => path),
      ['/v1/accounts', '/v1/devices', '/v1/devices'],
    );
  });

  it('asks for no wake once it is stopped, also where its carriers are not ready; else their error is told', async () => {
    const { api, requests } = server();
    const broken = fleet({ ready: () => Promise.reject(refused('CLOSED')) });
    await wakeFleet(api, broken.fleet, { run: 'r1' }, AbortSignal.abort());
    await assert.rejects(wakeFleet(api, broken.fleet, { run: 'r1' }, never), { code: 'CLOSED' });
    assert.deepEqual([requests, broken.asked], [[], []]);
  });

  it('is awake when as many are woken as are up', async (t) => {
    const waits = hurried(t);
    await awaitWoken(fleet({ status: () => ({ up: 2, woken: waits.length }) }).fleet, never);
    assert.deepEqual(waits, [100, 100]);
    await awaitWoken(fleet({ status: () => ({ up: 2, woken: 0 }) }).fleet, AbortSignal.abort());
    await aborted(AbortSignal.abort());
  });
});
