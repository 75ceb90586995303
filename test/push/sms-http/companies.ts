// Companies of the tests: HTTP servers that take messages and tell of them as their documents say, and the handsets behind
// them. Written from the documents alone; faults are asked for one by one.
import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { decodeUserData, Reassembler } from '../../../src/codec/sms/index.ts';
import { base64ToBytes, hexToBytes, systemClock } from '../../../src/core/index.ts';
import { readWapPush } from '../../../src/push/wap/index.ts';

/** A message that a company took. */
export interface TakenMessage {
  readonly id: string;
  readonly to: string;
  readonly userData: Uint8Array;
  /** Address for its receipts; empty when it gave none. */
  readonly callback: string;
}

/** What happens to one request instead: it is answered here, or its connection ends. */
export type Fault = (response: ServerResponse) => void;

/** How one company speaks. */
export interface Company {
  /** Fields of a request; a text says what is wrong with it. */
  read(request: SeenMessage): Omit<TakenMessage, 'id'> | string;
  answer(response: ServerResponse, id: string, message: Omit<TakenMessage, 'id'>): void;
  refuse(response: ServerResponse, why: string): void;
  /** The request that tells of a message. */
  receipt(
    message: TakenMessage,
    state: 'delivered' | 'failed' | 'underWay',
  ): { readonly url: string; readonly init: RequestInit };
}

/** A request as it came. */
export interface SeenMessage {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
  readonly contentType: string;
  readonly body: string;
}

/** A company that runs. */
export interface RunningCompany {
  readonly origin: string;
  readonly requests: readonly SeenMessage[];
  readonly taken: readonly TakenMessage[];
  /** Pushes that its handsets put together: bodies. */
  readonly pushes: readonly Uint8Array[];
  /** Faults of the next requests, in order; `undefined` is none. */
  readonly faults: (Fault | undefined)[];
  /** Called for each message that it took, before it answers. */
  onTaken: (message: TakenMessage) => void | Promise<void>;
  /** Tells of a message; gives the status of the answer. */
  tell(message: TakenMessage, state: 'delivered' | 'failed' | 'underWay'): Promise<number>;
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { 'Content-Type': 'application/json' };

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, json).end(JSON.stringify(value));
}

/** Vonage, by its SMS API Reference. */
export const vonageCompany: Company = {
  read({ method, body, contentType }) {
    const fields = new URLSearchParams(body);
    const field = (name: string): string => fields.get(name) ?? '';
    if (method !== 'POST' || contentType !== 'application/x-www-form-urlencoded') return '3 method';
    if (field('api_key') !== 'abcd1234' || field('api_secret') !== 'abcdef0123456789')
      return '4 Bad Credentials';
    if (field('type') !== 'binary' || field('from') === '' || !/^[1-9][0-9]{6,14}$/.test(field('to')))
      return '2 Missing';
    const ttl = fields.get('ttl');
    if (ttl !== null && !(Number(ttl) >= 20_000 && Number(ttl) <= 604_800_000)) return '16 Invalid TTL';
    const userData = Uint8Array.from([...hexToBytes(field('udh')), ...hexToBytes(field('body'))]);
    if (userData.length > 140) return '12 Message too long';
    const callback = field('status-report-req') === '1' ? field('callback') : '';
    return { to: field('to'), userData, callback };
  },
  answer(response, id, { to }) {
    answerJson(response, 200, {
      'message-count': '1',
      messages: [
        {
          to,
          'message-id': id,
          status: '0',
          'remaining-balance': '3.14159265',
          'message-price': '0.03330000',
          network: '12345',
        },
      ],
    });
  },
  refuse(response, why) {
    const [, status = '', text = ''] = /^(\d+) ?(.*)$/.exec(why) ?? [];
    answerJson(response, 200, { 'message-count': '1', messages: [{ status, 'error-text': text }] });
  },
  receipt({ id, to, callback }, state) {
    const status = { delivered: 'delivered', failed: 'expired', underWay: 'buffered' }[state];
    const fields = {
      msisdn: to,
      to: 'AcmeInc',
      'network-code': '12345',
      messageId: id,
      price: '0.03330000',
      status,
      scts: '2001011400',
      'err-code': state === 'failed' ? '1' : '0',
      'message-timestamp': '2020-01-01 12:00:00',
    };
    return { url: `${callback}?${new URLSearchParams(fields).toString()}`, init: { method: 'GET' } };
  },
};

