// GET /v1/backup: a reader that takes nothing more loses its copy, and with it goes the room that it took.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { type ApiBench, withApi } from '../api-bench.ts';

/** More than the system and the stream hold for a reader that takes nothing. */
const octets = 64 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'reveille-stalled-'));
const file = join(folder, 'reveille.sqlite');
let store: SqliteStore;
before(async () => {
  await (await openSqliteStore({ file })).close();
  const database = new DatabaseSync(file);
  database.exec(`CREATE TABLE filler (content); INSERT INTO filler VALUES (zeroblob(${octets}))`);
  database.close();
  store = await openSqliteStore({ file });
});
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Copies that this process has open: they have no name any more. */
function openCopies(): number {
  return readdirSync('/proc/self/fd').filter((each) => {
    try {
      return readlinkSync(`/proc/self/fd/${each}`).startsWith(`${file}.copy-`);
    } catch {
      return false;
    }
  }).length;
}

/** An answer to its end, over a connection that ends with it. */
async function whole(url: string): Promise<{ status: number | undefined; read: number }> {
  const [answer] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  let read = 0;
  for await (const piece of answer) read += (piece as Buffer).length;
  return { status: answer.statusCode, read };
}

/** Runs with a reader that has the head of its copy, and takes nothing yet. */
function withReader(
  run: (reader: IncomingMessage, bench: ApiBench, url: string) => Promise<void>,
): Promise<void> {
  return withApi(
    async (bench) => {
      await bench.app.listen({ host: '127.0.0.1', port: 0 });
      const url = `http://127.0.0.1:${(bench.app.server.address() as AddressInfo).port}/v1/backup`;
      const asked = get(url, { agent: false });
      const [reader] = (await once(asked, 'response')) as [IncomingMessage];
      await run(reader, bench, url);
    },
    {},
    {},
    { copyStore: () => store.copy() },
  );
}

test('a reader that takes nothing for a minute is cut off, and another one may have a copy', () =>
  withReader(async (reader, { clock }, url) => {
    assert.equal(openCopies(), 1);
    assert.equal((await whole(url)).status, 409, 'one copy is made at a time');
    let cut = false;
    reader.once('error', () => {
      cut = true;
    });
    reader.once('close', () => {
      cut = true;
    });
    await eventually(async () => {
      await clock.advance(60_000);
      return openCopies() === 0;
    }, 'the end of the copy');
    reader.resume();
    await eventually(() => cut, 'the end of the connection');
    assert.equal(reader.complete, false, 'what came is not taken for the whole');
    const next = await whole(url);
    assert.equal(next.status, 200);
    assert.ok(next.read > octets);
  }));

test('a reader that is slow, and takes a piece within the minute, gets all of it', () =>
  withReader(async (reader, { clock }) => {
    let read = 0;
    let passed = 0;
    for await (const piece of reader) {
      read += (piece as Buffer).length;
      // Two hundred times, half a minute before the next piece is taken.
      if (read / (octets / 200) > passed) {
        passed += 1;
        await clock.advance(30_000);
      }
    }
    assert.equal(read, Number(reader.headers['content-length']));
    await eventually(() => openCopies() === 0, 'the end of the copy');
  }));
