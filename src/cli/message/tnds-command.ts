// A tree in a file as a command that adds it.
import { embeddedTree, type ManagementCommand, mediaTypes } from '../../codec/syncml/index.ts';
import { parseTnds } from '../../codec/tnds/index.ts';
import { ConfigError, DecodeError } from '../../core/index.ts';
import type { Io } from '../io/io.ts';
import { readOctetsOrHex } from '../io/read-octets.ts';

/** `Add` of the tree (TNDS, XML or WBXML) at that URI. @throws {ConfigError} when the file holds no tree */
export async function tndsCommand(io: Io, file: string, uri: string): Promise<ManagementCommand> {
  const octets = await readOctetsOrHex(io, file);
  try {
    const tree = embeddedTree(octets);
    parseTnds(tree);
    const meta = { format: 'xml', type: mediaTypes.tndsXml };
    return { name: 'Add', cmdId: '1', items: [{ target: { uri }, meta, data: tree }] };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ConfigError(`${file} holds no tree (TNDS): ${error.message}`, { cause: error });
  }
}
