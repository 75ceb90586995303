// Opens the database file: for its owner only, by one process, safe against power loss. One thread writes, this one reads.

import { WriteConnection } from './commit/write-connection.ts';
import { copyForReading, removeOldCopies, type StoreCopy } from './file/copy-database.ts';
import { storeErrorOf } from './file/sqlite-error.ts';
import { type FileRemark, placeOf } from './file/sqlite-place.ts';
import { ReadConnection } from './read/read-connection.ts';
import { ScanConnection } from './read/scan-connection.ts';

/** An open database. */
export interface SqliteFile {
  readonly writer: WriteConnection;
  readonly reader: ReadConnection;
  readonly scanner: ScanConnection;
  /** As `SqliteStore.copy`. */
  copy(): Promise<StoreCopy>;
  /** Closes all; what was asked of the writer before is done first. */
  close(): Promise<void>;
}

/**
 * Opens `file`, which is made with its folder when it does not exist, readable and writable by its owner only. What
 * exists with a wider mode is narrowed, and `remark` says so.
 * @throws {StoreError} NOT_WRITABLE, NOT_OURS, EMPTY, BUSY when another process has it open, NOT_A_STORE, DAMAGED, FULL, IO
 */
export async function openSqliteFile(
  file: string,
  busyTimeoutMs: number,
  remark: FileRemark,
): Promise<SqliteFile> {
  const path = placeOf(file, remark);
  let writer: WriteConnection | undefined;
  try {
    writer = await WriteConnection.open(path, busyTimeoutMs);
    removeOldCopies(path);
    const reader = new ReadConnection(path, busyTimeoutMs);
    return fileOf(writer, reader, new ScanConnection(path, busyTimeoutMs), () =>
      copyForReading(path, busyTimeoutMs),
    );
  } catch (error) {
    await writer?.close();
    throw storeErrorOf(error, file);
  }
}

function fileOf(
  writer: WriteConnection,
  reader: ReadConnection,
  scanner: ScanConnection,
  copy: SqliteFile['copy'],
): SqliteFile {
  return {
    writer,
    reader,
    scanner,
    copy,
    async close() {
      // The last one to close plays the journal in and removes it, which only the writer can.
      await scanner.close();
      reader.close();
      await writer.close();
    },
  };
}
