// Kannel (Debian packages `kannel` and `kannel-extras`) as SMS gateway: sendsms in, and out to its own fakesmsc, which prints what it
// gets. On free ports of the loopback.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Child } from './children.ts';
import { freePort } from './free-port.ts';

const fakesmsc = '/usr/lib/kannel/test/fakesmsc';
const word = 'bench';

/** Path of sendsms, with who asks. */
export const sendsmsPath = '/cgi-bin/sendsms';

/** Who asks. */
export const sendsmsUser = { username: word, password: word } as const;

/** Why it cannot be run here; undefined when it can. */
export function sendsmsMissing(): string | undefined {
  return existsSync(fakesmsc) ? undefined : 'fakesmsc is not installed (Debian package kannel-extras)';
}

interface Ports {
  readonly admin: number;
  readonly smsbox: number;
  readonly sendsms: number;
  readonly fake: number;
}

/** Only errors are in its logs. */
function configuration({ admin, smsbox, sendsms, fake }: Ports, folder: string): string {
  return `group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = ${word}
smsbox-port = ${smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-file = "${folder}/bearerbox.log"
log-level = 3

group = smsc
smsc = fake
smsc-id = FAKE
port = ${fake}
connect-allow-ip = 127.0.0.1

group = smsbox
smsbox-id = box
bearerbox-host = 127.0.0.1
sendsms-port = ${sendsms}
sendsms-interface = 127.0.0.1
global-sender = 4040
log-file = "${folder}/smsbox.log"
log-level = 3

group = sendsms-user
username = ${word}
password = ${word}
max-messages = 1

group = sms-service
keyword = default
text = "ok"
`;
}

/** A gateway that runs. */
export class SendsmsKannel {
  /** Origin of sendsms. */
  readonly origin: string;
  readonly #admin: string;
  readonly #boxes: readonly Child[];

  private constructor(ports: Ports, boxes: readonly Child[]) {
    this.origin = `http://127.0.0.1:${ports.sendsms}`;
    this.#admin = statusUrl(ports);
    this.#boxes = boxes;
  }

  /** Starts it, and resolves when its centre is there. @param folder for its configuration and logs */
  static async start(folder: string): Promise<SendsmsKannel> {
    const ports = {
      admin: await freePort(),
      smsbox: await freePort(),
      sendsms: await freePort(),
      fake: await freePort(),
    };
    const file = join(folder, 'kannel.conf');
    writeFileSync(file, configuration(ports, folder));
    const boxes: Child[] = [];
    const start = async (
      name: string,
      command: string,
      args: readonly string[],
      sign: RegExp,
    ): Promise<void> => {
      const box = new Child(name, command, args, { cwd: folder });
      boxes.push(box);
      await box.until(async () => sign.test(await textOf(statusUrl(ports))), 'sign of life', 20_000);
    };
    try {
      await start('bearerbox', 'bearerbox', ['-v', '4', file], /FAKE/);
      const fake = ['-H', '127.0.0.1', '-r', String(ports.fake), '-m', '0', '1 2 text x'];
      await start('fakesmsc', fakesmsc, fake, / \(online /);
      await start('smsbox', 'smsbox', ['-v', '4', file], /smsbox:box/);
    } catch (error) {
      for (const box of boxes.reverse()) await box.stop();
      throw error;
    }
    return new SendsmsKannel(ports, boxes);
  }

  /** Messages that its centre has taken so far. */
  async sent(): Promise<number> {
    return Number(/sent (\d+)/.exec(/SMS: received.*/.exec(await textOf(this.#admin))?.[0] ?? '')?.[1] ?? 0);
  }

  /**
   * Messages a second of so many more, from the first behind the warm-up to the last, as its status page counts them, looked at
   * each hundredth of a second; and how many came within the limit.
   */
  async watch(
    count: number,
    limitMs: number,
    warmUp = 0,
  ): Promise<{ readonly perSecond: number; readonly arrived: number }> {
    const before = await this.sent();
    const until = performance.now() + limitMs;
    let [first, firstAt, last, lastAt] = [0, 0, 0, 0];
    while (last < count && performance.now() < until) {
      const now = (await this.sent()) - before;
      if (now > last) {
        [last, lastAt] = [now, performance.now()];
        if (first === 0 && now > warmUp) [first, firstAt] = [now, lastAt];
      }
      await wait(10);
    }
    const seconds = Math.max(lastAt - firstAt, 1) / 1000;
    return { perSecond: (last - first) / seconds, arrived: last / count };
  }

  get pids(): readonly number[] {
    return this.#boxes.map((box) => box.pid);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    for (const box of [...this.#boxes].reverse()) await box.stop(5000);
  }
}

function statusUrl({ admin }: Ports): string {
  return `http://127.0.0.1:${admin}/status.txt?password=${word}`;
}

function textOf(url: string): Promise<string> {
  return fetch(url).then(
    (response) => response.text(),
    () => '',
  );
}
