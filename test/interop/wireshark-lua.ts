// tshark with our dissector: captures of packets that are Package #0 and nothing else, and what it says of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wiresharkDissector } from '../../src/wireshark/index.ts';

/** A field as PDML has it. */
export interface PdmlField {
  readonly name: string;
  readonly showname: string;
  readonly show: string;
  /** Octets of a text or bytes in hex; of a number, its hex. */
  readonly value: string;
  readonly offset: number;
  readonly length: number;
}

/** A folder with the dissector in it, and captures. */
export class Captures {
  readonly folder = mkdtempSync(join(tmpdir(), 'reveille-wireshark-'));
  readonly script = join(this.folder, 'package0.lua');

  constructor() {
    writeFileSync(this.script, wiresharkDissector());
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** A capture of these packets; `args` tell text2pcap what to put around them. */
  write(packets: readonly Uint8Array[], args: readonly string[]): string {
    const [dump, capture] = [join(this.folder, 'dump.txt'), join(this.folder, 'capture.pcap')];
    writeFileSync(dump, packets.map(dumpOf).join('\n'));
    run('text2pcap', ['-q', ...args, dump, capture]);
    return capture;
  }

  /** What tshark prints of a capture with the dissector; its run may not have an error of Lua. */
  tshark(capture: string, args: readonly string[]): string {
    const out = run('tshark', ['-n', '-r', capture, '-X', `lua_script:${this.script}`, ...args]);
    assert.equal(/Lua Error[^"\n]*/.exec(out)?.[0], undefined);
    return out;
  }

  /** The fields of our protocol in each packet, in order. `preferences` are `secret`, `nonce`, `identifier`. */
  fields(capture: string, preferences: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
    const set = Object.entries(preferences).flatMap(([name, value]) => ['-o', `package0.${name}:${value}`]);
    return packetsOf(this.tshark(capture, ['-T', 'pdml', ...set, ...args]));
  }
}

/** Packets that are Package #0 themselves: link type and what tshark is told of it. */
export const bare = {
  link: ['-l', '147'],
  options: ['-o', 'uat:user_dlts:"User 0 (DLT=147)","package0","0","","0",""'],
};

function run(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    timeout: 120_000,
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  assert.equal(error, undefined);
  assert.equal(status, 0, `${tool}: ${stderr}`);
  assert.doesNotMatch(stderr, /[Ll]ua/);
  return stdout;
}

function dumpOf(octets: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += 64) {
    const row = [...octets.subarray(at, at + 64)].map((octet) => octet.toString(16).padStart(2, '0'));
    lines.push(`${at.toString(16).padStart(6, '0')} ${row.join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function packetsOf(pdml: string): PdmlField[][] {
  return pdml
    .split('<packet>')
    .slice(1)
    .map((packet) =>
      [...packet.matchAll(/<(?:field|proto) (name="(?:package0|_ws\.malformed)[^>]*?)\/?>/g)].map((match) =>
        fieldOf(match[1] ?? ''),
      ),
    );
}

function fieldOf(attributes: string): PdmlField {
  const read = new Map<string, string>();
  for (const [, name = '', value = ''] of attributes.matchAll(/(\w+)="([^"]*)"/g))
    read.set(name, plain(value));
  const of = (name: string): string => read.get(name) ?? '';
  return {
    name: of('name'),
    showname: of('showname'),
    show: of('show'),
    value: of('value'),
    offset: Number(of('pos')),
    length: Number(of('size')),
  };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (text: string): string =>
  text.replace(/&(#x)?(\w+);/g, (whole, hex, name) =>
    hex === undefined ? (entities[name] ?? whole) : String.fromCodePoint(Number.parseInt(name, 16)),
  );