/** Sinch, by its page on batches and delivery reports. */
export const sinchCompany: Company = {
  read({ method, url, authorization, body }) {
    if (method !== 'POST' || url !== '/xms/v1/plan/batches') return '404';
    if (authorization !== 'Bearer toktok') return '403';
    const batch = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const { to, type, udh, body: data, callback_url, expire_at, delivery_report } = batch;
    if (type !== 'mt_binary' || !Array.isArray(to) || to.length !== 1) return '400';
    if (expire_at !== undefined && Number.isNaN(Date.parse(String(expire_at)))) return '400';
    const userData = Uint8Array.from([...hexToBytes(String(udh)), ...base64ToBytes(String(data))]);
    if (userData.length > 140) return '400';
    const callback = delivery_report === 'per_recipient' ? String(callback_url) : '';
    return { to: String(to[0]), userData, callback };
  },
  answer(response, id, { to }) {
    answerJson(response, 201, { id, to: [to], type: 'mt_binary', canceled: false });
  },
  refuse(response, why) {
    answerJson(response, Number(why), {
      code: 'syntax_constraint_violation',
      text: 'The request cannot be taken',
    });
  },
  receipt({ id, to, callback }, state) {
    const status = { delivered: 'Delivered', failed: 'Expired', underWay: 'Dispatched' }[state];
    const code = { delivered: 0, failed: 406, underWay: 401 }[state];
    const report = {
      type: 'recipient_delivery_report_sms',
      batch_id: id,
      recipient: `+${to}`,
      code,
      status,
      at: '2022-08-30T08:16:08.930Z',
    };
    return { url: callback, init: { method: 'POST', headers: json, body: JSON.stringify(report) } };
  },
};

/** IntelliSMS, by its pages on binary messages and status reports; receipts go where the account says. */
export function intellismsCompany(receiptsTo: () => string): Company {
  return {
    read({ method, body }) {
      const fields = new URLSearchParams(body);
      const field = (name: string): string => fields.get(name) ?? '';
      if (method !== 'POST' || field('accesskey') !== 'Yva$ER%Uhs+UU[MzwEYe' || field('secretkey') === '')
        return 'LOGIN_INVALID';
      if (field('to') === '') return 'NO_TO';
      if (field('type') !== '3' || field('ud') === '') return 'PARAMETER_MISSING';
      const userData = Uint8Array.from([...hexToBytes(field('udh')), ...hexToBytes(field('ud'))]);
      return userData.length > 140
        ? 'PARAMETER_INVALID'
        : { to: field('to'), userData, callback: receiptsTo() };
    },
    answer(response, id) {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end(`ID:${id}`);
    },
    refuse(response, why) {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end(`ERR:${why}`);
    },
    receipt({ id, to, callback }, state) {
      const status = { delivered: '4', failed: '8', underWay: '3' }[state];
      const body = new URLSearchParams({ msgid: id, status, toaddr: to }).toString();
      return { url: callback, init: { method: 'POST', headers: form, body } };
    },
  };
}

/** SMSEagle, by its manual. */
export const smseagleCompany: Company = {
  read({ method, url }) {
    const { pathname, searchParams } = new URL(url, 'http://h');
    const field = (name: string): string => searchParams.get(name) ?? '';
    if (method !== 'GET' || pathname !== '/http_api/send_binary_sms') return 'Wrong parameters';
    if (field('access_token') !== '0005gOjCOlMH8F2x') return 'Invalid access token';
    if (!/^(?:[0-9A-F]{2})+$/.test(field('data'))) return 'Wrong or missing >>data<< parameter';
    const userData = Uint8Array.from([...hexToBytes(field('udh')), ...hexToBytes(field('data'))]);
    if (userData.length > 140) return 'Wrong or missing >>data<< parameter';
    return { to: field('to'), userData, callback: '' };
  },
  answer(response, id) {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(`OK; ID=${id}`);
  },
  refuse(response, why) {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(why);
  },
  receipt: () => assert.fail('it tells of none'),
};

