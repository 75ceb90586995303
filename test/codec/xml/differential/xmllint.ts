// What xmllint (Debian package libxml2-utils) makes of documents, many at a time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What it says of one document: its canonical form (Canonical XML 1.0, without comments), or what is wrong. */
export type Verdict =
  | { readonly canonical: string; readonly wrong?: undefined }
  | { readonly wrong: string; readonly canonical?: undefined };

/** One verdict for each document. `folder` is made, and removed. @throws {Error} when the tool cannot be run */
export function askXmllint(documents: readonly Uint8Array[], folder: string): readonly Verdict[] {
  mkdirSync(folder);
  try {
    const files = documents.map((octets, at) => {
      const file = `${at}.xml`;
      writeFileSync(join(folder, file), octets);
      return file;
    });
    const wrong = complaints(run(['--noout', ...files], folder).stderr);
    const taken = files.filter((file) => !wrong.has(file));
    const canonical = canonicalForms(taken, folder);
    return files.map((file) => {
      const found = wrong.get(file);
      return found === undefined ? { canonical: canonical.get(file) ?? '' } : { wrong: found };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first error of each file. Warnings are none, and neither is a namespace that is no URI: to us it is a name. */
function complaints(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const all = text.matchAll(/^([0-9]+\.xml):[0-9]+: ([^\n]* error : (?:(?!^[0-9]+\.xml:)[\s\S])*)/gm);
  for (const [, file = '', what = ''] of all) {
    if (!found.has(file) && !what.includes('is not a valid URI')) found.set(file, what);
  }
  return found;
}

/** Between two forms stands an element whose name no document has. */
function canonicalForms(files: readonly string[], folder: string): ReadonlyMap<string, string> {
  const forms = new Map<string, string>();
  if (files.length === 0) return forms;
  writeFileSync(join(folder, 'between.xml'), '<between-two-documents/>');
  const { stdout } = run(['--c14n', ...files.flatMap((file) => [file, 'between.xml'])], folder);
  const all = stdout.split('<between-two-documents></between-two-documents>');
  for (const [at, file] of files.entries()) forms.set(file, (all[at] ?? '').trim());
  return forms;
}

function run(args: readonly string[], folder: string): { readonly stdout: string; readonly stderr: string } {
  const { stdout, stderr, error } = spawnSync('xmllint', ['--nonet', '--nocatalogs', ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (error !== undefined) throw error;
  return { stdout, stderr };
}
