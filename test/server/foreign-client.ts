// A DM client whose messages none of the project's code makes: text put together here, posted over HTTP to a whole server.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { startDmListener } from '../../src/server/index.ts';
import type { JobRecord } from '../../src/store/index.ts';
import { sampleAccount, sampleDevice } from '../../src/testing/index.ts';
import { type ServerBench, type ServerBenchOptions, withServer } from './server-bench.ts';

export const deviceId = sampleDevice().id;
export const clientName = 'Bruce2';
export const clientSecret = 'OhBehave';
export const serverName = sampleAccount.serverId;
export const serverSecret = 'server secret';

/** An answer of the server. */
export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly octets: Buffer;
  /** The octets as UTF-8. */
  readonly text: string;
}

/** How a message is posted. */
export interface PostOptions {
  /** Value of Content-Type; `null` sends none. Default `application/vnd.syncml.dm+xml`. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where to; default: the RespURI of the last answer, else the address of the server. */
  readonly to?: string;
}

export interface ForeignBench extends ServerBench {
  readonly url: string;
  /** Posts a message. */
  post(body: string | Uint8Array, options?: PostOptions): Promise<Answer>;
  /** The next message goes to the server's own address again. */
  startAnew(): void;
  /** Creates a job and gives its id. */
  job(commands: readonly object[], more?: object): Promise<string>;
  readJob(id: string): Promise<JobRecord>;
}

/** A whole server with its listener on loopback. */
export async function withForeignClient(
  options: ServerBenchOptions,
  run: (bench: ForeignBench) => Promise<void>,
): Promise<void> {
  await withServer(options, async (bench) => {
    const listener = await startDmListener(bench.server.endpoint, { port: 0, host: '127.0.0.1' });
    const url = `http://127.0.0.1:${listener.port}/dm`;
    let next = url;
    try {
      await run({
        ...bench,
        url,
        async post(body, more = {}) {
          const answer = await exchange(more.to ?? next, body, more);
          // RespURI, in either encoding. The account names another host; only the token of the address matters here.
          const token = /[?&](s=[0-9a-f]{32})/.exec(answer.text)?.[1];
          if (token !== undefined) next = `${url}?${token}`;
          return answer;
        },
        startAnew() {
          next = url;
        },
        job: async (commands, more = {}) =>
          (await bench.server.jobs.create({ device: deviceId, commands, wake: false, ...more })).job.id,
        async readJob(id) {
          const job = await bench.store.job(id);
          assert.ok(job);
          return job;
        },
      });
    } finally {
      await listener.close();
    }
  });
}

