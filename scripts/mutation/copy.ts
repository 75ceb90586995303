// A copy of the project in which the code is changed, so that the project itself never is.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Copies the files that git knows or would know, and links the dependencies. */
export function copyProject(root: string): string {
  const copy = mkdtempSync(join(realpathSync(tmpdir()), 'reveille-mutants-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const path of listed.toString('utf8').split('\0').filter(Boolean)) {
    if (path === 'node_modules') continue;
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'));
  return copy;
}

/** Writes instrumented files into the copy. */
export function writeFiles(
  copy: string,
  files: readonly { readonly path: string; readonly content: string }[],
): void {
  for (const { path, content } of files) writeFileSync(join(copy, path), content);
}
