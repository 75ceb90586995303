// The database: whether it is one of this program that this release can open, whether it is whole, how its secrets lie in it, and
// whether a server has it open.
import { join, resolve } from 'node:path';
import { databaseName, type ExaminedDatabase, examineDatabase } from '../../store/sqlite/index.ts';
import { type Check, type Finding, tellerOf } from '../doctor-base/finding.ts';
import { sealFindings } from './seal-findings.ts';

const name = 'database';
const tell = tellerOf(name);

/** How long a database is read, in milliseconds. */
export const readingMs = 10_000;

const copyRemedy = 'put it back from a copy: reveille restore COPY --data FOLDER --force';

/** The check. */
export const databaseCheck: Check = {
  name,
  async run({ setUp, means }) {
    if (setUp === undefined) return [];
    const file = join(resolve(setUp.data), databaseName);
    const database = await examineDatabase(file, readingMs, means.stop);
    if (database.state === 'missing') return missing(file, database);
    if (database.state === 'empty') {
      return [
        tell.error(file, 'it is empty, so it is no database', `${copyRemedy}, or remove it to begin anew`),
      ];
    }
    return [
      ...unreadable(file, database),
      ...versionFindings(file, database),
      ...sealFindings(file, database, setUp.sealKeys),
      ...holding(file, database),
    ];
  },
};

function missing(file: string, { unclosed }: ExaminedDatabase): readonly Finding[] {
  if (!unclosed) return [];
  const what =
    'it is not there, and its journal (-wal) is: the server does not start, for it would be played into another one';
  return [tell.error(file, what, 'put the database back beside it, or move the journal away to begin anew')];
}

/** What keeps it from being read, or is wrong with it. */
function unreadable(file: string, { failure, damage, version, whole }: ExaminedDatabase): readonly Finding[] {
  if (damage !== undefined) return [tell.error(file, `it is damaged: ${damage}`, copyRemedy)];
  switch (failure?.code) {
    case undefined:
      break;
    // SQLITE_BUSY: an earlier release has it open, or one that is just starting.
    case 5:
      return [tell.note(file, 'a process has it open for itself, so nothing in it was looked at')];
    case 11:
      return [tell.error(file, 'it is damaged', copyRemedy)];
    case 26:
      return [tell.error(file, 'it is not a database', `${copyRemedy}, or give another folder with --data`)];
    default:
      return [
        tell.error(
          file,
          `it cannot be read: ${failure?.text ?? ''}`,
          'check the disk, and who owns the file',
        ),
      ];
  }
  if (!whole) {
    const what = `it was read for ${readingMs / 1000} s and has more: whether the rest is whole is not known`;
    return [tell.note(file, what, 'reveille backup reads all of it')];
  }
  if (version !== undefined) return [];
  return [tell.error(file, 'it is a database of another program', 'give another folder with --data')];
}

function versionFindings(file: string, { version, newest }: ExaminedDatabase): readonly Finding[] {
  if (version === undefined || version === newest) return [];
  if (version > newest) {
    const what = `it has version ${version} of the database, and this release knows ${newest}: the server does not start`;
    return [tell.error(file, what, 'use the release that wrote it, or a newer one')];
  }
  const what = `it has version ${version} of the database: the next start brings it to ${newest}, and earlier releases cannot open it then`;
  return [tell.note(file, what, 'make a copy before that: reveille backup FILE --data FOLDER')];
}

function holding(file: string, { heldBy, unclosed }: ExaminedDatabase): readonly Finding[] {
  if (heldBy !== undefined) {
    const process = heldBy === 0 ? 'a process' : `process ${heldBy}`;
    return [tell.note(file, `${process} has it open: a server runs on it`)];
  }
  if (!unclosed) return [];
  return [
    tell.note(file, 'it was not closed, as after a loss of power: the next start plays its journal in'),
  ];
}
