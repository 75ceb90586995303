// Sees to it that a file with secrets is ours and nobody else's to read.
import { chmodSync, lstatSync, type Stats, statSync } from 'node:fs';
import { FileRefusal } from './file-refusal.ts';
import { modeText, openToOthers, ownUser, superuser } from './owner.ts';

/** Takes a sentence for the operator: something was changed that an operator may want to know. */
export type Remark = (text: string) => void;

/**
 * A file that this program itself writes, such as a database: it is ours, and for us alone. A mode wider than 0600 is
 * narrowed to 0600, with a remark; without `remark` it is only looked at. A symbolic link is followed when it is ours or the superuser's.
 * @returns the file's size in octets, or `undefined` when there is none
 * @throws {FileRefusal} another user owns it, it is no regular file, or its mode cannot be narrowed
 */
export function guardOwnFile(path: string, remark: Remark | undefined): number | undefined {
  const found = look(path);
  if (found === undefined) return undefined;
  const user = ownUser();
  if (user === undefined) return found.size;
  if (found.uid !== user) {
    throw new FileRefusal(
      'NOT_OURS',
      `${path} belongs to another user (uid ${found.uid}, this process is ${user}): that user could read and change ` +
        `it. If it is the right file, make it yours (chown ${user} ${path}); else use another name`,
    );
  }
  if (openToOthers(found) && remark !== undefined) narrow(path, found, remark);
  return found.size;
}

/**
 * A file that the operator gave, such as a key or a list of tokens: ours or the superuser's. When it is ours and others
 * may read it, or its group may write it, its mode is narrowed to 0600, with a remark. One that only its group may read as
 * well (0640) stays, for that is how services share a key. What cannot be narrowed, for it is the superuser's or on a
 * read-only file system, is remarked upon and used. Pipes and terminals are used as they are.
 * @throws {FileRefusal} another user owns it
 */
export function guardGivenFile(path: string, remark: Remark): void {
  const found = openGivenFile(path);
  if (found === undefined) return;
  if (found.uid === ownUser() && tryNarrow(path)) {
    remark(`${path} had mode ${modeText(found.mode)}, so that others could use it: it has 0600 now`);
    return;
  }
  remark(
    `${path} has mode ${modeText(found.mode)}: others on this machine can use what it holds; give it 0600`,
  );
}

/**
 * Looks at a file as `guardGivenFile` does, and changes nothing: gives its mode as people write it, such as `0644`, where others
 * can use what it holds; `undefined` where all is well.
 * @throws {FileRefusal} another user owns it
 */
export function modeOpenToOthers(path: string): string | undefined {
  const found = openGivenFile(path);
  return found === undefined ? undefined : modeText(found.mode);
}

/** A file that the operator gave, where others can use what it holds. @throws {FileRefusal} another user owns it */
function openGivenFile(path: string): Stats | undefined {
  const user = ownUser();
  if (user === undefined) return undefined;
  // Who cannot see it cannot read it either, and hears why when it is read.
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) return undefined;
  checkLink(path);
  if (found.uid !== user && found.uid !== superuser) {
    throw new FileRefusal(
      'NOT_OURS',
      `${path} belongs to another user (uid ${found.uid}, this process is ${user}): that user knows and can change ` +
        `what it holds. Make it yours (chown ${user} ${path}), or give another file`,
    );
  }
  return (found.mode & 0o037) === 0 ? undefined : found;
}

/** The file, through a link that is to be trusted; `undefined` when there is none. @throws {FileRefusal} */
function look(path: string): Stats | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  checkLink(path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new FileRefusal('NOT_A_FILE', `${path} is a link to nothing: remove it, or make what it points to`);
  }
  if (!found.isFile()) {
    throw new FileRefusal('NOT_A_FILE', `${path} is no regular file: use another name, or move it away`);
  }
  return found;
}

/** Whoever made a link chooses which file is used. @throws {FileRefusal} */
function checkLink(path: string): void {
  const user = ownUser();
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (user === undefined || found === undefined || !found.isSymbolicLink()) return;
  if (found.uid === user || found.uid === superuser) return;
  throw new FileRefusal(
    'NOT_OURS',
    `${path} is a link that another user (uid ${found.uid}) made, who thereby chooses the file: remove it`,
  );
}

function narrow(path: string, found: Stats, remark: Remark): void {
  if (!tryNarrow(path)) {
    throw new FileRefusal(
      'TOO_OPEN',
      `${path} has mode ${modeText(found.mode)}, so that others can use it, and it cannot be changed: give it 0600, or ` +
        'use a folder on a file system that keeps modes',
    );
  }
  remark(`${path} had mode ${modeText(found.mode)}, so that others could use it: it has 0600 now`);
}

function tryNarrow(path: string): boolean {
  try {
    chmodSync(path, 0o600);
    // A file system without modes takes the call and changes nothing.
    return !openToOthers(statSync(path));
  } catch {
    return false;
  }
}
