// Configuration files of bindings: strict, with paths, and without secrets in what is said about them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readConfigFile } from '../../../src/cli/bindings/config-file.ts';
import { listenerSections } from '../../../src/cli/bindings/listener-shapes.ts';
import { senderSections } from '../../../src/cli/bindings/sender-shapes.ts';
import type { Io } from '../../../src/cli/io/io.ts';
import { ConfigError } from '../../../src/core/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-config-test-'));
after(() => rmSync(folder, { recursive: true }));

const io: Io = {
  stdin: (async function* () {})(),
  stdinIsTerminal: false,
  stdout: () => {},
  stderr: () => {},
  columns: undefined,
  colour: false,
  env: { SMSC_PASSWORD: 'from-env' },
  stop: new AbortController().signal,
};

function fileWith(value: unknown): string {
  const file = join(folder, 'bindings.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

function refused(value: unknown, message: RegExp): Promise<void> {
  return assert.rejects(readConfigFile(io, fileWith(value), senderSections), (error: unknown) => {
    assert.ok(error instanceof ConfigError, String(error));
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /hidden/);
    return true;
  });
}

describe('configuration of bindings', () => {
  it('takes texts from files and from the environment', async () => {
    writeFileSync(join(folder, 'sip.txt'), 'from-file\n');
    const file = fileWith({
      sms: { smscs: [{ host: 'smsc.example', systemId: 'dms', password: { env: 'SMSC_PASSWORD' } }] },
      sip: { from: 'sip:dms@example.com', credentials: [{ username: 'dms', password: { file: 'sip.txt' } }] },
    });
    const { sms, sip } = await readConfigFile(io, file, senderSections);
    assert.ok(sms !== undefined && 'smscs' in sms);
    assert.equal(sms.smscs[0]?.password, 'from-env');
    assert.equal(sip?.credentials?.[0]?.password, 'from-file');
  });

  it('names the path of what is wrong, never a secret', async () => {
    const smsc = { host: 'smsc.example', systemId: 'dms', password: 'hidden' };
    await refused(
      { sms: { smscs: [{ ...smsc, prot: 2775 }] } },
      /sms\.smscs\[0\]\.prot: not a field here; known are (?=.*host, )(?=.*port, )/,
    );
    await refused(
      { sms: { smscs: [{ ...smsc, port: '2775' }] } },
      /sms\.smscs\[0\]\.port: must be a whole number from 0 to 65535$/m,
    );
    await refused({ sms: { smscs: [] } }, /sms\.smscs: /);
    await refused(
      { sms: { smscs: [{ host: 'x', password: 'hidden' }] } },
      /sms\.smscs\[0\]: must have systemId/,
    );
    await refused({ pigeon: {} }, /pigeon: not a field here/);
    await refused({ http: { form: 'hidden' } }, /http\.form: must be one of \["direct","envelope"\]/);
    await refused('{"sms": hidden', /bindings\.json:1:9: not JSON: a value was expected/);
    await refused(
      { sms: { smscs: [{ ...smsc, password: { env: 'NOT_SET' } }] } },
      /sms\.smscs\[0\]\.password: .*NOT_SET/,
    );
    await refused(
      { sip: { from: { file: 'missing.txt' } } },
      /sip\.from: cannot read missing\.txt: no such file/,
    );
  });

  it('says what a device listens with in the same way', async () => {
    await assert.rejects(
      readConfigFile(io, fileWith({ sip: {} }), listenerSections),
      /sip: must have instanceId/,
    );
    const value = { sip: { instanceId: 'urn:uuid:1' }, waps: { secrets: [{ identity: 'a', secret: 'b' }] } };
    assert.deepEqual(await readConfigFile(io, fileWith(value), listenerSections), value);
  });

  it('takes an object with more than the file for what it is', async () => {
    writeFileSync(join(folder, 'from.txt'), 'sip:dms@example.com');
    await refused(
      { sip: { from: { file: 'from.txt', more: true } } },
      /: sip\.from: must be a (?:string|text)/,
    );
    await refused(
      { sip: { from: { more: true, file: 'from.txt' } } },
      /: sip\.from: must be a (?:string|text)/,
    );
  });
});
