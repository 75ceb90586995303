// Kamailio (Debian package of that name) as registrar and proxy on loopback: users in memory, digest, GRUUs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UdpSocket } from '../push/wap/udp-socket.ts';
import { freePort, PeerProcess } from './child-process.ts';

/** Settings of a registrar. */
export interface KamailioOptions {
  /** Default any that is free. */
  readonly port?: number;
  /** Hash of its challenges. Default MD5. */
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** True when MESSAGE is challenged with 407. Default false. */
  readonly authenticateMessages?: boolean;
}

export const domain = 'dm.test';
/** Password of every user. */
export const password = 'bench';

const modules = [
  'kex',
  'tm',
  'tmx',
  'sl',
  'rr',
  'pv',
  'maxfwd',
  'usrloc',
  'registrar',
  'textops',
  'siputils',
  'xlog',
  'auth',
];

function configuration(
  port: number,
  { algorithm = 'MD5', authenticateMessages = false }: KamailioOptions,
): string {
  const proxyAuthentication = `
    if (!pv_proxy_authenticate("${domain}", "${password}", "0")) { proxy_challenge("${domain}", "1"); exit; }
    consume_credentials();`;
  return `#!KAMAILIO
debug=1
log_stderror=yes
children=2
tcp_children=2
tcp_rd_buf_size=65535
auto_aliases=no
alias="${domain}"
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}
modparam("usrloc", "db_mode", 0)
modparam("registrar", "gruu_enabled", 1)
modparam("registrar", "max_expires", 3600)
modparam("auth", "qop", "auth")
modparam("auth", "algorithm", "${algorithm}")
modparam("tm", "fr_timer", 1500)
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("${domain}", "${password}", "0")) { www_challenge("${domain}", "1"); exit; }
    if (!save("location")) sl_reply_error();
    exit;
  }
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (is_method("MESSAGE")) {${authenticateMessages ? proxyAuthentication : ''}
    if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
    t_relay();
    exit;
  }
  sl_send_reply("405", "Method Not Allowed");
}
`;
}

/** A running registrar. */
export class Kamailio {
  readonly port: number;
  readonly #process: PeerProcess;
  readonly #folder: string;

  private constructor(port: number, process: PeerProcess, folder: string) {
    this.port = port;
    this.#process = process;
    this.#folder = folder;
  }

  /** Starts it and resolves once it answers. @throws {Error} when it is missing, or does not start */
  static async start(options: KamailioOptions = {}): Promise<Kamailio> {
    const port = options.port ?? (await freePort());
    const folder = mkdtempSync(join(tmpdir(), 'reveille-kamailio-'));
    const file = join(folder, 'kamailio.cfg');
    const run = join(folder, 'run');
    mkdirSync(run);
    writeFileSync(file, configuration(port, options));
    const process = new PeerProcess('kamailio', ['-DD', '-E', '-f', file, '-Y', run, '-m', '64', '-M', '8']);
    const kamailio = new Kamailio(port, process, folder);
    try {
      await kamailio.#answers();
      return kamailio;
    } catch (error) {
      await kamailio.stop();
      throw error;
    }
  }

  /** Ends it and what it started, and removes its folder. */
  async stop(): Promise<void> {
    await this.#process.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    const socket = await UdpSocket.open();
    let answered = false;
    const answer = socket.next().then(() => {
      answered = true;
    });
    try {
      for (let left = 100; !answered; left -= 1) {
        this.#process.expectRunning();
        if (left === 0) throw new Error(`kamailio does not answer: ${this.#process.output}`);
        await socket.send(Buffer.from(optionsTo(this.port, socket.port, left)), this.port);
        await Promise.race([answer, wait(100)]);
      }
    } finally {
      await socket.close();
    }
  }
}

function optionsTo(port: number, from: number, count: number): string {
  return [
    `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${from};branch=z9hG4bKready${count}`,
    'Max-Forwards: 10',
    `From: <sip:test@${domain}>;tag=1`,
    `To: <sip:127.0.0.1:${port}>`,
    `Call-ID: ready-${count}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
