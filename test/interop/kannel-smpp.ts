// Kannel (Debian package `kannel`) as WAP push gateway and SMS gateway in front of a message centre that speaks SMPP.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, PeerProcess } from './child-process.ts';

const password = 'bench';

interface Ports {
  readonly admin: number;
  readonly smsbox: number;
  readonly wapbox: number;
  readonly ppg: number;
  readonly sendsms: number;
}

/** Without `wdp-interface-name`, for then it opens no UDP port of a fixed number. */
function configuration(
  ports: Ports,
  smscPort: number,
  account: { systemId: string; password: string },
): string {
  return `group = core
admin-port = ${ports.admin}
admin-interface = 127.0.0.1
admin-password = ${password}
smsbox-port = ${ports.smsbox}
smsbox-interface = 127.0.0.1
wapbox-port = ${ports.wapbox}
box-allow-ip = 127.0.0.1
dlr-storage = internal
sms-resend-freq = 1

group = smsc
smsc = smpp
smsc-id = SIM
host = 127.0.0.1
port = ${smscPort}
smsc-username = ${account.systemId}
smsc-password = ${account.password}
system-type = ""
transceiver-mode = true
reconnect-delay = 1
enquire-link-interval = 2

group = wapbox
bearerbox-host = 127.0.0.1

group = ppg
ppg-url = /wappush
ppg-port = ${ports.ppg}
concurrent-pushes = 20
users = 1
trusted-pi = true
service-name = ppg

group = wap-push-user
wap-push-user = ${password}
ppg-username = ${password}
ppg-password = ${password}
allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${ports.sendsms}
sendsms-interface = 127.0.0.1
global-sender = 4040

group = sendsms-user
username = ${password}
password = ${password}
max-messages = 10

group = sms-service
keyword = default
text = "ok"
`;
}

/** A running gateway. */
export class Kannel {
  readonly #ports: Ports;
  readonly #folder: string;
  readonly #boxes: PeerProcess[] = [];

  private constructor(ports: Ports, folder: string) {
    this.#ports = ports;
    this.#folder = folder;
  }

  /** Starts its three boxes, and resolves when the centre has bound it and the boxes are there. */
  static async start(smscPort: number, account: { systemId: string; password: string }): Promise<Kannel> {
    const ports = {
      admin: await freePort(),
      smsbox: await freePort(),
      wapbox: await freePort(),
      ppg: await freePort(),
      sendsms: await freePort(),
    };
    const folder = mkdtempSync(join(tmpdir(), 'reveille-kannel-'));
    const kannel = new Kannel(ports, folder);
    const file = join(folder, 'kannel.conf');
    writeFileSync(file, configuration(ports, smscPort, account));
    try {
      await kannel.#box('bearerbox', file, 'SIM[', ' (online ');
      await kannel.#box('wapbox', file, 'wapbox, IP');
      await kannel.#box('smsbox', file, 'smsbox:');
      await kannel.#listening(ports.ppg);
      await kannel.#listening(ports.sendsms);
    } catch (error) {
      await kannel.stop();
      throw error;
    }
    return kannel;
  }

  /** Pushes by PAP to a telephone number; gives the gateway's answer. */
  async push(number: string, contentType: string, body: Uint8Array): Promise<string> {
    const boundary = 'part-of-a-push';
    const control =
      '<?xml version="1.0"?><!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 1.0//EN" ' +
      `"http://www.wapforum.org/DTD/pap_1.0.dtd"><pap><push-message push-id="${number}.${Date.now()}@test">` +
      `<address address-value="WAPPUSH=${number}/TYPE=PLMN@ppg.test"></address>` +
      '<quality-of-service delivery-method="unconfirmed" network-required="true" network="GSM" ' +
      'bearer-required="true" bearer="SMS"></quality-of-service></push-message></pap>';
    const head =
      `--${boundary}\r\nContent-Type: application/xml\r\n\r\n${control}\r\n--${boundary}\r\n` +
      `Content-Type: ${contentType}\r\nX-Wap-Application-Id: x-wap-application:syncml.dm\r\n\r\n`;
    const response = await fetch(this.#url(this.#ports.ppg, '/wappush', { username: password, password }), {
      method: 'POST',
      headers: { 'content-type': `multipart/related; boundary=${boundary}; type="application/xml"` },
      body: Buffer.concat([Buffer.from(head), body, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    });
    return `${response.status} ${await response.text()}`;
  }

  /** Sends one message with a user data header and content of octets; gives the gateway's answer. */
  async sendSms(
    number: string,
    header: Uint8Array,
    content: Uint8Array,
    report?: { readonly url: string; readonly mask: number },
  ): Promise<string> {
    const escaped = (octets: Uint8Array): string =>
      Array.from(octets, (octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
    const url = this.#url(this.#ports.sendsms, '/cgi-bin/sendsms', {
      username: password,
      password,
      to: number,
      coding: '1',
      mclass: '1',
      ...(report === undefined ? {} : { 'dlr-url': report.url, 'dlr-mask': String(report.mask) }),
    });
    const response = await fetch(`${url}&udh=${escaped(header)}&text=${escaped(content)}`);
    return `${response.status} ${await response.text()}`;
  }

  /** Ends the boxes. */
  async stop(): Promise<void> {
    for (const box of this.#boxes.reverse()) await box.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #url(port: number, path: string, query: Readonly<Record<string, string>>): string {
    return `http://127.0.0.1:${port}${path}?${new URLSearchParams(query).toString()}`;
  }

  /** Starts a box and waits until the gateway's status page shows all of `signs`. */
  async #box(name: string, file: string, ...signs: readonly string[]): Promise<void> {
    const box = new PeerProcess(name, ['-v', '1', file], this.#folder);
    this.#boxes.push(box);
    const url = this.#url(this.#ports.admin, '/status.txt', { password });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      box.expectRunning();
      const status = await fetch(url).then(
        (response) => response.text(),
        () => '',
      );
      if (signs.every((sign) => status.includes(sign))) return;
      await wait(50);
    }
    throw new Error(`${name} did not come up: ${box.output}`);
  }

  async #listening(port: number): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const answered = await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      );
      if (answered) return;
      await wait(50);
    }
    throw new Error(`nothing listens on ${port}`);
  }
}
