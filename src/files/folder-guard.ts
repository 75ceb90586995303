// Sees to it that nobody else can put another file in the place of ours.
import { chmodSync, readdirSync, type Stats, statSync } from 'node:fs';
import type { Remark } from './file-guard.ts';
import { FileRefusal } from './file-refusal.ts';
import { modeText, openToOthers, ownUser, superuser } from './owner.ts';

/** Only the owner of an entry may rename or remove it, as in /tmp. */
const stickyBit = 0o1000;

/**
 * A folder for files of this program. When it is ours, holds nothing but what `isOurs` knows by name, and others may look
 * in or write, its mode is narrowed to 0700, with a remark. A folder that holds other things as well, such as a home or
 * /tmp, keeps its mode: the files in it are guarded one by one. Without `remark` nothing is narrowed: it is looked whether it could be.
 * @throws {FileRefusal} another user than the superuser owns it, or everybody may replace the files in it
 */
export function guardFolder(
  folder: string,
  isOurs: (name: string) => boolean,
  remark: Remark | undefined,
): void {
  const user = ownUser();
  if (user === undefined) return;
  const found = statSync(folder);
  if (found.uid !== user && found.uid !== superuser) {
    throw new FileRefusal(
      'NOT_OURS',
      `the folder ${folder} belongs to another user (uid ${found.uid}, this process is ${user}), who can replace every ` +
        `file in it. Make it yours (chown ${user} ${folder}), or use another folder`,
    );
  }
  if (
    found.uid === user &&
    openToOthers(found) &&
    isAlone(folder, found, isOurs) &&
    (remark === undefined || tryNarrow(folder))
  ) {
    remark?.(`the folder ${folder} had mode ${modeText(found.mode)}, open to others: it has 0700 now`);
    return;
  }
  if ((found.mode & 0o002) !== 0 && (found.mode & stickyBit) === 0) {
    throw new FileRefusal(
      'TOO_OPEN',
      `the folder ${folder} has mode ${modeText(found.mode)}: everybody can replace the files in it. Take that away ` +
        `(chmod o-w ${folder}), or use another folder`,
    );
  }
}

function isAlone(folder: string, { mode }: Stats, isOurs: (name: string) => boolean): boolean {
  return (mode & stickyBit) === 0 && readdirSync(folder).every((name) => isOurs(name));
}

function tryNarrow(folder: string): boolean {
  try {
    chmodSync(folder, 0o700);
    return !openToOthers(statSync(folder));
  } catch {
    return false;
  }
}