/** Ozeki, by its pages on binary messages and `sendmessage`. */
export const ozekiCompany: Company = {
  read({ method, url }) {
    const { pathname, searchParams } = new URL(url, 'http://h');
    const field = (name: string): string => searchParams.get(name) ?? '';
    if (method !== 'GET' || pathname !== '/api' || field('action') !== 'sendmessage')
      return '1 no such action';
    if (field('username') !== 'httpserverusr1' || field('password') !== 'pass-1') return '2 no such user';
    if (field('messagetype') !== 'SMS:BINARY:XML') return '3 no such type';
    const part = (name: string): string =>
      new RegExp(`<${name}>([0-9A-F]*)</${name}>`).exec(field('messagedata'))?.[1] ?? '';
    if (part('pid') !== '00' || part('dcs') !== '04') return '4 not a binary message';
    const userData = Uint8Array.from([...hexToBytes(part('udh')), ...hexToBytes(part('ud'))]);
    return userData.length > 140 ? '5 too long' : { to: field('recipient'), userData, callback: '' };
  },
  answer(response, id, { to }) {
    const report = `<statuscode>0</statuscode><messageid>${id}</messageid><recipient>${to}</recipient>`;
    answerXml(response, report);
  },
  refuse(response, why) {
    const [, code = '', text = ''] = /^(\d+) ?(.*)$/.exec(why) ?? [];
    answerXml(response, `<statuscode>${code}</statuscode><statusmessage>${text}</statusmessage>`);
  },
  receipt: () => assert.fail('it tells of none'),
};

function answerXml(response: ServerResponse, report: string): void {
  const head =
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE smsapi PUBLIC "-//OZEKI//DTD XML 1.0//EN" "x.xml">\n';
  const body = `<response><action>sendmessage</action><data><acceptreport>${report}</acceptreport></data></response>`;
  response.writeHead(200, { 'Content-Type': 'application/xml' }).end(head + body);
}

/** Starts a company; it is closed after the test. */
export async function startCompany(t: Pick<TestContext, 'after'>, company: Company): Promise<RunningCompany> {
  const requests: SeenMessage[] = [];
  const taken: TakenMessage[] = [];
  const pushes: Uint8Array[] = [];
  const faults: (Fault | undefined)[] = [];
  const reassembler = new Reassembler({ clock: systemClock({ unref: true }) });
  const reach = ({ to, userData }: TakenMessage): void => {
    const { header, payload } = decodeUserData(userData);
    const result = reassembler.add({ from: 'company', to, header, payload });
    if (result.status !== 'complete') return;
    const push = readWapPush(result.datagram, () => {});
    if (!('reason' in push)) pushes.push(push.body);
  };
  const running: RunningCompany = {
    origin: '',
    requests,
    taken,
    pushes,
    faults,
    onTaken: () => {},
    async tell(message, state) {
      const { url, init } = company.receipt(message, state);
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
      await response.arrayBuffer();
      return response.status;
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        authorization: request.headers.authorization ?? '',
        contentType: request.headers['content-type'] ?? '',
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(seen);
      const fault = faults.shift();
      if (fault !== undefined) {
        fault(response);
        return;
      }
      const message = company.read(seen);
      if (typeof message === 'string') {
        company.refuse(response, message);
        return;
      }
      const one = { ...message, id: `0C00000${taken.length}F00ABD3${taken.length}` };
      taken.push(one);
      reach(one);
      await running.onTaken(one);
      company.answer(response, one.id, message);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    reassembler.close();
  });
  return Object.assign(running, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
