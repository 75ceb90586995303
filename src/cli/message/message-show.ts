// reveille message show: what a DM message says, and how it is protected. Nothing is verified.
import { Command } from 'commander';
import type { MessageForm } from '../../codec/syncml/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { printable } from '../../core/index.ts';
import { messageOrReason } from '../../inspect/index.ts';
import { encryptedParts } from '../../security/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { commandJson, commandLines, headerJson, headerLines } from './message-lines.ts';
import { type MessageSource, readMessageSource } from './message-source.ts';
import { partLine, signatureFacts, signatureLines } from './signature-facts.ts';

interface ShowOptions {
  readonly json?: boolean;
  readonly xml?: boolean;
}

/** The `message show` command. */
export function messageShowCommand(io: Io): Command {
  return new Command('show')
    .summary('explain a DM message, its signature and its encrypted parts')
    .description(
      'Prints what a DM message (WBXML or XML, as octets or in hex) says, how it is signed and encrypted, and what it ' +
        'would take to verify it. Nothing is verified, so anybody may have written it: see reveille message verify. ' +
        'reveille decode shows the octets.',
    )
    .argument('[FILE]', 'the message; "-" or nothing reads standard input')
    .option('--xml', 'print the message as XML, as its signature is over it')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
Examples:
  reveille message show message.wbxml
  reveille message show message.wbxml --xml > signed.xml && xmlsec1 --verify --pubkey-pem server.pub signed.xml`,
    )
    .action(async (file: string | undefined, options: ShowOptions) => show(io, file ?? '-', options));
}

async function show(io: Io, file: string, options: ShowOptions): Promise<void> {
  if (options.xml === true && options.json === true) {
    throw new UsageError('--xml and --json exclude each other');
  }
  const source = await readMessageSource(io, file);
  if (options.xml === true) io.stdout(`${writeXml(source.root)}\n`);
  else if (options.json === true) io.stdout(`${JSON.stringify(json(source))}\n`);
  else io.stdout(`${lines(source).join('\n')}\n`);
}

/** How the octets are encoded. */
function encoding(form: MessageForm, version: string | undefined, length: number): string {
  return `${form === 'xml' ? 'XML' : `WBXML ${version ?? ''}`}, ${length} octets`;
}

function json(source: MessageSource): object {
  const message = messageOrReason(source);
  return {
    form: source.form,
    ...(source.wbxmlVersion !== undefined && { wbxmlVersion: source.wbxmlVersion }),
    octets: source.body.length,
    ...(typeof message === 'string' ? { problem: message } : headerJson(message)),
    signature: signatureFacts(source),
    encrypted: encryptedParts(source.root),
    ...(typeof message !== 'string' && { commands: message.commands.map(commandJson) }),
  };
}

function lines(source: MessageSource): readonly string[] {
  const message = messageOrReason(source);
  const parts = encryptedParts(source.root);
  return [
    `DM message (${encoding(source.form, source.wbxmlVersion, source.body.length)})`,
    ...(typeof message === 'string' ? [`problem    ${printable(message)}`] : headerLines(message)),
    ...signatureLines(signatureFacts(source)),
    ...(parts.length === 0 ? ['encrypted  nothing'] : parts.map(partLine)),
    ...(typeof message === 'string' ? [] : ['commands', ...commandLines(message.commands)]),
  ];
}
