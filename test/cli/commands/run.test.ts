// reveille run as a function, against an API that is scripted: arguments, output, what happens when nothing comes.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { statusLines, terminalValue, valueLines } from '../../../src/cli/remote/job-lines.ts';
import { runCli } from '../run-cli.ts';

type Json = Record<string, unknown>;

const folder = mkdtempSync(join(tmpdir(), 'reveille-run-'));
let http: Server;
let url = '';
/** `METHOD PATH`, and the body. */
let requests: { readonly line: string; readonly body: Json }[] = [];
let answers: Record<string, Json> = {};

before(async () => {
  http = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      requests.push({ line, body: text === '' ? {} : (JSON.parse(text) as Json) });
      const answer = answers[line];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(answer ?? { code: 'NOT_FOUND', detail: `no ${line}`, path: 'commands[0].uri' }),
      );
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
after(() => {
  http.closeAllConnections();
  http.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  requests = [];
  answers = { 'POST /v1/jobs': { id: 'j1' } };
});

const run = (...args: string[]) => runCli(['run', 'IMEI:1', '--server', url, ...args]);
const over = (state: string, commands: readonly Json[], more: Json = {}) => {
  answers['GET /v1/jobs/j1'] = { id: 'j1', state, commands, ...more };
};

test('what the server warns of is told on standard error, and the job goes on', async () => {
  over('completed', []);
  answers['POST /v1/jobs'] = {
    id: 'j1',
    warnings: ['commands[0]: the family aosp answers Copy with 406\u001b[2J'],
  };
  const { status, stderr } = await run('get', './A');
  assert.equal(status, 0);
  assert.match(stderr, /^reveille: warning: commands\[0\]: the family aosp answers Copy with 406/m);
  assert.ok(!stderr.includes('\u001b'));
});

test('arguments and job files become the commands of a job', async () => {
  over('completed', []);
  writeFileSync(join(folder, 'value'), Buffer.from([0, 255]));
  const file = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  };
  const get = { command: 'get', uri: './A' };
  const value = join(folder, 'value');
  for (const [args, body] of [
    [['get', './A'], { commands: [get] }],
    [['get', './A', './B'], { commands: [get, { command: 'get', uri: './B' }] }],
    [['add', './A'], { commands: [{ command: 'add', uri: './A', format: 'node' }] }],
    [['add', './A', ''], { commands: [{ command: 'add', uri: './A', data: '' }] }],
    [
      ['add', './A', '7', '--format', 'int', '--type', 'text/x'],
      { commands: [{ command: 'add', uri: './A', format: 'int', type: 'text/x', data: '7' }] },
    ],
    [['replace', './A', '--', '-7'], { commands: [{ command: 'replace', uri: './A', data: '-7' }] }],
    [
      ['replace', './A', '--file', value],
      { commands: [{ command: 'replace', uri: './A', dataBase64: 'AP8=' }] },
    ],
    [
      ['replace', './A', '--file', value, '--format', 'xml'],
      { commands: [{ command: 'replace', uri: './A', format: 'xml', data: '\u0000\ufffd' }] },
    ],
    [
      ['delete', './A', './B'],
      {
        commands: [
          { command: 'delete', uri: './A' },
          { command: 'delete', uri: './B' },
        ],
      },
    ],
    [['copy', './A', './B'], { commands: [{ command: 'copy', source: './A', uri: './B' }] }],
    [['exec', './A'], { commands: [{ command: 'exec', uri: './A' }] }],
    [
      ['exec', './A', 'x', '--correlator', 'c'],
      { commands: [{ command: 'exec', uri: './A', data: 'x', correlator: 'c' }] },
    ],
    [['--job', file('one.json', get)], { commands: [get] }],
    [['--job', file('list.json', [get, get])], { commands: [get, get] }],
    [
      [
        '--job',
        file('job.json', { commands: [get], onFailure: 'continue', notification: { uiMode: 'informative' } }),
      ],
      { commands: [get], onFailure: 'continue', notification: { uiMode: 'informative' } },
    ],
    [['get', './A', '--continue'], { commands: [get], onFailure: 'continue' }],
    [['get', './A', '--no-wake', '--timeout', '7'], { commands: [get], wake: false, timeoutSeconds: 7 }],
  ] as const) {
    requests = [];
    const { status, stderr } = await run(...args);
    assert.equal(status, 0, stderr);
    const [created] = requests;
    assert.equal(created?.line, 'POST /v1/jobs');
    assert.deepEqual(
      created.body,
      { device: 'IMEI:1', timeoutSeconds: 120, wake: true, ...body },
      args.join(' '),
    );
  }
});

test('a job comes from standard input as well', async () => {
  over('completed', []);
  const stdin = JSON.stringify({ command: 'get', uri: './A' });
  const { status } = await runCli(['run', 'IMEI:1', '--server', url, '--job', '-'], { stdin });
  assert.equal(status, 0);
  assert.deepEqual(requests[0]?.body.commands, [{ command: 'get', uri: './A' }]);
});

