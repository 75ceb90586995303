// Every field of a notification, from REST through the whole server onto UDP, read there bit by bit by a reader that is
// written here from the documents (DM-NOTI-1.2 §6.1, DM-NOTI-1.3-2010 §6.1, DM-NOTI-1.3 §6.1 to §6.3) and shares nothing with
// the project's codecs: a field that is lost anywhere on the way is missing here, under its name.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningServer, startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';

const serverId = 'com.example.dm';
const secret = 'tG5_hN8-cY3vJu1KfD0qWb';
const nonce = Buffer.from('00ff3a41', 'hex');
const firstSessionId = 0xbeef;

/** Takes bits off octets, the most significant first. */
class Bits {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  number(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      const octet = this.#octets[this.#at >> 3];
      assert.ok(octet !== undefined, 'the octets end too early');
      value = value * 2 + ((octet >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  octets(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.number(8)));
  }

  text(count: number): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.octets(count));
  }

  get left(): number {
    return this.#octets.length - (this.#at >> 3);
  }
}

const md5 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** H(B64(H(server-identifier:password)):nonce:B64(H(trigger))). */
function checkMd5(body: Buffer): void {
  const credentials = md5(`${serverId}:${secret}`).toString('base64');
  const trigger = md5(body.subarray(16)).toString('base64');
  assert.deepEqual(body.subarray(0, 16), md5(`${credentials}:`, nonce, `:${trigger}`), 'digest');
}

/** The fields as they stand on the wire, by their names in the documents. */
type Wire = Readonly<Record<string, unknown>>;

function read2007(body: Buffer): Wire {
  checkMd5(body);
  const bits = new Bits(body.subarray(16));
  const wire: Record<string, unknown> = {
    version: bits.number(10),
    'ui-mode': bits.number(2),
    initiator: bits.number(1),
    'future-use': bits.number(27),
    sessionid: bits.number(16),
  };
  wire['server-identifier'] = bits.text(bits.number(8));
  wire['vendor-specific'] = bits.octets(bits.left).toString('hex');
  return wire;
}

function read2010(body: Buffer): Wire {
  checkMd5(body);
  const bits = new Bits(body.subarray(16));
  const wire: Record<string, unknown> = {
    version: bits.number(10),
    'ui-mode': bits.number(2),
    initiator: bits.number(1),
    transport: bits.number(2),
    'auth-type': bits.number(2),
    'send-devdetail': bits.number(1),
    timeout: bits.number(3),
  };
  const present = { vendor: bits.number(1), moi: bits.number(1), reason: bits.number(1) };
  wire['future-use'] = bits.number(16);
  wire.sessionid = bits.number(16);
  wire['server-identifier'] = bits.text(bits.number(8));
  if (present.vendor === 1) wire['vendor-data'] = bits.octets(bits.number(16)).toString('hex');
  if (present.moi === 1) wire['moi-data'] = bits.text(bits.number(8));
  if (present.reason === 1) wire['reason-data'] = bits.text(bits.number(16));
  assert.equal(bits.left, 0, 'nothing follows');
  return wire;
}

function read2012(body: Buffer): Wire {
  const signed = body.subarray(0, -32);
  const digest = createHash('sha256')
    .update(`${secret}:`)
    .update(signed.subarray(0, 12))
    .update(':')
    .update(signed.subarray(12))
    .digest();
  assert.deepEqual(body.subarray(-32), digest, 'digest');
  const bits = new Bits(signed);
  const version = bits.number(4);
  const count = bits.number(3);
  const wire: Record<string, unknown> = {
    VER: version,
    I: bits.number(1),
    UIM: bits.number(2),
    TRA: bits.number(3),
    RESERVED: bits.number(19),
    TIMEOUT: bits.number(16),
    SESSIONID: bits.number(16),
    TIMESTAMP: bits.number(32),
  };
  const names = [
    '',
    'Server-ID',
    'Targeted-MO',
    'Requested-MO',
    'Preferred-Bearer',
    'Connect-Reason',
    'Vendor-Info',
  ];
  for (let option = 0; option < count; option += 1) {
    const number = bits.number(4);
    const length = bits.number(12);
    const name = names[number] ?? `option ${number}`;
    if (number >= 2 && number <= 4) {
      wire[name] = [...((wire[name] as number[] | undefined) ?? []), bits.number(length * 8)];
    } else {
      assert.equal(wire[name], undefined, `${name} once`);
      wire[name] = bits.text(length);
    }
  }
  assert.equal(bits.left, 0, 'nothing follows');
  return wire;
}

const readers = { 'dm1.2': read2007, 'dm1.3-2010': read2010, 'dm1.3': read2012 } as const;
/** Content-Type of the WSP push with its high bit set (§7.1). */
const codes = { 'dm1.2': 0xc4, 'dm1.3-2010': 0xc4, 'dm1.3': 0xd8 } as const;
type Format = keyof typeof readers;

/** Fields of each format, none of them at its default, and what each is on the wire: nothing else stands there. */
const whole: Readonly<
  Record<Format, readonly (readonly [field: string, value: unknown, name: string, wire: unknown])[]>
