// Opens the database file: for its owner only, by one process, safe against power loss. One thread writes, this one reads.
import { ReadConnection } from './read-connection.ts';
import { storeErrorOf } from './sqlite-error.ts';
import { type FileRemark, placeOf } from './sqlite-place.ts';
import { WriteConnection } from './write-connection.ts';

/** An open database. */
export interface SqliteFile {
  readonly writer: WriteConnection;
  readonly reader: ReadConnection;
  /** Closes both; what was asked of the writer before is done first. */
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
    return fileOf(writer, new ReadConnection(path, busyTimeoutMs));
  } catch (error) {
    await writer?.close();
    throw storeErrorOf(error, file);
  }
}

function fileOf(writer: WriteConnection, reader: ReadConnection): SqliteFile {
  return {
    writer,
    reader,
    async close() {
      // The last one to close plays the journal in and removes it, which only the writer can.
      reader.close();
      await writer.close();
    },
  };
}
