// Where a message goes that a command made: hex or XML on standard output, or a file.
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import { decodeWbxml, type WbxmlVersion } from '../../codec/wbxml/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { bytesToHex, ConfigError, utf8ToBytes } from '../../core/index.ts';
import { reasonOf } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';

/** Values of the options that `addOutputOptions` adds. */
export interface OutputOptions {
  readonly wbxml?: WbxmlVersion;
  readonly xml?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/** Adds the options for what is written, and where. */
export function addOutputOptions(command: Command, versionDefault: string): Command {
  return command
    .addOption(
      new Option('--wbxml <version>', `WBXML version; default: ${versionDefault}`).choices([
        '1.1',
        '1.2',
        '1.3',
      ]),
    )
    .option('--xml', 'print the message as XML: the text that a signature is over')
    .option('--out <file>', 'write octets to a file instead of hex to standard output')
    .option('--json', 'one JSON object with the octets in hex, or with the XML');
}

/** @throws {UsageError} when options exclude each other */
export function requireOneOutput({ wbxml, xml, json, out }: OutputOptions): void {
  if (json === true && out !== undefined) throw new UsageError('--json and --out exclude each other');
  if (wbxml !== undefined && xml === true) throw new UsageError('--wbxml and --xml exclude each other');
}

/** Writes a message that is WBXML as the options ask. @throws {ConfigError} when the file cannot be written */
export async function writeMessageOut(io: Io, octets: Uint8Array, options: OutputOptions): Promise<void> {
  const { xml = false, out } = options;
  if (options.json === true) {
    const shown = xml ? { xml: xmlView(octets) } : { hex: bytesToHex(octets) };
    io.stdout(`${JSON.stringify({ octets: octets.length, ...shown })}\n`);
    return;
  }
  const text = xml ? `${xmlView(octets)}\n` : undefined;
  if (out === undefined) {
    io.stdout(text ?? `${bytesToHex(octets)}\n`);
    return;
  }
  try {
    await writeFile(out, text === undefined ? octets : utf8ToBytes(text));
  } catch (cause) {
    throw new ConfigError(`cannot write ${out}: ${reasonOf(cause)}`, { cause });
  }
}

/** The XML that a WBXML decoder makes of a message: what its signature is over. */
export function xmlView(octets: Uint8Array): string {
  return writeXml(decodeWbxml(octets, { language: 'syncml' }).root);
}
