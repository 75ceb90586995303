// sipp (Debian package sip-tester) as the device's end: answers MESSAGE as its scenario says.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, PeerProcess } from './child-process.ts';

/** What sipp does. */
export interface SippOptions {
  /** Default any that is free. */
  readonly port?: number;
  /** Lines between the status line and the end of the headers of its final answer. Default none. */
  readonly headers?: readonly string[];
  /** Answer in front of the final one. Default none. */
  readonly provisional?: number;
  /** Final answer, with its phrase. */
  readonly answer: string;
  /** Milliseconds in front of the final answer. Default 0. */
  readonly pauseMs?: number;
  readonly transport: 'udp' | 'tcp';
  /** MESSAGEs after which it ends. */
  readonly calls: number;
  /** Datagrams that it loses on purpose, of 100, in either direction. Default 0. */
  readonly lossPercent?: number;
}

/** One that runs. */
export class Sipp {
  readonly port: number;
  readonly #process: PeerProcess;
  readonly #folder: string;

  private constructor(port: number, process: PeerProcess, folder: string) {
    this.port = port;
    this.#process = process;
    this.#folder = folder;
  }

  /** Starts it. It ends by itself after its last call, or 60 s. @throws {Error} when it is missing */
  static async start(options: SippOptions): Promise<Sipp> {
    const { error } = spawnSync('sipp', ['-v'], { timeout: 10_000 });
    if (error !== undefined) throw new Error('sipp cannot be run: is it installed?', { cause: error });
    const folder = mkdtempSync(join(tmpdir(), 'reveille-sipp-'));
    const file = join(folder, 'scenario.xml');
    writeFileSync(file, scenario(options));
    const port = options.port ?? (await freePort());
    const { lossPercent = 0 } = options;
    const process = new PeerProcess(
      'sipp',
      [
        ...['-sf', file, '-i', '127.0.0.1', '-p', String(port), '-m', String(options.calls)],
        ...['-t', options.transport === 'udp' ? 'u1' : 't1', '-nostdin', '-timeout', '60s'],
        ...(lossPercent === 0 ? [] : ['-lost', String(lossPercent)]),
        ...['-trace_msg', '-message_file', join(folder, 'messages.log')],
      ],
      folder,
    );
    const sipp = new Sipp(port, process, folder);
    return sipp;
  }

  /** What it has received and sent, as it logs it. */
  messages(): string {
    const name = readdirSync(this.#folder).find((one) => one === 'messages.log');
    return name === undefined ? '' : readFileSync(join(this.#folder, name), 'latin1');
  }

  /** @throws {Error} when it has ended, or cannot be run */
  expectRunning(): void {
    this.#process.expectRunning();
  }

  /** Ends it, and removes its folder. */
  async stop(): Promise<void> {
    await this.#process.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** For so long it answers again what comes again; without, it would forget a call with its answer. */
const answerAgainMs = 10_000;

function scenario(options: SippOptions): string {
  const { answer, headers = [], provisional, pauseMs = 0, lossPercent = 0 } = options;
  const send = (status: string, extra: readonly string[]): string => `
  <send>
    <![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]u[call_number]
[last_Call-ID:]
[last_CSeq:]
${extra.map((line) => `${line}\n`).join('')}Content-Length: 0

]]>
  </send>`;
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="device">
  <recv request="MESSAGE" crlf="true"></recv>${provisional === undefined ? '' : send(`${provisional} Trying`, [])}
  ${pauseMs === 0 ? '' : `<pause milliseconds="${pauseMs}"/>`}${send(answer, headers)}
  ${lossPercent === 0 ? '' : `<timewait milliseconds="${answerAgainMs}"/>`}
</scenario>
`;
}
