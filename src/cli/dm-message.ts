// A whole DM message from a file, for `send --dm-message`.
import { readFile } from 'node:fs/promises';
import { ConfigError, ValueError } from '../core/index.ts';
import { contentTypes, type PushContentType } from '../push/index.ts';
import { reasonOf } from './input.ts';

/** The message as octets, and its media type: XML when it begins like a document, WBXML when it begins with a version. */
export interface DmMessageFile {
  readonly contentType: PushContentType;
  readonly body: Uint8Array;
}

/**
 * Reads the file; its octets are pushed as they are.
 * @throws {ConfigError} when it cannot be read; {ValueError} BAD_FORMAT when it is neither XML nor WBXML
 */
export async function readDmMessage(file: string): Promise<DmMessageFile> {
  let body: Uint8Array;
  try {
    body = new Uint8Array(await readFile(file));
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
  const start = new TextDecoder().decode(body.subarray(0, 200)).trimStart();
  if (start.startsWith('<')) return { contentType: contentTypes['dm+xml'], body };
  const [version = 0xff] = body;
  if (version <= 0x03) return { contentType: contentTypes['dm+wbxml'], body };
  throw new ValueError('BAD_FORMAT', `${file} is neither a DM message in XML nor one in WBXML`);
}
