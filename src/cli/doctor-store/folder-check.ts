// The folder of the database: whether it is there or can be made, whose it is, who can look in, and what file system it lies on.
import { lstatSync, readdirSync, type Stats, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeOf, StoreError } from '../../core/index.ts';
import { modeText, openToOthers, ownUser, superuser } from '../../files/index.ts';
import { databaseName, lookAtPlace } from '../../store/sqlite/index.ts';
import { type Check, type Finding, tellerOf } from '../doctor-base/finding.ts';
import { entryAt, nearestAbove, whyNotWritable } from '../set-up/folder-look.ts';
import { fileSystemTrouble } from './file-systems.ts';

const name = 'folder';
const tell = tellerOf(name);

/** Only the owner of an entry may rename or remove it, as in /tmp. */
const stickyBit = 0o1000;

/** The check. */
export const folderCheck: Check = {
  name,
  run({ setUp }) {
    if (setUp === undefined) return [];
    const folder = resolve(setUp.data);
    const there = entryAt(folder);
    if (there === undefined) return newFolder(folder);
    if (!there.isDirectory()) {
      return [
        tell.error(folder, 'it is no folder', 'give another folder with --data, or move the file away'),
      ];
    }
    const found = [...ownerAndMode(folder, there), ...fileSystem(folder)];
    return found.some(({ severity }) => severity === 'error') ? found : [...found, ...files(folder)];
  },
};

/** The folder that will be made: whether it can be. */
function newFolder(folder: string): readonly Finding[] {
  const above = nearestAbove(folder);
  if (entryAt(above)?.isDirectory() !== true) {
    return [
      tell.error(folder, `it cannot be made: ${above} is no folder`, 'give another folder with --data'),
    ];
  }
  const why = notWritable(above);
  if (why !== undefined) {
    const remedy = `make it as root and give it to this user (chown ${ownUser() ?? 'USER'}), or give another folder with --data`;
    return [tell.error(folder, `it is not there, and cannot be made in ${above}: ${why}`, remedy)];
  }
  return fileSystem(above).map((finding) => ({ ...finding, where: folder }));
}

function ownerAndMode(folder: string, { uid, mode }: Stats): readonly Finding[] {
  const user = ownUser();
  if (user === undefined) return [];
  if (uid !== user && uid !== superuser) {
    const what = `it belongs to another user (uid ${uid}, this process is ${user}): a server of this user does not use it`;
    const remedy = `run doctor and serve as that user, or make it this one's: chown -R ${user} ${folder}`;
    return [tell.error(folder, what, remedy)];
  }
  if ((mode & 0o002) !== 0 && (mode & stickyBit) === 0 && isRefused(folder)) {
    const what = `it has mode ${modeText(mode)}: everybody can replace the files in it, and the server does not start`;
    return [tell.error(folder, what, `chmod 700 ${folder}`)];
  }
  if (!openToOthers({ mode }) || (mode & stickyBit) !== 0) return [];
  const what = `it has mode ${modeText(mode)}: others on this machine can look in`;
  return [tell.warning(folder, what, `chmod 700 ${folder}; serve does that where nothing else lies in it`)];
}

function fileSystem(folder: string): readonly Finding[] {
  const why = notWritable(folder);
  if (why !== undefined) {
    const remedy =
      why === 'EROFS'
        ? 'mount it for writing (mount -o remount,rw), or give another folder with --data'
        : 'run doctor and serve as the user that it belongs to, or give another folder with --data';
    const said =
      why === 'EROFS'
        ? 'it lies on a file system that is mounted read-only'
        : `it cannot be written (${why})`;
    return [tell.error(folder, said, remedy)];
  }
  const trouble = fileSystemTrouble(statfsSync(folder).type);
  return trouble === undefined ? [] : [tell.warning(folder, trouble.what, trouble.remedy)];
}

/** The database and what SQLite puts beside it. */
function files(folder: string): readonly Finding[] {
  const user = ownUser();
  if (user === undefined) return [];
  return readdirSync(folder)
    .filter((each) => each === databaseName || each.startsWith(`${databaseName}-`))
    .flatMap((each): readonly Finding[] => {
      const file = join(folder, each);
      const { uid, mode } = lstatSync(file);
      if (uid !== user) {
        const what = `it belongs to another user (uid ${uid}, this process is ${user}): a server of this user does not use it`;
        return [tell.error(file, what, `chown ${user} ${file}, or run doctor and serve as that user`)];
      }
      if (lstatSync(file).isSymbolicLink() || !openToOthers({ mode })) return [];
      const what = `it has mode ${modeText(mode)}: others on this machine can use what it holds, secrets of devices too`;
      return [tell.warning(file, what, `chmod 600 ${file}; serve does that when it starts`)];
    });
}

/** Whether the store refuses the folder: it narrows the mode of one that holds nothing but its own. */
function isRefused(folder: string): boolean {
  try {
    lookAtPlace(join(folder, databaseName));
    return false;
  } catch (error) {
    if (error instanceof StoreError) return true;
    throw error;
  }
}

/** The code of the system's error where nothing can be made in a folder. */
function notWritable(folder: string): string | undefined {
  const error = whyNotWritable(folder);
  return error === undefined ? undefined : codeOf(error);
}
