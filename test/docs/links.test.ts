// What the documents link to is there, headings included, and what README links to is in the package that npm makes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

interface Link {
  /** Path from the root. */
  readonly path: string;
  readonly fragment: string | undefined;
}

function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
}

/** Relative links of a page, reference definitions included; those to other sites are not looked up. */
function linksOf(page: string): readonly Link[] {
  const found = textOf(page).matchAll(/\]\(([^)\s]+)(?:\s"[^"]*")?\)|^\[[^\]]+\]:\s*(\S+)/gm);
  return [...found].flatMap(([, inline, defined]) => {
    const target = inline ?? defined ?? '';
    if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
    const [path = '', fragment] = target.split('#');
    return [{ path: path === '' ? page : join(page, '..', path), fragment }];
  });
}

/** The fragments that a page's headings make. */
function headingsOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

test('every relative link of a document leads to a file, and to a heading where it names one', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter(({ path, fragment }) => {
        if (!existsSync(join(root, path))) return true;
        return fragment !== undefined && !headingsOf(path).includes(fragment);
      })
      .map(({ path, fragment }) => `${page}: ${path}${fragment === undefined ? '' : `#${fragment}`}`),
  );
  assert.deepEqual(broken, []);
  assert.ok(pages.flatMap((page) => linksOf(page)).length > 40, 'links are found at all');
});

test('what README links to is in the package, and so are the documents that those pages link to', () => {
  const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(packed.status, 0, packed.stderr);
  const [made] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
  const files = new Set(made.files.map(({ path }) => path));
  const missing: string[] = [];
  const seen = new Set<string>();
  const left = ['README.md'];
  for (let page = left.pop(); page !== undefined; page = left.pop()) {
    if (seen.has(page)) continue;
    seen.add(page);
    for (const { path } of linksOf(page)) {
      // A page that says where something is tested means the repository.
      const ours = page === 'README.md' || path.endsWith('.md');
      if (ours && !files.has(path)) missing.push(`${page}: ${path}`);
      else if (path.endsWith('.md')) left.push(path);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(seen.size > 10, [...seen].join(' '));
});

test('the package says where it comes from and where to report a fault', () => {
  const described = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { repository, homepage, bugs } = described as {
    repository: { type: string; url: string };
    homepage: string;
    bugs: { url: string };
  };
  assert.equal(repository.type, 'git');
  const address = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  assert.ok(URL.canParse(address));
  assert.ok(homepage.startsWith(address), homepage);
  assert.ok(bugs.url.startsWith(address), bugs.url);
});
