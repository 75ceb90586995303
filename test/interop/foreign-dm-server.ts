// A DM server for whole devices whose messages none of the project's code makes or reads: XML as text, over HTTP.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digest } from '../server/foreign-client.ts';

/** What of one message of the device the tests look at. */
export interface DeviceMessage {
  readonly xml: string;
  readonly from: string | undefined;
}

/** Secrets and nonces that the server holds. */
export interface ServerAccount {
  readonly serverId: string;
  readonly secret: string;
  readonly clientName: string;
  readonly clientSecret: string;
}

/** The text of the first element of that name. */
export function textIn(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
}

/** The credentials that a message of the device gives. */
export function credIn(xml: string): string | undefined {
  return textIn(/<Cred>.*?<\/Cred>/s.exec(xml)?.[0] ?? '', 'Data');
}

const md5Meta =
  '<Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-md5</Type>';

/** Answers every package; a Get goes out with the first, so that a third one comes. */
export class ForeignDmServer {
  readonly messages: DeviceMessage[] = [];
  /** Under which the server's credentials are; the device renews it. */
  nonce: Uint8Array;
  /** Given to the device for its next credentials. */
  nextNonce: Uint8Array = Buffer.from('next client nonce');
  readonly #account: ServerAccount;
  readonly #http = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const xml = Buffer.concat(parts).toString('utf8');
      this.messages.push({ xml, from: request.socket.remoteAddress });
      response.writeHead(200, { 'content-type': 'application/vnd.syncml.dm+xml' });
      response.end(this.#answer(xml));
      const fresh = textIn(xml, 'NextNonce');
      if (fresh !== undefined) this.nonce = Buffer.from(fresh, 'base64');
    });
  });

  constructor(account: ServerAccount, nonce: Uint8Array) {
    this.#account = account;
    this.nonce = nonce;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/dm`;
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #answer(xml: string): string {
    const msg = textIn(xml, 'MsgID') ?? '';
    const { serverId, secret } = this.#account;
    const first = msg === '1';
    const commands = [...xml.matchAll(/<(Alert|Replace)><CmdID>(\d+)<\/CmdID>/g)];
    const chal = `<Chal>${md5Meta}<NextNonce xmlns="syncml:metinf">${Buffer.from(this.nextNonce).toString('base64')}</NextNonce></Meta></Chal>`;
    const status = (ref: string, cmd: string, data: number, more = '') =>
      `<Status><CmdID>${Number(ref) + 1}</CmdID><MsgRef>${msg}</MsgRef><CmdRef>${ref}</CmdRef><Cmd>${cmd}</Cmd>${more}<Data>${data}</Data></Status>`;
    const get = '<Get><CmdID>90</CmdID><Item><Target><LocURI>./DevInfo/Man</LocURI></Target></Item></Get>';
    const cred = `<Cred>${md5Meta}</Meta><Data>${digest.md5(serverId, secret, this.nonce)}</Data></Cred>`;
    return (
      '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD>' +
      `<VerProto>${textIn(xml, 'VerProto')}</VerProto><SessionID>${textIn(xml, 'SessionID')}</SessionID><MsgID>${msg}</MsgID>` +
      `<Target><LocURI>device</LocURI></Target><Source><LocURI>http://127.0.0.1/dm</LocURI><LocName>${serverId}</LocName></Source>${first ? cred : ''}</SyncHdr>` +
      `<SyncBody>${status('0', 'SyncHdr', 212, first ? chal : '')}${commands.map(([, cmd = '', ref = '']) => status(ref, cmd, 200)).join('')}${first ? get : ''}<Final/></SyncBody></SyncML>`
    );
  }
}
