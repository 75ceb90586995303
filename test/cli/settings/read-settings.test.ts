// Settings of `serve`: an option counts more than a variable, that more than the file, that more than the default; for each one.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Command } from 'commander';
import type { ConfigFault } from '../../../src/cli/config/fault.ts';
import { ConfigFaults, faultLine } from '../../../src/cli/config/fault.ts';
import { unknownVariables } from '../../../src/cli/settings/environment.ts';
import { addSettingOptions, givenFlags } from '../../../src/cli/settings/flags.ts';
import { readSettings } from '../../../src/cli/settings/read-settings.ts';
import { variableOf } from '../../../src/cli/settings/setting.ts';
import { type SettingName, settingList } from '../../../src/cli/settings/settings-table.ts';
import { testIo } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-settings-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'reveille.json');

const flagsOf = (args: readonly string[]) => {
  const command = addSettingOptions(new Command().exitOverride());
  command.parse([...args], { from: 'user' });
  return givenFlags(command);
};
const read = async (args: readonly string[], env: Record<string, string>, content?: unknown) => {
  if (content !== undefined) writeFileSync(file, JSON.stringify(content));
  const faults: ConfigFault[] = [];
  const config = content === undefined ? undefined : file;
  const settings = await readSettings(testIo({ env }).io, { config, flags: flagsOf(args) }, faults);
  return { settings, faults };
};
/** Below `server`, the value at a path. */
const below = (key: string, value: unknown): unknown =>
  key.split('.').reduceRight((inner: unknown, name) => ({ [name]: inner }), value);

/** Three values for each setting, as an option says them, and the third as the file does. */
const samples = (name: SettingName): readonly [string, string, unknown, unknown?] => {
  const { kind } = Object.fromEntries(settingList)[name] ?? {};
  if (kind?.choices !== undefined) return [kind.choices[0] ?? '', kind.choices[1] ?? '', kind.choices[1]];
  switch (kind?.placeholder) {
    case '<devices>':
    case '<number>':
    case '<seconds>':
      return ['11', '12', 13];
    case '<host:port>':
      return ['127.0.0.1:11', '127.0.0.1:12', '127.0.0.1:13', { host: '127.0.0.1', port: 13 }];
    case '<url>':
      return ['http://one/', 'https://two/', 'http://three/'];
    case '<addresses>':
      return ['10.0.0.1', '10.0.0.2,10.0.0.0/8', ['loopback', '10.0.0.3'], 'loopback,10.0.0.3'];
    case '<host>':
      return ['a.example', 'b.example,c.example', ['d.example']];
    case '<network>':
      return ['10.0.0.1', '10.1.0.0/16,fd00::/8', ['10.2.0.0/16']];
    case '':
      return ['', 'true', true];
    default:
      return ['/one', '/two', '/three'];
  }
};

