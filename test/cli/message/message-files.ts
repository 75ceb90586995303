// Keys and messages in files, for the tests of `reveille message`.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { device, ec, rsa, secret, stranger } from '../../security/message-keys.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-message-'));
after(() => rmSync(folder, { recursive: true }));

/** Path of a file in the folder of this run, written when there is content. */
export function file(name: string, content?: string | Uint8Array): string {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

/** Files with keys. */
export const keys = {
  rsa: file('rsa.pem', rsa.privatePem),
  rsaPublic: file('rsa.pub', rsa.publicPem),
  ec: file('ec.pem', ec.privatePem),
  ecPublic: file('ec.pub', ec.publicPem),
  device: file('device.pem', device.privatePem),
  devicePublic: file('device.pub', device.publicPem),
  strangerPublic: file('stranger.pub', stranger.publicPem),
  secret: file('secret.txt', secret),
  aes: file('aes.txt', 'hex:000102030405060708090a0b0c0d0e0f\n'),
};

/** Each algorithm with the options that sign and those that verify. */
export const algorithms: readonly {
  readonly name: string;
  readonly sign: readonly string[];
  readonly verify: readonly string[];
}[] = [
  { name: 'rsa-sha256', sign: ['--key', keys.rsa], verify: ['--key', keys.rsaPublic] },
  { name: 'ecdsa-sha256', sign: ['--key', keys.ec], verify: ['--key', keys.ecPublic] },
  {
    name: 'hmac-sha256',
    sign: ['--hmac-key-file', keys.secret],
    verify: ['--hmac-key-file', keys.secret],
  },
];

/** The same for SHA-1, which `--algorithm` switches on. */
export const oldAlgorithms: typeof algorithms = [
  {
    name: 'rsa-sha1',
    sign: ['--key', keys.rsa, '--algorithm', 'rsa-sha1'],
    verify: ['--key', keys.rsaPublic, '--algorithm', 'rsa-sha1'],
  },
  {
    name: 'hmac-sha1',
    sign: ['--hmac-key-file', keys.secret, '--algorithm', 'hmac-sha1'],
    verify: ['--hmac-key-file', keys.secret, '--algorithm', 'hmac-sha1'],
  },
];

/** A job with text, octets and a group. */
export const job = JSON.stringify([
  { command: 'replace', uri: './Vendor/Note', data: 'awake & <well>\r\n€' },
  {
    command: 'atomic',
    commands: [
      { command: 'add', uri: './Vendor/Blob', dataBase64: 'AP+Aww==' },
      { command: 'delete', uri: './Vendor/Old' },
    ],
  },
]);

/** Who talks to whom. */
export const parties = ['--server-id', 'com.example.dm', '--device-id', 'IMEI:493005100592800'] as const;

/** Standard output of a step that has to succeed. */
export async function output(args: readonly string[], stdin?: string | Uint8Array): Promise<string> {
  const { status, stdout, stderr } = await runCli(['message', ...args], stdin === undefined ? {} : { stdin });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The job as a message, in hex or as the options say. */
export async function built(...options: readonly string[]): Promise<string> {
  return await output(['build', '-', ...parties, '--session-id', '1A', ...options], job);
}
