// The published form: what `npm pack` makes, installed by npm in an empty folder.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'reveille-package-'));
after(() => rmSync(folder, { recursive: true }));

function run(command: string, args: readonly string[], input = ''): string {
  const result = spawnSync(command, args, { cwd: folder, input, encoding: 'utf8', timeout: 110_000 });
  assert.equal(result.status, 0, `${command} ${args.join(' ')}\n${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

describe('the package', () => {
  it('installs elsewhere as JavaScript and declarations, and its command works', () => {
    run('npm', ['pack', root, '--pack-destination', folder, '--silent']);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    run('npm', [
      'install',
      `./${tarball}`,
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--loglevel=error',
    ]);
    const files = run('tar', ['-tzf', tarball]).split('\n');
    assert.ok(files.includes('package/dist/index.d.ts'));
    assert.deepEqual(
      files.filter((name) => /^package\/(src|test|scripts)\//.test(name)),
      [],
    );

    // The Node that runs the tests; the installed command would say what it needs on an older one.
    const command = [join(folder, 'node_modules/.bin/reveille')];
    const message = JSON.stringify({ format: 'dm1.2', serverId: 'a', sessionId: 1 });
    const hex = run(process.execPath, [...command, 'encode', '--secret', 's'], message);
    const decoded = run(process.execPath, [...command, 'decode', '--json', '--secret', 's'], hex);
    assert.equal(JSON.parse(decoded).verified, true);
    assert.match(run(process.execPath, [...command, 'demo']), /(completed\s+){4}|completed/);

    writeFileSync(
      join(folder, 'use.mjs'),
      `import { readFileSync } from 'node:fs';
       const { exports } = JSON.parse(readFileSync('node_modules/reveille/package.json', 'utf8'));
       for (const name of Object.keys(exports)) {
         if (!name.endsWith('.json')) await import('reveille' + name.slice(1));
       }
       const { notification } = await import('reveille');
       const { default: package0 } = await import('reveille/vectors/package0.json', { with: { type: 'json' } });
       if (package0.vectors.length === 0) throw new Error('no vectors');
       console.log(typeof notification.decodeNotification);`,
    );
    assert.equal(run(process.execPath, ['use.mjs']).trim(), 'function');
  });
});
