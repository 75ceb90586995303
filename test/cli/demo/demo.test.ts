// `reveille demo` as a user runs it: a process of its own, real sockets, a real database.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CliProcess } from '../long-running.ts';

const temporary = mkdtempSync(join(tmpdir(), 'reveille-demo-test-'));
after(() => rmSync(temporary, { recursive: true }));

describe('reveille demo', () => {
  it('N12-C-001 N12-C-003 N12-S-001 N12-S-004 N10-S-001 N13-C-001 N13-S-001: wakes a device of each format, and one that is out of step', async () => {
    const demo = new CliProcess(['demo'], { env: { TMPDIR: temporary } });
    assert.equal(await demo.exited, 0, demo.stderr);
    const [heading = '', ...rows] = demo.stdout.trimEnd().split('\n');
    assert.match(heading, /^DEVICE +FORMAT +SESSION-ID +DIGEST HOLDS UNDER +PUSHES +MS TO ANSWER +STATE$/);
    const cell = / {2,}/;
    assert.deepEqual(
      rows
        .map((row) => row.split(cell))
        .map(([, format, , digest, pushes, , state]) => [format, digest, pushes, state]),
      [
        ['dm1.2', 'stored nonce', '1', 'completed'],
        ['dm1.3-2010', 'stored nonce', '1', 'completed'],
        ['dm1.3', 'time stamp', '1', 'completed'],
        ['dm1.2, nonce out of step', 'default nonce', '2', 'completed'],
      ],
    );
    assert.deepEqual(readdirSync(temporary), [], 'leaves nothing behind');
  });

  it('--all-bindings wakes a device over every binding', async () => {
    const demo = new CliProcess(['demo', '--all-bindings'], { env: { TMPDIR: temporary } });
    assert.equal(await demo.exited, 0, `${demo.stdout}\n${demo.stderr}`);
    const [heading = '', ...rows] = demo.stdout.trimEnd().split('\n');
    assert.match(heading, /^DEVICE +FORMAT +BINDING +SESSION-ID /);
    assert.deepEqual(
      rows
        .map((row) => row.split(/ {2,}/))
        .map(([, , binding, , , pushes, , state]) => [binding, pushes, state]),
      ['wap', 'waps', 'sms', 'sip', 'http', 'obex', 'pap'].map((binding) => [
        binding,
        '1',
        // Ruling 26: over secure WAP push goes a DM message.
        binding === 'waps' ? 'processed' : 'completed',
      ]),
    );
    assert.match(rows[1] ?? '', / DM message +waps +- +signature /);
    for (const [binding, state] of [
      ['waps', 'sent'],
      ['pap', 'accepted'],
      ['obex', 'delivered'],
      ['sms', 'accepted'],
    ]) {
      assert.match(demo.stderr, new RegExp(`^${state} `, 'm'), `${binding}: ${state}`);
    }
    assert.deepEqual(readdirSync(temporary), [], 'leaves nothing behind');
  });

  it('--keep leaves everything running until it is stopped, and says what to try next', async () => {
    const demo = new CliProcess(['demo', '--keep'], { env: { TMPDIR: temporary } });
    try {
      const [, device = '', server = ''] = await demo.prints(
        /send (IMEI:\d+) --server (\S+) --ui-mode informative --watch/,
      );
      await demo.prints(/openapi\.json\n/);
      const again = new CliProcess(['send', device, '--server', server, '--watch']);
      assert.equal(await again.exited, 0, again.stderr);
      assert.match(again.stdout, /completed/);
    } finally {
      await demo.end('SIGINT');
    }
    assert.deepEqual(readdirSync(temporary), [], 'leaves nothing behind');
  });
});
