// Which other process has a file locked, where the system tells everybody (Linux: /proc/locks).
import { readFileSync, statSync } from 'node:fs';

/** Its number, 0 where it stands outside of what this process sees; `undefined` where none has it, or nobody tells. */
export function holderOf(file: string): number | undefined {
  let locks: string;
  let inode: number;
  try {
    ({ ino: inode } = statSync(file));
    locks = readFileSync('/proc/locks', 'utf8');
  } catch {
    return undefined;
  }
  for (const line of locks.split('\n')) {
    // 1: POSIX  ADVISORY  READ  1234 fe:00:5678 1073741826 1073742335
    const parts = line.trim().split(/\s+/);
    const [, kind, , , pid] = parts;
    if (kind !== 'POSIX' || parts[5]?.split(':')[2] !== String(inode)) continue;
    const number = Number(pid);
    if (number !== process.pid) return Math.max(number, 0);
  }
  return undefined;
}
