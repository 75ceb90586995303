// Runs xmlsec1 (Debian package xmlsec1) on documents and keys in a folder of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with keys, and xmlsec1 in it. */
export class XmlsecTool {
  readonly #folder = mkdtempSync(join(tmpdir(), 'reveille-xmlsec-'));
  #documents = 0;

  /** Writes a file, such as a key, and returns its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.#folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** What xmlsec1 says of the document. @throws {Error} when it is not installed */
  run(
    command: string,
    options: readonly string[],
    document: string,
  ): { ok: boolean; output: string; errors: string } {
    this.#documents += 1;
    const path = this.file(`document-${this.#documents}.xml`, document);
    const { status, stdout, stderr, error } = spawnSync('xmlsec1', [command, ...options, path], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    if (error !== undefined) throw error;
    return { ok: status === 0, output: stdout, errors: stderr };
  }

  /** The document that xmlsec1 makes. @throws {Error} when it refuses */
  make(command: string, options: readonly string[], document: string): string {
    const { ok, output, errors } = this.run(command, options, document);
    if (!ok) throw new Error(`xmlsec1 ${command}: ${errors}`);
    return output;
  }

  /** Removes the folder. */
  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
