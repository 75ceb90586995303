// Kannel (Debian package `kannel`) as SMS gateway alone: bearerbox and smsbox, in front of a centre over SMPP or of its own fakesmsc
// (package `kannel-extras`). Its boxes can be killed and started again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, PeerProcess } from './child-process.ts';

/** The account of its sendsms-user. */
export const sendsmsAccount = { username: 'reveille', password: 'send sms/+?' } as const;

/** What it stands in front of. */
export type Behind =
  | { readonly kind: 'smpp'; readonly port: number; readonly systemId: string }
  | { readonly kind: 'fake' };

const adminPassword = 'bench';
const fakesmsc = '/usr/lib/kannel/test/fakesmsc';

interface Ports {
  readonly admin: number;
  readonly smsbox: number;
  readonly sendsms: number;
  readonly fake: number;
}

/** A gateway. */
export class SendsmsKannel {
  readonly #ports: Ports;
  readonly #behind: Behind;
  readonly #folder: string;
  readonly #file: string;
  #boxes: PeerProcess[] = [];

  private constructor(ports: Ports, behind: Behind) {
    this.#ports = ports;
    this.#behind = behind;
    this.#folder = mkdtempSync(join(tmpdir(), 'reveille-sendsms-'));
    this.#file = join(this.#folder, 'kannel.conf');
    writeFileSync(this.#file, this.configuration);
  }

  /** Resolves when it takes requests, and the centre is there. */
  static async start(behind: Behind): Promise<SendsmsKannel> {
    const ports = {
      admin: await freePort(),
      smsbox: await freePort(),
      sendsms: await freePort(),
      fake: await freePort(),
    };
    const kannel = new SendsmsKannel(ports, behind);
    try {
      await kannel.begin();
    } catch (error) {
      await kannel.stop();
      throw error;
    }
    return kannel;
  }

  /** Where requests go. */
  get url(): string {
    return `http://127.0.0.1:${this.#ports.sendsms}/cgi-bin/sendsms`;
  }

  /** Messages and reports outlive bearerbox but for `dlr-storage`, which in this package knows no other than databases. */
  get configuration(): string {
    const { admin, smsbox, sendsms, fake } = this.#ports;
    const centre =
      this.#behind.kind === 'fake'
        ? `smsc = fake\nsmsc-id = FAKE\nport = ${fake}\nconnect-allow-ip = 127.0.0.1`
        : `smsc = smpp\nsmsc-id = SIM\nhost = 127.0.0.1\nport = ${this.#behind.port}\nsmsc-username = ${this.#behind.systemId}
smsc-password = pw\nsystem-type = ""\ntransceiver-mode = true\nreconnect-delay = 1`;
    return `group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = ${adminPassword}
smsbox-port = ${smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal
store-type = spool
store-location = "${this.#folder}"
sms-resend-freq = 1

group = smsc
${centre}

group = smsbox
smsbox-id = box
bearerbox-host = 127.0.0.1
sendsms-port = ${sendsms}
sendsms-interface = 127.0.0.1
global-sender = 4040
http-request-retry = 360
http-queue-delay = 1

group = sendsms-user
username = ${sendsmsAccount.username}
password = "${sendsmsAccount.password}"
max-messages = 1
concatenation = false

group = sms-service
keyword = default
text = "ok"
`;
  }

  /** Starts the boxes. */
  async begin(): Promise<void> {
    const sign = this.#behind.kind === 'fake' ? 'FAKE[' : 'SIM[';
    await this.#box('bearerbox', sign, ...(this.#behind.kind === 'fake' ? [] : [' (online ']));
    if (this.#behind.kind === 'fake') {
      const args = ['-H', '127.0.0.1', '-r', String(this.#ports.fake), '-m', '0', '1 2 text x'];
      this.#boxes.push(new PeerProcess(fakesmsc, args, this.#folder));
      await this.#shows('fakesmsc', ' (online ');
    }
    await this.#box('smsbox', 'smsbox:box');
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const answered = await fetch(this.url).then(
        () => true,
        () => false,
      );
      if (answered) return;
      await wait(25);
    }
    throw new Error('sendsms does not answer');
  }

  /** What fakesmsc has printed of the messages that it got. */
  get fakeOutput(): string {
    return this.#boxes.map(({ output }) => output).find((text) => text.includes('Got message')) ?? '';
  }

  /** Kills the boxes at once. */
  async kill(): Promise<void> {
    for (const box of this.#boxes.splice(0).reverse()) await box.stop('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #box(name: string, ...signs: readonly string[]): Promise<void> {
    const box = new PeerProcess(name, ['-v', '1', this.#file], this.#folder);
    this.#boxes.push(box);
    await this.#shows(name, ...signs);
  }

  /** Waits until the status page shows all of that. */
  async #shows(name: string, ...signs: readonly string[]): Promise<void> {
    const url = `http://127.0.0.1:${this.#ports.admin}/status.txt?password=${adminPassword}`;
    for (let attempt = 0; attempt < 400; attempt += 1) {
      this.#boxes.at(-1)?.expectRunning();
      const status = await fetch(url).then(
        (response) => response.text(),
        () => '',
      );
      if (signs.every((sign) => status.includes(sign))) return;
      await wait(50);
    }
    throw new Error(`${name} did not come up: ${this.#boxes.at(-1)?.output}`);
  }
}
