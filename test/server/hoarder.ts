// A device that has its credentials and leaves everything unfinished.
import assert from 'node:assert/strict';
import { type DmCommand, messageContentType, writeMessage } from '../../src/codec/syncml/index.ts';
import { type Posted, post } from './dm-http.ts';
import type { ScriptedDevice } from './scripted-device.ts';

/** A session of an enrolled device, over HTTP, whose further messages are of one's own making. */
export class Hoarder {
  readonly #device: ScriptedDevice;
  readonly #port: number;
  readonly #from: string;
  readonly #sessionId: number;
  #path = '/dm';
  #msgId = 1;

  constructor(device: ScriptedDevice, port: number, from: string, sessionId: number) {
    this.#device = device;
    this.#port = port;
    this.#from = from;
    this.#sessionId = sessionId;
  }

  /** Begins the session; gives the HTTP status. */
  async begin(): Promise<number> {
    const session = this.#device.open({ sessionId: this.#sessionId, trigger: 'client' });
    const first = session.start();
    assert.ok(first.send);
    const { body, contentType = '' } = this.#device.request(first.send);
    const headers = { 'content-type': contentType };
    const answer = await post({ port: this.#port, from: this.#from, body, headers });
    if (answer.status !== 200) return answer.status;
    const { message } = this.#device.read(answer);
    // What the session would answer is never sent, so nothing but the device's own next nonce is of use.
    for (const command of message.commands) {
      const nonce = command.name === 'Status' ? command.chal?.meta.nextNonce : undefined;
      if (nonce !== undefined) this.#device.keep({ effects: [{ effect: 'client-nonce', nonce }] });
    }
    const { pathname, search } = new URL(message.header.respUri ?? 'http://x/dm');
    this.#path = pathname + search;
    return 200;
  }

  /** Sends a message of these commands, not the last of its package. */
  say(commands: readonly DmCommand[], msgId = String(this.#msgId + 1), pad = 0): Promise<Posted> {
    this.#msgId += 1;
    const { deviceId, serverUri } = this.#device.state;
    const header = {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: this.#sessionId.toString(16).toUpperCase(),
      msgId,
      target: { uri: serverUri },
      source: { uri: deviceId },
    };
    const written = Buffer.from(writeMessage({ header, commands, final: false }, 'xml')).toString();
    // What is no part of a message, and is not looked at.
    const body = Buffer.from(written.replace('</SyncBody>', `</SyncBody><X>${'p'.repeat(pad)}</X>`));
    const headers = { 'content-type': messageContentType('xml') };
    return post({ port: this.#port, from: this.#from, body, path: this.#path, headers });
  }

  /** Sends a piece of an object that never ends; gives the status of the command, or of HTTP where there is none. */
  async piece(octets: number, size: number | undefined, uri = './Big'): Promise<string> {
    const data = 'x'.repeat(octets);
    const meta = size === undefined ? {} : { meta: { size } };
    const answer = await this.say([
      { name: 'Replace', cmdId: '1', items: [{ source: { uri }, ...meta, data, moreData: true }] },
    ]);
    if (answer.status !== 200) return `HTTP ${answer.status}`;
    return /<Cmd>Replace<\/Cmd>.*?<Data>(\d+)<\/Data>/.exec(answer.body.toString())?.[1] ?? 'none';
  }
}
