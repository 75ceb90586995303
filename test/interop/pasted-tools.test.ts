// What the tools of this machine print is read back as the octets that they were given: hexdump (bsdextrautils), xxd,
// od and base64 (coreutils), tshark and text2pcap, python3.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../src/core/index.ts';
import { readPasted } from '../../src/inspect/pasted/read-pasted.ts';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-pasted-'));
after(() => rmSync(folder, { recursive: true }));

const push = hexToBytes(
  '0605040b84c002010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const printable = new Uint8Array(Buffer.from(`ab cd  ef|>x< |${'0123456789abcdef  '.repeat(5)}*`));
const samples: Readonly<Record<string, Uint8Array>> = {
  'a push': push,
  'one octet': Uint8Array.of(0x41),
  'sixteen octets': push.subarray(0, 16),
  'text that looks like hex': printable,
  'runs of zeros': Uint8Array.from([...push, ...new Array<number>(200).fill(0), ...push]),
  'every octet': Uint8Array.from({ length: 1024 }, (_, i) => (i * 7) & 0xff),
};
const python = (code: string): readonly string[] => ['-c', `import sys; d=sys.stdin.buffer.read(); ${code}`];

const tools: readonly (readonly [string, readonly string[]])[] = [
  ['hexdump', ['-C']],
  ['hexdump', ['-C', '-v']],
  ['xxd', []],
  ['xxd', ['-a']],
  ['xxd', ['-u', '-g', '1']],
  ['xxd', ['-c', '32']],
  ['xxd', ['-c', '8']],
  ['xxd', ['-i']],
  ['od', ['-A', 'x', '-t', 'x1z']],
  ['od', ['-A', 'd', '-t', 'x1']],
  ['od', ['-t', 'x1']],
  ['od', ['-A', 'x', '-t', 'x1', '-v', '-w32']],
  ['python3', python('print([hex(b) for b in d])')],
  ['python3', python('print(bytearray(d).hex(" ", 4))')],
  ['python3', python('import json; print(json.dumps({"payload": list(d)}))')],
  ['node', ['-e', 'process.stdin.on("data", (d) => console.log(JSON.stringify(d)))']],
  ['node', ['-e', 'process.stdin.on("data", (d) => console.log(JSON.stringify({ ...new Uint8Array(d) })))']],
  ['python3', python('print(list(d))')],
  ['python3', python('print("{", ", ".join("0x%02x" % b for b in d), "}")')],
  ['python3', python('print("".join("\\\\x%02x" % b for b in d))')],
  ['python3', python('print(d.hex(":"))')],
];
const rules = { isMessage: () => false, areSegments: () => false, oneEach: false };

function print(tool: string, args: readonly string[], input: Uint8Array): Uint8Array {
  const { status, stdout, error } = spawnSync(tool, args, { input, timeout: 30_000, maxBuffer: 1 << 24 });
  assert.equal(error, undefined);
  assert.equal(status, 0, tool);
  return new Uint8Array(stdout);
}

function assertRead(printed: Uint8Array, expected: Uint8Array): void {
  const messages = readPasted(printed, undefined, rules);
  assert.equal(messages.length, 1, Buffer.from(printed).toString());
  const [message] = messages;
  assert.ok(message !== undefined && 'parts' in message, Buffer.from(printed).toString());
  assert.equal(message.parts.map(bytesToHex).join(), bytesToHex(expected));
}

for (const [tool, args] of tools) {
  describe(`${tool} ${args.join(' ').slice(0, 60)}`, () => {
    for (const [name, octets] of Object.entries(samples)) {
      it(`reads ${name}`, () => assertRead(print(tool, args, octets), octets));
    }
  });
}

describe('forms of which a short one could be something else', () => {
  for (const [tool, args] of [
    ['xxd', ['-p']],
    ['od', ['-A', 'n', '-t', 'x1', '-v']],
    ['base64', []],
    ['base64', ['-w', '20']],
    ['python3', python('print(d)')],
  ] as const) {
    it(`decode reads what ${tool} ${args.join(' ').slice(0, 30)} prints`, async () => {
      const { stdout, status } = await runCli(['decode', '--json', '--secret', 'secret'], {
        stdin: print(tool, args, push),
      });
      assert.equal(status, 0, stdout);
      assert.equal(JSON.parse(stdout).verified, true);
    });
  }
});

describe('numbers in columns with offsets', () => {
  for (const args of [
    ['-c'],
    ['-b'],
    ['-t', 'u1'],
    ['-t', 'd1'],
    ['-A', 'x', '-t', 'o1'],
    ['-A', 'd', '-c'],
  ]) {
    it(`od ${args.join(' ')}`, () => {
      assertRead(print('od', ['-v', ...args], push), push);
      const every = samples['every octet'] ?? push;
      assertRead(print('od', ['-v', ...args], every), every);
    });
  }
  it('hexdump -b and -c', () => {
    assertRead(print('hexdump', ['-v', '-b'], push), push);
    assertRead(print('hexdump', ['-v', '-c'], push), push);
  });
});

describe('gdb', () => {
  const program = join(folder, 'push');
  it('prints memory in octets, and words are refused', () => {
    const list = [...push].join(', ');
    const source = `unsigned char push[] = { ${list} };\nint main(void) { return push[0]; }\n`;
    print('gcc', ['-g', '-x', 'c', '-', '-o', program], new Uint8Array(Buffer.from(source)));
    for (const command of [
      'x/55xb push',
      'x/55ub push',
      'x/55db push',
      'x/55ob push',
      'x/55tb push',
      'x/55cb push',
      'p/x push',
      'p/d push',
    ])
      assertRead(print('gdb', ['-batch', '-nx', '-ex', command, program], new Uint8Array(0)), push);
    for (const command of ['x/6xw push', 'x/4xg push', 'x/8xh push', 'x/6dw push']) {
      const [message] = readPasted(
        print('gdb', ['-batch', '-nx', '-ex', command, program], new Uint8Array(0)),
        undefined,
        rules,
      );
      assert.ok(message !== undefined && 'error' in message, command);
      assert.match(message.error.message, /whose order depends on the machine/);
    }
  });
});

describe('tools whose columns are words or bits are refused with their line', () => {
  for (const [tool, args] of [
    ['hexdump', []],
    ['od', []],
    ['od', ['-t', 'x2']],
    ['xxd', ['-e']],
    ['xxd', ['-b']],
  ] as const) {
    it(`${tool} ${args.join(' ')}`, () => {
      const [message] = readPasted(print(tool, args, push), undefined, rules);
      assert.ok(message !== undefined && 'error' in message);
      assert.match(message.error.message, /^line 1, column \d+: .*use |^line 1, column \d+: words/);
    });
  }
});

describe('tshark -x', () => {
  it('reads each frame of a capture', () => {
    const dump = print('od', ['-A', 'x', '-t', 'x1', '-v'], push);
    const twice = Buffer.concat([dump, dump]);
    const input = join(folder, 'push.txt');
    const capture = join(folder, 'push.pcap');
    writeFileSync(input, twice);
    print('text2pcap', ['-q', '-l', '147', input, capture], new Uint8Array(0));
    const printed = print('tshark', ['-n', '-x', '-r', capture], new Uint8Array(0));
    const messages = readPasted(printed, undefined, rules);
    assert.deepEqual(
      messages.map((message) => ('parts' in message ? message.parts.map(bytesToHex) : message.error.message)),
      [[bytesToHex(push)], [bytesToHex(push)]],
    );
  });
});
