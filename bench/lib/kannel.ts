// Kannel (Debian package `kannel`) as a push gateway: PAP in, UDP out. It wants a network of its own, for it takes UDP ports of
// fixed numbers, and sends to 2948.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './children.ts';

const ports = { admin: 13000, wapbox: 13001, ppg: 13080 } as const;
const word = 'bench';

/** Path of its push gateway, with who asks. */
export const kannelPath = `/wappush?username=${word}&password=${word}`;

/** No short messages: a gateway between PAP and UDP alone. Only errors are in its logs. */
function configuration(folder: string): string {
  return `group = core
admin-port = ${ports.admin}
admin-interface = 127.0.0.1
admin-password = ${word}
wapbox-port = ${ports.wapbox}
wdp-interface-name = "127.0.0.1"
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-file = "${folder}/bearerbox.log"
log-level = 3

group = wapbox
bearerbox-host = 127.0.0.1
log-file = "${folder}/wapbox.log"
log-level = 3

group = ppg
ppg-url = /wappush
ppg-port = ${ports.ppg}
concurrent-pushes = 200
users = 1
trusted-pi = true
service-name = ppg

group = wap-push-user
wap-push-user = ${word}
ppg-username = ${word}
ppg-password = ${word}
allow-ip = 127.0.0.1
`;
}

/** Why Kannel cannot be run here; undefined when it can. */
export function kannelMissing(ownNetwork: boolean): string | undefined {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  for (const box of ['bearerbox', 'wapbox']) {
    const { error } = spawnSync(box, ['--version'], { env: { ...process.env, PATH: path } });
    if (error !== undefined) return `${box} is not installed (Debian package kannel)`;
  }
  return ownNetwork ? undefined : 'it needs a network of its own';
}

/** A gateway that runs. */
export class Kannel {
  /** Origin of its push gateway. */
  readonly origin = `http://127.0.0.1:${ports.ppg}`;
  readonly #boxes: readonly Child[];

  private constructor(boxes: readonly Child[]) {
    this.#boxes = boxes;
  }

  /** Starts both boxes, and resolves when one knows the other. @param folder for its configuration and logs */
  static async start(folder: string): Promise<Kannel> {
    const file = join(folder, 'kannel.conf');
    writeFileSync(file, configuration(folder));
    const boxes: Child[] = [];
    const start = async (name: string, sign: RegExp): Promise<void> => {
      const box = new Child(name, name, ['-v', '4', file], { cwd: folder });
      boxes.push(box);
      await box.until(async () => sign.test(await statusPage()), 'sign of life', 20_000);
    };
    try {
      await start('bearerbox', /Kannel bearerbox/);
      await start('wapbox', /wapbox, IP/);
    } catch (error) {
      for (const box of boxes.reverse()) await box.stop();
      throw error;
    }
    return new Kannel(boxes);
  }

  get pids(): readonly number[] {
    return this.#boxes.map((box) => box.pid);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    for (const box of [...this.#boxes].reverse()) await box.stop(5000);
  }
}

function statusPage(): Promise<string> {
  return fetch(`http://127.0.0.1:${ports.admin}/status.txt?password=${word}`).then(
    (response) => response.text(),
    () => '',
  );
}