> = {
  'dm1.2': [
    ['uiMode', 'user-interaction', 'ui-mode', 3],
    ['initiator', 'user', 'initiator', 0],
    ['vendorData', 'c0ffee00', 'vendor-specific', 'c0ffee00'],
  ],
  'dm1.3-2010': [
    ['uiMode', 'informative', 'ui-mode', 2],
    ['initiator', 'user', 'initiator', 0],
    ['transport', 'https', 'transport', 2],
    ['authType', 'hmac', 'auth-type', 3],
    ['sendDevDetail', true, 'send-devdetail', 1],
    ['timeoutDays', 5, 'timeout', 5],
    ['moIdentifier', 'urn:oma:mo:oma-fumo:1.0', 'moi-data', 'urn:oma:mo:oma-fumo:1.0'],
    ['reason', 'größer\tals', 'reason-data', 'größer\tals'],
    ['vendorData', '00ff', 'vendor-data', '00ff'],
  ],
  'dm1.3': [
    ['uiMode', 'background', 'UIM', 1],
    ['initiator', 'user', 'I', 0],
    ['transport', 'wsp', 'TRA', 4],
    ['timeoutMinutes', 0xa5c3, 'TIMEOUT', 0xa5c3],
    ['targetedMo', [0x8001], 'Targeted-MO', [0x8001]],
    ['requestedMo', [2, 300], 'Requested-MO', [2, 300]],
    ['preferredBearer', ['wlan'], 'Preferred-Bearer', [6]],
    ['reason', 'größer\r\nals', 'Connect-Reason', 'größer\r\nals'],
    ['vendorInfo', 'Ω', 'Vendor-Info', 'Ω'],
  ],
};

/** Rows of the static conformance tables. */
const rows: Readonly<Record<Format, string>> = {
  'dm1.2': 'N12-S-002 N12-S-003',
  'dm1.3-2010': 'N10-S-002 N10-S-003',
  'dm1.3':
    'N13-S-002 N13-S-003 N13-S-004 N13-S-005 N13-S-006 N13-S-007 N13-S-008 N13-S-009 N13-S-010 N13-S-011',
};

/** What stands there besides, whoever posts. */
const always: Readonly<Record<Format, (sessionId: number) => Wire>> = {
  'dm1.2': (sessionid) => ({ version: 11, 'future-use': 0, sessionid, 'server-identifier': serverId }),
  'dm1.3-2010': (sessionid) => ({ version: 12, 'future-use': 0, sessionid, 'server-identifier': serverId }),
  'dm1.3': (sessionId) => ({ VER: 1, RESERVED: 0, SESSIONID: sessionId, 'Server-ID': serverId }),
};

/** Every value of the fields that choose from a list, as its number (DM-NOTI-1.3 §6.4.3 to §6.4.5, §6.5.6 and their like). */
const uiModes = { 'not-specified': 0, background: 1, informative: 2, 'user-interaction': 3 };
const initiators = { user: 0, server: 1 };
const choices: Readonly<
  Record<Format, Readonly<Record<string, readonly [name: string, numbers: Readonly<Record<string, number>>]>>>
> = {
  'dm1.2': { uiMode: ['ui-mode', uiModes], initiator: ['initiator', initiators] },
  'dm1.3-2010': {
    uiMode: ['ui-mode', uiModes],
    initiator: ['initiator', initiators],
    transport: ['transport', { 'not-specified': 0, http: 1, https: 2 }],
    authType: ['auth-type', { 'not-specified': 0, 'http-digest': 1, digest: 2, hmac: 3 }],
  },
  'dm1.3': {
    uiMode: ['UIM', uiModes],
    initiator: ['I', initiators],
    transport: ['TRA', { 'not-specified': 0, http: 1, https: 2, obex: 3, wsp: 4 }],
  },
};

