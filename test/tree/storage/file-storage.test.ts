import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  addAccount,
  createFileStorage,
  ManagementTree,
  readAccounts,
  writeFileAtomic,
} from '../../../src/tree/index.ts';
import { deviceTree } from '../tools.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-tree-'));
after(() => rm(folder, { recursive: true, force: true }));

async function open(file: string): Promise<ManagementTree> {
  const storage = createFileStorage(file);
  const snapshot = await storage.load();
  return new ManagementTree({ storage, ...(snapshot === undefined ? {} : { snapshot }) });
}

test('a tree file gives back what was committed, and only its owner can read it', async () => {
  const file = join(folder, 'state.json');
  const { tree } = await deviceTree({ storage: createFileStorage(file) });
  await addAccount(tree, {
    serverId: 's',
    addresses: [],
    credentials: [{ level: 'SRVCRED', type: 'HMAC', secret: 'x' }],
  });
  const again = await open(file);
  assert.deepEqual(again.snapshot(), tree.snapshot());
  assert.equal(readAccounts(again)[0]?.credentials[0]?.secret, 'x');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['state.json'], 'no temporary file is left');
});

test('a missing file is an empty tree', async () => {
  const tree = await open(join(folder, 'none.json'));
  assert.equal(tree.node('.')?.children?.size, 0);
  assert.equal(tree.transaction().aclOf('.'), 'Add=*&Get=*');
});

test('commits that overlap are written one after the other', async () => {
  const file = join(folder, 'overlap.json');
  const tree = await open(file);
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => tree.run((t) => t.set(`./N${n}`, { value: String(n) }))),
  );
  assert.deepEqual((await open(file)).snapshot(), tree.snapshot());
  assert.equal(tree.node('.')?.children?.size, 20);
});

test('a damaged file, one of a later version and an unreadable one say what to do', async () => {
  const file = join(folder, 'damaged.json');
  const tryOpen = async (text: string): Promise<unknown> => {
    await writeFile(file, text);
    return open(file).catch((error: unknown) => error);
  };
  const root = { tstamp: 0, format: 'node', children: [] };
  const whole = { kind: 'reveille-tree', version: 1, root };
  assert.ok((await tryOpen(JSON.stringify(whole))) instanceof ManagementTree);
  for (const [text, message] of [
    ['', /not JSON: the text ends where a value was expected\); restore/],
    ['{"kind":', /restore it from a copy/],
    ['[]', /damaged at snapshot/],
    [JSON.stringify({ ...whole, root: { tstamp: 0 } }), /the root is a leaf/],
    [JSON.stringify({ ...whole, root: { ...root, acl: 'nonsense' } }), /damaged at \./],
    [JSON.stringify({ ...whole, root: { ...root, children: [{ name: 'a/b', tstamp: 0 }] } }), /no name/],
    [
      JSON.stringify({
        ...whole,
        root: { ...root, children: [{ name: 'A', format: 'bin', base64: '*', tstamp: 0 }] },
      }),
      /damaged at \.\/A/,
    ],
    [
      JSON.stringify({
        ...whole,
        root: {
          ...root,
          children: [
            { name: 'A', tstamp: 0 },
            { name: 'A', tstamp: 0 },
          ],
        },
      }),
      /stands twice/,
    ],
  ] as const) {
    const error = await tryOpen(text);
    assert.ok(error instanceof Error && 'code' in error, text);
    assert.equal(error.code, 'TREE_CORRUPT', text);
    assert.match(error.message, message);
  }
  const later = await tryOpen(JSON.stringify({ ...whole, version: 3 }));
  assert.ok(later instanceof Error && 'code' in later && later.code === 'TREE_VERSION');
  await mkdir(join(folder, 'folder.json'));
  await assert.rejects(open(join(folder, 'folder.json')), { code: 'TREE_UNREADABLE', message: /EISDIR/ });
});

test('a tree nested without end is refused, not followed', async () => {
  let node: object = { name: 'x', tstamp: 0 };
  for (let n = 0; n < 5000; n += 1) node = { name: 'x', format: 'node', tstamp: 0, children: [node] };
  const snapshot = { kind: 'reveille-tree', version: 1, root: { ...node, name: undefined } } as const;
  assert.throws(() => new ManagementTree({ snapshot: snapshot as never }), { code: 'TREE_CORRUPT' });
});

test('a tree that cannot be written stays as it was, in memory too', async () => {
  const missing = join(folder, 'missing', 'state.json');
  const tree = await open(missing);
  await assert.rejects(
    tree.run((t) => t.set('./A', { value: '1' })),
    { code: 'TREE_UNWRITABLE', message: /ENOENT.*folder/ },
  );
  assert.equal(tree.node('./A'), undefined);
  await mkdir(join(folder, 'missing'));
  await tree.run((t) => t.set('./A', { value: '2' }));
  assert.equal((await open(missing)).node('./A')?.value, '2');
});

test('the temporary file of a crash, or a link in its place, does no harm', async () => {
  const inner = join(folder, 'litter');
  await mkdir(inner);
  const victim = join(folder, 'victim');
  await writeFile(victim, 'untouched');
  await symlink(victim, join(inner, '.state.json.tmp'));
  await writeFileAtomic(join(inner, 'state.json'), 'new');
  assert.equal((await stat(victim)).size, 'untouched'.length);
  await writeFile(join(inner, '.state.json.tmp'), 'half');
  await chmod(join(inner, '.state.json.tmp'), 0o666);
  await writeFileAtomic(join(inner, 'state.json'), 'newer');
  assert.equal((await stat(join(inner, 'state.json'))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(inner), ['state.json']);
});

test('kill -9 at any moment leaves the tree before or after a commit, never between', async () => {
  const file = join(folder, 'crash.json');
  let acknowledged = 0;
  for (let round = 0; round < 12; round += 1) {
    acknowledged = await writeUntilKilled(file, 3 + ((round * 7) % 11), acknowledged);
    const tree = await open(file);
    const a = tree.node('./A')?.value;
    const n = Number(a);
    assert.equal(tree.node('./B')?.value, a, 'both leaves of one commit');
    assert.equal(tree.node('./Filler')?.value, 'x'.repeat(20_000) + String(n));
    assert.ok(n === acknowledged || n === acknowledged + 1, `${n} on disk, ${acknowledged} acknowledged`);
    acknowledged = n;
  }
});

// Kills the writer as soon as it has acknowledged `commits` commits, in the middle of whatever it does next.
function writeUntilKilled(file: string, commits: number, start: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    let acknowledged = start;
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const lines = text.split('\n');
      acknowledged = Number(lines[lines.length - 2] ?? acknowledged);
      if (acknowledged >= start + commits) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_code, signal) =>
      signal === 'SIGKILL' ? resolve(acknowledged) : reject(new Error('the writer ended by itself')),
    );
  });
}