describe('settings of serve', () => {
  for (const [name, each] of settingList) {
    const { key, flag, kind } = each;
    it(`${flag}, ${variableOf(each)} and server.${key} are one setting`, async () => {
      assert.equal(
        Object.keys(flagsOf(kind.placeholder === '' ? [flag] : [`${flag}=${samples(name)[0]}`]))[0],
        name,
      );
      const [option, variable, inFile, asRead = inFile] = samples(name);
      const args = kind.placeholder === '' ? [flag] : [flag, option];
      const env = { [variableOf(each)]: variable };
      const content = { server: below(key, inFile) };
      const expected = (text: string): unknown => kind.ofText(text === '' ? 'true' : text);

      const all = await read(args, env, content);
      assert.deepEqual(all.faults, []);
      assert.deepEqual([all.settings.origins[name], all.settings.values[name]], ['option', expected(option)]);
      const two = await read([], env, content);
      assert.deepEqual(
        [two.settings.origins[name], two.settings.values[name]],
        ['variable', expected(variable)],
      );
      const one = await read([], { [variableOf(each)]: '' }, content);
      assert.deepEqual([one.settings.origins[name], one.settings.values[name]], ['file', asRead]);
      const none = await read([], {});
      assert.equal(none.settings.origins[name], 'default');
    });
  }

  it('a variable that holds tokens or keys itself counts more than a file that the configuration names, and less than an option', async () => {
    for (const [name, variable] of [
      ['tokenFile', 'REVEILLE_API_TOKEN'],
      ['sealKey', 'REVEILLE_SEAL_KEY'],
    ] as const) {
      const { key, flag } = Object.fromEntries(settingList)[name] ?? { key: '', flag: '' };
      const content = { server: below(key, 'of-the-file') };
      const held = await read([], { [variable]: 'held' }, content);
      assert.deepEqual([held.settings.values[name], held.faults], [undefined, []], name);
      const empty = await read([], { [variable]: '' }, content);
      assert.equal(empty.settings.values[name], join(folder, 'of-the-file'));
      const named = await read(
        [],
        { [variable]: 'held', [`${variable.replace(/_API/, '')}_FILE`]: 'named' },
        content,
      );
      assert.equal(named.settings.values[name], 'named');
      const option = await read([flag, 'of-the-option'], { [variable]: 'held' }, content);
      assert.equal(option.settings.values[name], 'of-the-option');
    }
  });

  it('paths in the file are relative to it, those of options and variables are not', async () => {
    const content = { server: { data: { folder: 'data' }, api: { tokenFile: 'tokens' } } };
    const { settings } = await read([], { REVEILLE_TOKEN_FILE: 'tokens' }, content);
    assert.equal(settings.values.data, join(folder, 'data'));
    assert.equal(settings.values.tokenFile, 'tokens');
  });

  it('REVEILLE_CONFIG names the file, --config another one; old files have sections alone', async () => {
    writeFileSync(file, JSON.stringify({ wap: { places: 7 } }));
    const settings = await readSettings(testIo({ env: { REVEILLE_CONFIG: file } }).io, { flags: {} }, []);
    assert.deepEqual([settings.sections, settings.file], [{ wap: { places: 7 } }, file]);
    const other = join(folder, 'other.yaml');
    writeFileSync(other, 'wap: {places: 8}\n');
    const faults: ConfigFault[] = [];
    const io = testIo({ env: { REVEILLE_CONFIG: file } }).io;
    assert.deepEqual((await readSettings(io, { config: other, flags: {} }, faults)).sections, {
      wap: { places: 8 },
    });
    assert.deepEqual(faults, []);
  });

  it('what is wrong is told all at once, each with its place', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      file,
      '{"server":{"dm":{"listen":"8080","tls":{"key":"x"}},"node":5},"sip":{"from":{"env":"NOBODY"}}}',
    );
    const faults: ConfigFault[] = [];
    const flags = flagsOf(['--attempts', '0', '--api', '80']);
    await readSettings(testIo({ env: { REVEILLE_KEEP_JOBS: 'x' } }).io, { config: file, flags }, faults);
    assert.deepEqual(faults.map(faultLine), [
      `${file}:1:41: server.dm.tls.key: not a field here; known are certificateFile, keyFile, clientCaFile`,
      `${file}:1:60: server.node: must be a text; put it in quotes`,
      `${file}:1:77: sip.from: the environment variable NOBODY is not set`,
      '--api 80: not HOST:PORT, such as 127.0.0.1:80',
      '--attempts 0: must be a whole number from 1 to 1000',
      'REVEILLE_KEEP_JOBS x: must be a whole number from 0 to 315360000',
    ]);
    writeFileSync(file, '{"server":{"dm":{"listen":"8080"}}}');
    // As many as there are lines: a bounded number is placed and told.
    const lines = Array.from({ length: 50_000 }, (_, line) => `k${line}: 1`);
    const other = join(folder, 'other.yaml');
    writeFileSync(other, lines.join('\n'));
    const many: ConfigFault[] = [];
    await readSettings(testIo().io, { config: other, flags: {} }, many);
    assert.equal(many.length, 100);
    assert.match(new ConfigFaults(many).message, /:20:1: k19: .*\nand more$/);
    const later: ConfigFault[] = [];
    await readSettings(testIo().io, { config: file, flags: {} }, later);
    assert.deepEqual(later.map(faultLine), [
      `${file}:1:27: server.dm.listen: must be HOST, HOST:PORT or [IPV6]:PORT`,
    ]);
  });

  it('variables that nobody reads are told, with the nearest', () => {
    const env = {
      REVEILLE_LOG_LEVLE: 'x',
      REVEILLE_COLOUR: '1',
      REVEILLE_PW: 'x',
      REVEILLE_DM: 'x',
      // Of npm run reveille in a checkout.
      REVEILLE_WITH_DEPENDENCIES: '1',
      PATH: '/',
    };
    assert.deepEqual(unknownVariables({ env }, new Set(['REVEILLE_PW'])), [
      { variable: 'REVEILLE_COLOUR' },
      { variable: 'REVEILLE_LOG_LEVLE', nearest: 'REVEILLE_LOG_LEVEL' },
    ]);
  });
});