test('called wrongly, it says how in one line, and asks for nothing', async () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{');
  writeFileSync(join(folder, 'text.json'), '"get"');
  for (const [args, words] of [
    [[], /there is no command\. Give COMMAND, or --job FILE/],
    [['put', './A'], /put: not a command\. There are: get URI/],
    [['__proto__'], /__proto__: not a command/],
    [['get'], /get takes other arguments\. Use: get URI/],
    [['copy', './A'], /copy takes other arguments\. Use: copy FROM TO/],
    [['add', './A', 'b', 'c'], /add takes other arguments\. Use: add URI \[VALUE\]/],
    [['replace', './A'], /replace takes a value\. Give VALUE or --file FILE/],
    [['replace', './A', 'x', '--file', broken], /a value and --file exclude each other/],
    [['get', './A', '--format', 'chr'], /--format does not go with get/],
    [['replace', './A', 'x', '--correlator', 'c'], /--correlator does not go with replace/],
    [['get', './A', '--job', broken], /--job and get exclude each other/],
    [['--job', broken, '--type', 'x'], /--type does not go with --job/],
    [['get', './A', '--timeout', '0'], /--timeout 0: must be a whole number/],
    [['get', './A', '--server', 'localhost'], /not a URL such as/],
  ] as const) {
    const { status, stderr, stdout } = await run(...args);
    assert.deepEqual([status, stdout], [2, ''], stderr);
    assert.match(stderr, words);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  }
  for (const [name, words] of [
    ['broken.json', /broken\.json: line 1, column \d+: not JSON/],
    ['text.json', /text\.json holds no commands/],
  ] as const) {
    const { status, stderr } = await run('--job', join(folder, name));
    assert.equal(status, 1, stderr);
    assert.match(stderr, words);
  }
  const missing = await run('--job', join(folder, 'missing.json'));
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /cannot read .*missing\.json: no such file/);
  assert.equal(requests.length, 0);
});

test('values go to standard output, statuses by name to standard error', async () => {
  over(
    'failed',
    [
      {
        command: 'sequence',
        status: 200,
        commands: [
          { command: 'get', uri: './A', status: 200, results: [{ uri: './A', data: 'one' }] },
          { command: 'get', uri: './Gone', status: 404 },
        ],
      },
      { command: 'get', uri: './L?list=Struct', status: 200, results: [{ uri: './L', format: 'node' }] },
      {
        command: 'get',
        uri: './O',
        status: 200,
        results: [{ uri: './O', format: 'bin', dataBase64: 'AP8=' }],
      },
      { command: 'get', uri: './S', status: 200, results: [{ uri: './S', withheld: true }] },
      { command: 'alert', kind: 'text', text: 'Name?', status: 200, items: [{ data: 'Ada' }] },
      { command: 'exec', uri: './X', status: 202, report: { data: '4\u001b[31m10', at: 'x' } },
      { command: 'add', uri: './B', problem: 'larger than the device can take' },
      { command: 'get', uri: './C', sends: 1 },
      { command: 'get', uri: './D', sends: 0 },
    ],
    { reason: 'because' },
  );
  const { status, stdout, stderr } = await run('get', './A');
  assert.equal(status, 1);
  assert.equal(stdout, './A\tone\n./L\n./O\tAP8=\nalert text\tAda\n');
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'sequence: 200 ok',
    'get ./A: 200 ok',
    'get ./Gone: 404 not found',
    'get ./L?list=Struct: 200 ok',
    'get ./O: 200 ok',
    'get ./S: 200 ok, a value that holds a secret is withheld',
    'alert text: 200 ok',
    'exec ./X: 202 accepted for processing, reported 4 [31m10',
    'add ./B: larger than the device can take',
    'get ./C: no answer',
    'get ./D: not sent',
    'reveille: the job failed: because',
  ]);
});

test('one value comes alone, also an empty one; nothing of a device can steer a terminal', () => {
  const value = (data: string) => ({
    commands: [{ command: 'get', uri: './A', results: [{ uri: './A', data }] }],
  });
  assert.deepEqual(valueLines(value('1.0')), ['1.0']);
  assert.deepEqual(valueLines(value('')), ['']);
  assert.deepEqual(valueLines({}), []);
  assert.deepEqual(statusLines({}), []);
  assert.equal(terminalValue('a\tb\nc'), 'a\tb\nc');
  assert.equal(terminalValue('\u001b[2J\u0007\u202e\u009bé😀'), '\\u{001B}[2J\\u{0007}\\u{202E}\\u{009B}é😀');
});

test('--json prints the job as it is', async () => {
  over('completed', [{ command: 'get', uri: './A', status: 200 }]);
  const { status, stdout, stderr } = await run('get', './A', '--json');
  assert.deepEqual([status, stderr], [0, '']);
  assert.deepEqual(JSON.parse(stdout), answers['GET /v1/jobs/j1']);
});

test('a device that cannot be woken: the job is cancelled, and the reason told', async () => {
  over('pending', [], { notification: 'n1' });
  answers['GET /v1/notifications/n1'] = { state: 'failed', reason: 'no address took it' };
  answers['POST /v1/jobs/j1/cancel'] = { id: 'j1' };
  const { status, stderr } = await run('get', './A');
  assert.equal(status, 1);
  assert.equal(
    stderr,
    'reveille: the device could not be woken: failed: no address took it; the job was cancelled\n',
  );
  assert.equal(requests.at(-1)?.line, 'POST /v1/jobs/j1/cancel');
});

test('Ctrl-C cancels the job', async () => {
  over('running', []);
  answers['POST /v1/jobs/j1/cancel'] = { id: 'j1' };
  const stop = new AbortController();
  const running = runCli(['run', 'IMEI:1', 'get', './A', '--server', url], { stop: stop.signal });
  while (!requests.some(({ line }) => line === 'GET /v1/jobs/j1')) await new Promise(setImmediate);
  stop.abort();
  const { status, stderr } = await running;
  assert.equal(status, 1);
  assert.equal(stderr, 'reveille: stopped; the job was cancelled\n');
  assert.equal(requests.at(-1)?.line, 'POST /v1/jobs/j1/cancel');
});

test('what the server refuses is told with its place', async () => {
  answers = {};
  const { status, stderr } = await run('get', './A');
  assert.equal(status, 1);
  assert.equal(stderr, 'reveille: the server refused: commands[0].uri: no POST /v1/jobs\n');
});