describe('every field of a posted notification, off the wire', {
  concurrency: false,
  timeout: 240_000,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-fields-'));
  const datagrams: Buffer[] = [];
  let socket: Socket;
  let server: RunningServer;
  let devices = 0;

  async function call(
    method: string,
    path: string,
    body?: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${server.apiUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as Readonly<Record<string, unknown>>;
    assert.ok(response.ok, JSON.stringify(answer));
    return answer;
  }

  before(async () => {
    socket = createSocket('udp4', (datagram) => datagrams.push(datagram));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const listen = { host: '127.0.0.1', port: 0 };
    server = await startServer({
      data: folder,
      dm: listen,
      api: { ...listen, tokens: [] },
      policy: { answerTimeoutMs: 600_000 },
      logger: silentLogger,
    });
    await call('POST', '/v1/accounts', { serverId, url: server.dmUrl });
  });
  after(async () => {
    await server.stop();
    socket.close();
    rmSync(folder, { recursive: true });
  });

  /** A device of its own for each push, so that Session-IDs are known and no nonce changes. */
  async function newDevice(format: Format): Promise<string> {
    devices += 1;
    const id = `IMEI:99000033000${String(devices).padStart(4, '0')}`;
    await call('POST', '/v1/devices', {
      id,
      serverId,
      addresses: [`wap:127.0.0.1:${socket.address().port}`],
      format,
      clientCredentials: { name: 'd', secret: 'aV7-kQ2_mT9wRx4LpB6sZe' },
      serverCredentials: { secret, nonceBase64: nonce.toString('base64') },
      firstSessionId,
    });
    return id;
  }

  /** The next datagram, as the fields of the format. */
  async function nextPush(format: Format): Promise<Wire> {
    while (datagrams.length === 0) await once(socket, 'message');
    const datagram = datagrams.shift() ?? Buffer.alloc(0);
    // Transaction id, Push, length of the headers, Content-Type, X-Wap-Application-Id 7 (§7.1, Appendix C).
    assert.deepEqual([...datagram.subarray(1, 6)], [0x06, 3, codes[format], 0xaf, 0x87]);
    return readers[format](datagram.subarray(6));
  }

  for (const format of Object.keys(readers) as Format[]) {
    const fields = Object.fromEntries(whole[format].map(([field, value]) => [field, value]));
    const timestamp = Math.floor(Date.now() / 1000) - 7;
    const posted = { ...fields, ...(format === 'dm1.3' && { timestamp }) };
    const expected: Wire = {
      ...always[format](firstSessionId),
      ...Object.fromEntries(whole[format].map(([, , name, wire]) => [name, wire])),
      ...(format === 'dm1.3' && { TIMESTAMP: timestamp }),
    };

    it(`${rows[format]}: ${format}, POST /v1/notifications`, async () => {
      const device = await newDevice(format);
      await call('POST', '/v1/notifications', { device, format, ...posted });
      const wire = await nextPush(format);
      for (const [field, , name, value] of whole[format]) assert.deepEqual(wire[name], value, field);
      assert.deepEqual(wire, expected);
    });

    it(`${format}: the same with a job, and as the notification of a job`, async () => {
      const commands = [{ command: 'get', uri: './DevInfo/Man' }];
      const withJob = { device: await newDevice(format), format, ...posted, job: commands };
      await call('POST', '/v1/notifications', withJob);
      assert.deepEqual(await nextPush(format), expected);
      const device = await newDevice(format);
      await call('POST', '/v1/jobs', { device, commands, notification: { format, ...posted } });
      assert.deepEqual(await nextPush(format), expected);
    });

    it(`${format}: each field alone, the others at their defaults`, async () => {
      const plainDevice = await newDevice(format);
      await call('POST', '/v1/notifications', { device: plainDevice });
      const plain = await nextPush(format);
      for (const [field, value, name, number] of whole[format]) {
        assert.notDeepEqual(plain[name], number, `${field} is not at its default`);
        const device = await newDevice(format);
        await call('POST', '/v1/notifications', { device, [field]: value });
        const { TIMESTAMP: _, ...wire } = await nextPush(format);
        const { TIMESTAMP: __, ...base } = plain;
        assert.deepEqual(wire, { ...base, [name]: number }, field);
      }
    });

    it(`${format}: every value of the fields that choose from a list`, async () => {
      for (const [field, [name, numbers]] of Object.entries(choices[format])) {
        for (const [value, number] of Object.entries(numbers)) {
          const device = await newDevice(format);
          await call('POST', '/v1/notifications', { device, [field]: value });
          assert.equal((await nextPush(format))[name], number, `${field} ${value}`);
        }
      }
    });
  }

  it('DM-NOTI-1.3 §6.5.6: every bearer, in the order of the list', async () => {
    const bearers = [
      'not-specified',
      '3gpp-circuit-switched',
      '3gpp-packet-switched',
      '3gpp-lte',
      '3gpp2-cdma-packet-data',
      'wimax',
      'wlan',
      'dsl',
      'ethernet',
      'bluetooth',
      'irda',
      'local',
    ];
    for (const first of [0, 5, 7]) {
      const device = await newDevice('dm1.3');
      const preferredBearer = bearers.slice(first, first + 5).reverse();
      await call('POST', '/v1/notifications', { device, preferredBearer });
      const wire = await nextPush('dm1.3');
      assert.deepEqual(
        wire['Preferred-Bearer'],
        preferredBearer.map((name) => bearers.indexOf(name)),
      );
    }
  });

  it('no field that the API takes for a message is left out here', async () => {
    const { components } = (await call('GET', '/openapi.json')) as {
      readonly components: {
        readonly schemas: Readonly<Record<string, { readonly properties: object }>>;
      };
    };
    const schema = components.schemas.NewNotification;
    const ofTheQueue = ['device', 'job', 'format', 'notBefore', 'expiresAt', 'resynchronise'];
    const taken = Object.keys(schema?.properties ?? {}).filter((name) => !ofTheQueue.includes(name));
    const here = new Set([
      'timestamp',
      ...Object.values(whole).flatMap((rows) => rows.map(([field]) => field)),
    ]);
    assert.deepEqual(taken.sort(), [...here].sort());
  });
});
