// The older commit that rows are held against: unpacked from the history of this checkout, with what it needs to run.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The last commit that sent pushes one by one. */
export const olderCommit = 'a47cffd';

/** An older release that can be run. */
export interface Older {
  readonly commit: string;
  /** Root of its files. */
  readonly root: string;
}

/** A package of a lock file, as far as it matters here. */
interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/**
 * Unpacks the older commit into `folder`. The packages that it names are those of this checkout when they have the same
 * versions, else they are installed there.
 * @param root of this checkout
 */
export function unpackOlder(root: string, folder: string): Older | { readonly missing: string } {
  const archive = spawnSync('git', ['archive', '--format=tar', olderCommit], {
    cwd: root,
    maxBuffer: 512 * 1024 * 1024,
  });
  if (archive.status !== 0) return { missing: `commit ${olderCommit} is not in this checkout` };
  const unpacked = spawnSync('tar', ['-x', '-C', folder], { input: archive.stdout });
  if (unpacked.status !== 0) return { missing: `tar failed: ${unpacked.stderr?.toString().trim()}` };
  if (packagesFit(folder, root)) {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return { commit: olderCommit, root: folder };
  }
  const npm = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = spawnSync('npm', npm, { cwd: folder, encoding: 'utf8' });
  if (installed.status !== 0) {
    return { missing: `npm ci of ${olderCommit} failed: ${installed.stderr?.trim().slice(-200)}` };
  }
  return { commit: olderCommit, root: folder };
}

/** True when everything that the lock file of `folder` needs at run time is installed in `root` in the same version. */
function packagesFit(folder: string, root: string): boolean {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(join(folder, 'package-lock.json'))).every(
    ([path, { version, dev, optional }]) =>
      path === '' || dev === true || optional === true || have[path]?.version === version,
  );
}

function packagesOf(file: string): Readonly<Record<string, Locked>> {
  return (JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> }).packages;
}
