// SIPp (Debian package `sip-tester`) as a device that answers MESSAGE, and as a server that sends it.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './children.ts';
import { cpuMsOf, tells } from './process-figures.ts';

/** Octets of its sockets' buffers, so that it loses nothing either. */
const bufferOctets = 4 << 20;
/** A run takes no longer, in seconds. */
const limitS = 120;
const address = '127.0.0.1';

/** What a sender does: one MESSAGE a call, sent again as RFC 3261 has it. The body is as long as a Package #0 in Base64. */
const sending = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="sender">
  <send retrans="500">
    <![CDATA[
MESSAGE sip:device@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:dms@127.0.0.1>;tag=[pid]b[call_number]
To: <sip:device@127.0.0.1>
Call-ID: [call_id]
CSeq: 1 MESSAGE
Accept-Contact: *;+g.oma.eventappid="syncml.dm"
Content-Type: application/vnd.syncml.notification
Content-Length: [len]

${Buffer.alloc(42, 0x5a).toString('base64')}]]>
  </send>
  <recv response="200" rtd="true" crlf="true"></recv>
</scenario>
`;

/** What a device does: 200 to each MESSAGE. */
const answering = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="device">
  <recv request="MESSAGE" crlf="true"></recv>
  <send>
    <![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[pid]u[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]>
  </send>
</scenario>
`;

/** Why SIPp cannot be run here; undefined when it can. */
export function sippMissing(): string | undefined {
  const { error } = spawnSync('sipp', ['-v']);
  return error === undefined ? undefined : 'sipp is not installed (Debian package sip-tester)';
}

/** A device that answers, over UDP. */
export class SippDevice {
  readonly port: number;
  readonly #child: Child;
  readonly #statistics: string;

  private constructor(child: Child, port: number, statistics: string) {
    this.#child = child;
    this.port = port;
    this.#statistics = statistics;
  }

  /** Starts one that ends by itself after `count` requests. @param folder for its files, a new one each time */
  static async start(folder: string, port: number, count: number): Promise<SippDevice> {
    const statistics = join(folder, 'device.csv');
    const child = sipp(folder, 'device', answering, port, ['-m', String(count), ...tellIn(statistics)]);
    const device = new SippDevice(child, port, statistics);
    try {
      await child.until(() => listensOn(port), 'socket', 10_000);
    } catch (error) {
      await device.stop();
      throw error;
    }
    return device;
  }

  /** Waits until it has ended by itself, a few seconds at most. Gives how many requests came to it more than once. */
  async repeated(): Promise<number> {
    const end = performance.now() + 5000;
    await Promise.race([this.#child.ended, new Promise((over) => setTimeout(over, end - performance.now()))]);
    await this.stop();
    const told = statisticsIn(this.#statistics);
    return (
      (told('Retransmissions(C)') ?? 0) + (told('DeadCallMsgs(C)') ?? 0) + (told('OutOfCallMsgs(C)') ?? 0)
    );
  }

  /** Ends it. */
  stop(): Promise<void> {
    return this.#child.stop(2000);
  }
}

/** What a sender came to. */
export interface SippSent {
  readonly perSecond: number;
  /** Processor time for each, in microseconds, as far as it could be seen. */
  readonly cpuUs?: number;
}

/** Sends to a device, so many open at a time. @throws {Error} when one is not answered with 200 */
export async function sendBySipp(
  folder: string,
  { port, count, open }: { readonly port: number; readonly count: number; readonly open: number },
): Promise<SippSent> {
  const own = port + 1;
  const begin = performance.now();
  const child = sipp(folder, 'sender', sending, own, [
    `${address}:${port}`,
    ...['-m', String(count), '-l', String(open)],
    // More than it can: what is open bounds it.
    ...['-r', '100000', '-rp', '1000'],
  ]);
  let cpuMs = 0;
  const watch = setInterval(() => {
    try {
      if (tells) cpuMs = Math.max(cpuMs, cpuMsOf([child.pid]));
    } catch {
      // It has ended in this moment.
    }
  }, 10);
  const code = await child.ended;
  clearInterval(watch);
  const seconds = (performance.now() - begin) / 1000;
  if (code !== 0) throw new Error(`sipp ended with ${code}: ${child.stderr.trim().slice(-200)}`);
  return { perSecond: count / seconds, ...(tells && { cpuUs: (cpuMs * 1000) / count }) };
}

function sipp(folder: string, name: string, scenario: string, port: number, args: readonly string[]): Child {
  const file = join(folder, `${name}.xml`);
  writeFileSync(file, scenario);
  const all = ['-sf', file, '-i', address, '-p', String(port), '-nostdin', '-timeout', `${limitS}s`];
  return new Child('sipp', 'sipp', [...all, '-buff_size', String(bufferOctets), ...args], { cwd: folder });
}

/** Arguments that have it write what it counts. */
function tellIn(file: string): readonly string[] {
  return ['-trace_stat', '-stf', file, '-fd', '1'];
}

/** Reads a count of the last line of a file of statistics by its name; undefined when there is none. */
function statisticsIn(file: string): (name: string) => number | undefined {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.at(-1)?.split(';') ?? [];
  return (name) => {
    const value = Number(values[names.indexOf(name)]);
    return Number.isNaN(value) ? undefined : value;
  };
}

/** True when some process has bound a UDP port. Linux tells; elsewhere it is taken to be so. */
function listensOn(port: number): boolean {
  if (!tells) return true;
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return new RegExp(`^ *[0-9]+: [0-9A-F]{8}:${hex} `, 'm').test(readFileSync('/proc/net/udp', 'utf8'));
}
