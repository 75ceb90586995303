// A whole DM message from a file or standard input.
import type { MessageForm } from '../../codec/syncml/index.ts';
import { ValueError } from '../../core/index.ts';
import { contentTypes, type PushContentType } from '../../push/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readOctetsOrHex } from '../io/read-octets.ts';

/** The message as octets, and what they are: XML when it begins like a document, WBXML when it begins with a version. */
export interface DmMessageFile {
  readonly form: MessageForm;
  readonly contentType: PushContentType;
  readonly body: Uint8Array;
}

/**
 * Reads the file, or standard input for `-`, as octets or in hex; it is pushed as it is.
 * @throws {UsageError} when nothing is piped in; {ConfigError} when it cannot be read; {ValueError} BAD_FORMAT when it is
 *   neither XML nor WBXML
 */
export async function readDmMessage(io: Io, file: string): Promise<DmMessageFile> {
  if (file === '-' && io.stdinIsTerminal) {
    throw new UsageError('nothing on standard input', 'Give the FILE of a DM message, or pipe one in.');
  }
  const body = await readOctetsOrHex(io, file);
  const start = new TextDecoder().decode(body.subarray(0, 200)).trimStart();
  if (start.startsWith('<')) return { form: 'xml', contentType: contentTypes['dm+xml'], body };
  const [version = 0xff] = body;
  if (version <= 0x03) return { form: 'wbxml', contentType: contentTypes['dm+wbxml'], body };
  const name = file === '-' ? 'standard input' : file;
  throw new ValueError('BAD_FORMAT', `${name} is neither a DM message in XML nor one in WBXML`);
}
