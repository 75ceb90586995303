// `message build | message sign | send` in a shell, to a device: the device processes it once, and only from its server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { device as deviceKey, rsa } from '../../security/message-keys.ts';
import { CliProcess } from '../long-running.ts';
import { file, keys } from './message-files.ts';

const main = resolve(import.meta.dirname, '../../../bin/reveille.js');
const reveille = `'${process.execPath}' '${main}'`;
const deviceId = 'IMEI:990000120000015';
const tree =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Op</NodeName>' +
  '<RTProperties><ACL>Get=com.example.dm</ACL><Format><node/></Format></RTProperties>' +
  '<Node><NodeName>Note</NodeName><RTProperties><Format><chr/></Format></RTProperties><Value>hush</Value></Node>' +
  '</Node></MgmtTree>';

describe('a message from the shell to a device', { concurrency: false }, () => {
  let device: CliProcess;
  let to = '';
  // Over OBEX a message needs a password that both ends prove, unless told otherwise.
  const password = 'of the link';
  const listener = file('listener.json', JSON.stringify({ obex: { accounts: [{ password }] } }));
  const sender = file('bindings.json', JSON.stringify({ obex: { credentials: [{ password }] } }));

  before(async () => {
    const provision = file(
      'provision.json',
      JSON.stringify({
        deviceId,
        man: 'Reveille',
        mod: 'Test',
        accounts: [
          {
            serverId: 'com.example.dm',
            address: 'http://127.0.0.1:9/dm',
            client: { scheme: 'md5', name: 'd', secret: 'x', nonceBase64: 'AAAAAA==' },
            server: { scheme: 'md5', secret: 'server-secret', nonceBase64: 'AAAAAA==' },
            messages: {
              verify: [{ algorithm: 'rsa-sha256', publicKey: rsa.publicPem }],
              decrypt: [{ transport: 'rsa-oaep', privateKey: deviceKey.privatePem }],
            },
          },
        ],
      }),
    );
    device = new CliProcess([
      ...['device', '--state', file('state.json'), '--provision', provision, '--accept', 'always'],
      ...['--json', '--listen', 'obex://127.0.0.1:0', '--listener-config', listener],
    ]);
    [, to = ''] = await device.prints(/listens on (obex:\S+);/);
  });
  after(async () => {
    await device?.end();
  });

  async function shell(line: string): Promise<string> {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line], { timeout: 60_000 });
    return stdout;
  }

  it('SM-S-006: a tree with its ACL, encrypted, built, signed and sent in one pipe, is processed once', async () => {
    const signed = file('to-device.wbxml');
    const said = await shell(
      `${reveille} message build --tnds '${file('op.xml', tree)}' --tnds-to ./Op` +
        ` --server-id com.example.dm --device-id ${deviceId} --session-id 2A |` +
        ` ${reveille} message sign --key '${keys.rsa}' --encrypt body --recipient-key '${keys.devicePublic}'` +
        ` --out '${signed}' && ${reveille} send '${to}' --binding-config '${sender}' --dm-message - < '${signed}'`,
    );
    assert.match(said, /^delivered \d+ octets to obex:.*dm\+wbxml/);
    const [processed] = await device.prints(/\{[^\n]*"message-processed"[^\n]*/);
    const { serverId, succeeded, failed } = JSON.parse(processed);
    assert.deepEqual([serverId, succeeded, failed], ['com.example.dm', 1, 0]);
    const state = readFileSync(file('state.json'), 'utf8');
    assert.match(state, /hush/);
    assert.match(state, /Get=com\.example\.dm/);
    await shell(`${reveille} send '${to}' --binding-config '${sender}' --dm-message '${signed}'`);
    await device.prints(/"reason":"message-replay"/);
  });

  it('a message under another key, through a pipe in hex, is refused', async () => {
    const job = `'{"command":"add","uri":"./Other","format":"node"}'`;
    await shell(
      `echo ${job} | ${reveille} message build --server-id com.example.dm --device-id ${deviceId} |` +
        ` ${reveille} message sign --key '${keys.device}' | ${reveille} send '${to}' --binding-config '${sender}' --dm-message -`,
    );
    await device.prints(/"reason":"message-wrong-signature"/);
  });
});
