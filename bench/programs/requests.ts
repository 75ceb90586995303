// The requests of the load: what is asked, and how many pushes an answer says are taken.
import { encodeNotification } from '../../src/codec/notification/index.ts';
import { deviceId, serverId } from './names.ts';

/** One notification a request, over REST. */
export interface RestLoad {
  readonly what: 'rest';
  /** Devices that are woken in turn. */
  readonly devices: number;
}

/** One push a request, over PAP. */
export interface PapLoad {
  readonly what: 'pap';
  /** Path of the endpoint, with its query. */
  readonly path: string;
  /** Address in the push message, such as `WAPPUSH=127.0.0.1/TYPE=IPv4@ppg.bench`. */
  readonly address: string;
}

/** Many notifications a request, over REST, one on each line. */
export interface BatchLoad {
  readonly what: 'batch';
  readonly devices: number;
  /** Notifications in one request. */
  readonly batch: number;
  /** When they are sent, ISO 8601; absent: at once. */
  readonly notBefore?: string;
}

/** Reads of notifications, so many a second however fast they are answered. */
export interface GetLoad {
  readonly what: 'get';
  /** Notifications that are read in turn. */
  readonly ids: readonly string[];
  readonly perSecond: number;
}

/** One short message a request, to Kannel's sendsms. */
export interface SendsmsLoad {
  readonly what: 'sendsms';
  /** Path of sendsms, with user name and password. */
  readonly path: string;
}

/** What is asked. */
export type Asking = RestLoad | PapLoad | BatchLoad | GetLoad | SendsmsLoad;

/** One request. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How many pushes it asks for. */
  readonly pushes: number;
  /** How many of them the answer says are taken. */
  taken(status: number, text: string): number;
}

const json = { 'content-type': 'application/json' } as const;

/** The request with that number, from 0. */
export function requestsOf(asking: Asking): (index: number) => Asked {
  switch (asking.what) {
    case 'rest':
      return (index) => restRequest(index % asking.devices);
    case 'batch':
      return (index) => batchRequest(asking, index);
    case 'get':
      return (index) => getRequest(asking.ids[index % asking.ids.length] ?? '');
    case 'pap':
      return papRequests(asking);
    case 'sendsms':
      return sendsmsRequests(asking);
  }
}

function restRequest(device: number): Asked {
  return {
    method: 'POST',
    path: '/v1/notifications',
    headers: json,
    body: JSON.stringify({ device: deviceId(device), uiMode: 'background' }),
    pushes: 1,
    taken: (status) => (status === 202 ? 1 : 0),
  };
}

function batchRequest({ batch, devices, notBefore }: BatchLoad, index: number): Asked {
  const lines = Array.from({ length: batch }, (_, place) =>
    JSON.stringify({
      device: deviceId((index * batch + place) % devices),
      uiMode: 'background',
      ...(notBefore !== undefined && { notBefore }),
    }),
  );
  return {
    method: 'POST',
    path: '/v1/notifications/batch',
    headers: { 'content-type': 'application/x-ndjson' },
    body: `${lines.join('\n')}\n`,
    pushes: batch,
    taken: (status, text) => (status < 300 ? text.split('\n').filter(isTaken).length : 0),
  };
}

/** A line of the answer that has the notification; others say what was wrong. */
function isTaken(line: string): boolean {
  return line !== '' && typeof (JSON.parse(line) as { id?: unknown }).id === 'string';
}

function getRequest(id: string): Asked {
  return {
    method: 'GET',
    path: `/v1/notifications/${id}`,
    headers: {},
    pushes: 1,
    taken: (status) => (status === 200 ? 1 : 0),
  };
}

const boundary = 'end-of-a-part';

/** PAP 1.0 with what Kannel wants to be told for a push over UDP; the same to everybody. */
function papRequests({ path, address }: PapLoad): (index: number) => Asked {
  const content = encodeNotification(
    { format: 'dm1.2', serverId, sessionId: 1 },
    { secret: 'c2Vydm9yIHNlY3JldA' },
  );
  const run = `${process.pid}.${Date.now()}`;
  const tail = Buffer.concat([
    Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: application/vnd.syncml.dm.notification\r\n` +
        'X-Wap-Application-Id: x-wap-application:syncml.dm\r\n\r\n',
    ),
    content,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = { 'content-type': `multipart/related; boundary=${boundary}; type="application/xml"` };
  return (index) => ({
    method: 'POST',
    path,
    headers,
    body: Buffer.concat([Buffer.from(controlPart(`${run}.${index}@bench`, address)), tail]),
    pushes: 1,
    // 1000: done; 1001: taken, to be done.
    taken: (status, text) => (status === 202 && /code\s*=\s*"100[01]"/.test(text) ? 1 : 0),
  });
}

/** A dm1.2 notification in one message, to a number of each. */
function sendsmsRequests({ path }: SendsmsLoad): (index: number) => Asked {
  const content = encodeNotification(
    { format: 'dm1.2', serverId, sessionId: 1 },
    { secret: 'c2Vydm9yIHNlY3JldA' },
  );
  const body = Array.from(content, (octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
  const message = `coding=1&mclass=1&udh=%06%05%04%0b%84%c0%02&text=%01%06%03%c4%af%87${body}`;
  return (index) => ({
    method: 'GET',
    path: `${path}&${message}&to=%2B4915${index}`,
    headers: {},
    pushes: 1,
    taken: (status) => (status === 202 ? 1 : 0),
  });
}

function controlPart(pushId: string, address: string): string {
  const quality =
    'delivery-method="unconfirmed" network-required="true" network="GSM" bearer-required="true" bearer="CSD"';
  return (
    `--${boundary}\r\nContent-Type: application/xml\r\n\r\n<?xml version="1.0"?>` +
    '<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 1.0//EN" "http://www.wapforum.org/DTD/pap_1.0.dtd">' +
    `<pap><push-message push-id="${pushId}"><address address-value="${address}"></address>` +
    `<quality-of-service ${quality}></quality-of-service></push-message></pap>`
  );
}