function exchange(to: string, body: string | Uint8Array, options: PostOptions): Promise<Answer> {
  const { type = 'application/vnd.syncml.dm+xml', headers = {} } = options;
  const octets = Buffer.from(body as Uint8Array);
  return new Promise((resolve, reject) => {
    const sent = request(
      to,
      {
        method: 'POST',
        agent: false,
        headers: {
          ...(type !== null && { 'content-type': type }),
          'content-length': octets.length,
          ...headers,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const all = Buffer.concat(parts);
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'],
            headers: response.headers,
            octets: all,
            text: all.toString('utf8'),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(octets);
  });
}

const md5 = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Digests of DM-SEC-1.2, from the formulas. */
export const digest = {
  basic: (name: string, secret: string): string => Buffer.from(`${name}:${secret}`).toString('base64'),
  md5: (name: string, secret: string, nonce: Uint8Array): string =>
    md5(md5(`${name}:${secret}`).toString('base64'), ':', nonce).toString('base64'),
  hmac: (name: string, secret: string, nonce: Uint8Array, body: string | Uint8Array): string => {
    const inner = md5(`${name}:${secret}`).toString('base64');
    return md5(inner, ':', nonce, ':', md5(body).toString('base64')).toString('base64');
  },
};

/** The `x-syncml-hmac` header of a client's message. */
export function hmacHeader(body: string | Uint8Array, nonce: Uint8Array): Record<string, string> {
  const mac = digest.hmac(clientName, clientSecret, nonce, body);
  return { 'x-syncml-hmac': `algorithm=MD5, username="${clientName}", mac=${mac}` };
}

/** What a SyncHdr holds. */
export interface HeaderFields {
  readonly sid?: string;
  readonly msg?: number | string;
  readonly source?: string;
  readonly name?: string;
  readonly verDtd?: string;
  readonly verProto?: string;
  /** Cred, as XML. */
  readonly cred?: string;
  /** Content of Meta, as XML. */
  readonly meta?: string;
}

export function header(fields: HeaderFields): string {
  const { sid = '7001', msg = 1, source = deviceId, name, verDtd = '1.2', verProto = 'DM/1.2' } = fields;
  const { cred = '', meta } = fields;
  const locName = name === undefined ? '' : `<LocName>${name}</LocName>`;
  return (
    `<SyncHdr><VerDTD>${verDtd}</VerDTD><VerProto>${verProto}</VerProto><SessionID>${sid}</SessionID>` +
    `<MsgID>${msg}</MsgID><Target><LocURI>${sampleAccount.url}</LocURI></Target>` +
    `<Source><LocURI>${source}</LocURI>${locName}</Source>${cred}` +
    `${meta === undefined ? '' : `<Meta>${meta}</Meta>`}</SyncHdr>`
  );
}

/** A whole message. */
export function message(
  fields: HeaderFields,
  body: string,
  options: { readonly prolog?: string; readonly namespace?: string; readonly final?: boolean } = {},
): string {
  const {
    prolog = '<?xml version="1.0" encoding="UTF-8"?>',
    namespace = 'SYNCML:SYNCML1.2',
    final = true,
  } = options;
  const declared = namespace === '' ? '' : ` xmlns="${namespace}"`;
  const end = final ? '<Final/>' : '';
  return `${prolog}<SyncML${declared}>${header(fields)}<SyncBody>${body}${end}</SyncBody></SyncML>`;
}

const metinf = (name: string, text: string): string => `<${name} xmlns="syncml:metinf">${text}</${name}>`;

export function cred(scheme: 'basic' | 'md5', nonce: Uint8Array = new Uint8Array()): string {
  const data =
    scheme === 'basic' ? digest.basic(clientName, clientSecret) : digest.md5(clientName, clientSecret, nonce);
  const meta = metinf('Format', 'b64') + metinf('Type', `syncml:auth-${scheme}`);
  return `<Cred><Meta>${meta}</Meta><Data>${data}</Data></Cred>`;
}

export function chal(type: string, nonce: string): string {
  const meta = metinf('Format', 'b64') + metinf('Type', type) + metinf('NextNonce', nonce);
  return `<Chal><Meta>${meta}</Meta></Chal>`;
}

export function status(
  cmdId: number,
  msgRef: number | string,
  cmdRef: number | string,
  cmd: string,
  data: number | string,
  more = '',
): string {
  const head = `<CmdID>${cmdId}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Cmd>${cmd}</Cmd>`;
  return `<Status>${head}${more}<Data>${data}</Data></Status>`;
}

export const alert = (cmdId: number, code: number | string): string =>
  `<Alert><CmdID>${cmdId}</CmdID><Data>${code}</Data></Alert>`;

export function devInfo(cmdId: number, source = deviceId): string {
  const leaves = [
    ['DevId', source],
    ['Man', 'Maker'],
    ['Mod', 'Model'],
    ['DmV', '1.2'],
    ['Lang', 'en'],
  ];
  const items = leaves.map(
    ([name, value]) =>
      `<Item><Source><LocURI>./DevInfo/${name}</LocURI></Source><Data>${value}</Data></Item>`,
  );
  return `<Replace><CmdID>${cmdId}</CmdID>${items.join('')}</Replace>`;
}

/** Package #1 of a session that the client begins, with basic credentials. */
export const packageOne = (fields: HeaderFields = {}): string =>
  message({ cred: cred('basic'), ...fields }, alert(1, 1201) + devInfo(2));

/** One line for an answer: `200 212:SyncHdr 200:Alert Get(4)=./A Final`. */
export function shown({ status: code, text }: Answer): string {
  if (code !== 200) return `${code} ${text.trim()}`;
  const body = text.slice(text.indexOf('<SyncBody>') + 10, text.indexOf('</SyncBody>'));
  const parts: string[] = [];
  for (const [, name, inner = ''] of body.matchAll(
    /<(Status|Alert|Get|Add|Replace|Exec|Delete|Atomic)>(.*?)<\/\1>/gs,
  )) {
    const first = (tag: string): string => new RegExp(`<${tag}>([^<]*)<`).exec(inner)?.[1] ?? '';
    const more = inner.includes('<Chal>') ? '+Chal' : inner.includes('<MoreData/>') ? '+more' : '';
    if (name === 'Status') parts.push(`${first('Data')}:${first('Cmd')}${more}`);
    else if (name === 'Alert') parts.push(`Alert:${first('Data')}`);
    else parts.push(`${name}(${first('CmdID')})=${first('LocURI')}${more}`);
  }
  return [...parts, ...(body.includes('<Final/>') ? ['Final'] : [])].join(' ');
}

/** NextNonce of the challenge in an answer. */
export function nonceIn({ text }: Answer): Buffer {
  return Buffer.from(/<NextNonce[^>]*>([^<]+)</.exec(text)?.[1] ?? '', 'base64');
}

/** MsgID of an answer. */
export const msgIdIn = ({ text }: Answer): string => /<MsgID>(\d+)</.exec(text)?.[1] ?? '';
