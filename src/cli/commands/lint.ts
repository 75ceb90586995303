// reveille lint: what a family of clients would not take of octets, before they are sent.
import { Command, Option } from 'commander';
import { ConfigError, printable, ReveilleError } from '../../core/index.ts';
import { type Family, type FamilyName, families, familyNames } from '../../families/index.ts';
import {
  areSegments,
  type InputForm,
  inputForms,
  isMessage,
  type LintedOctets,
  lintOctets,
  type PastedMessage,
} from '../../inspect/index.ts';
import { messagesOf } from '../decode/decode-input.ts';
import { renderJsonError } from '../decode/decoded-json.ts';
import { type Style, styleFor } from '../decode/table.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';

interface LintOptions {
  readonly family: FamilyName;
  readonly input?: InputForm;
  readonly json?: boolean;
}

/** The `lint` command. */
export function lintCommand(io: Io): Command {
  return new Command('lint')
    .summary('say what a family of clients would not take of a push')
    .description(
      'Takes what is pushed, bare or with what is around it, in any form that `reveille decode` reads (hex with one message a ' +
        'line, dumps, captured frames, Base64, octets as they are …), and says what clients of that family would not take ' +
        'of it, with the source of each row (docs/families.md). Nothing is sent.',
    )
    .argument('[HEX_OR_FILE...]', 'octets in any form, or a file; "-" or nothing reads standard input')
    .addOption(
      new Option('--family <name>', 'family of the client').choices([...familyNames]).makeOptionMandatory(),
    )
    .addOption(
      new Option('--input <form>', 'form that the octets are in; found out when left out').choices([
        ...inputForms,
      ]),
    )
    .option('--json', 'one JSON object a line for each message')
    .addHelpText(
      'after',
      `
Exit status: 0 nothing would be lost; 1 something would; 2 a message cannot be read, or usage.

Examples:
  reveille encode push.json --secret s --as wsp | reveille lint --family aosp
  reveille lint message.wbxml --family windows --json | jq '.findings[].detail'`,
    )
    .action(async (given: string[], options: LintOptions) => lint(io, given, options));
}

async function lint(io: Io, given: readonly string[], options: LintOptions): Promise<void> {
  const family = families[options.family];
  const messages = await givenMessages(io, given, options.input);
  const style = styleFor(io.colour);
  let lost = false;
  let unread = 0;
  for (const [index, message] of messages.entries()) {
    const where = messages.length === 1 ? '' : `message ${index + 1}: `;
    try {
      if ('error' in message) throw message.error;
      const linted = lintOctets(family, message.parts);
      lost ||= linted.findings.some(({ effect }) => effect === 'lost');
      io.stdout(options.json === true ? jsonLine(family, linted) : lines(family, linted, style));
    } catch (error) {
      if (!(error instanceof ReveilleError)) throw error;
      unread += 1;
      if (options.json === true) io.stdout(`${renderJsonError(error)}\n`);
      io.stderr(`reveille: ${where}${printable(error.message)}\n`);
    }
  }
  if (messages.length === 0) throw new UsageError('the input is empty: octets or hex were expected');
  if (unread > 0) throw new UsageError(`${unread} of ${messages.length} could not be read`);
  if (lost) throw new AlreadyReported();
}

/** The input. One that is not there is none that was judged: its status is not that of a loss. */
async function givenMessages(
  io: Io,
  given: readonly string[],
  form: InputForm | undefined,
): Promise<readonly PastedMessage[]> {
  const rules = {
    isMessage: (parts: readonly Uint8Array[]) => isMessage(parts, { as: 'auto' }),
    areSegments: (parts: readonly Uint8Array[]) => areSegments(parts, 'auto'),
    oneEach: form === 'lines',
  };
  const messages: PastedMessage[] = [];
  try {
    for await (const message of messagesOf(io, given, form, rules)) messages.push(message);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message);
    throw error;
  }
  return messages;
}

function jsonLine(family: Family, { what, findings }: LintedOctets): string {
  const lost = findings.some(({ effect }) => effect === 'lost');
  return `${JSON.stringify({ family: family.name, what, lost, findings })}\n`;
}

function lines(family: Family, { what, findings }: LintedOctets, style: Style): string {
  if (findings.length === 0)
    return `${style.good}nothing${style.end} known against ${what} for ${family.name}\n`;
  const heading = `${style.heading}${what} for ${family.name}${style.end}`;
  const told = findings.flatMap(({ row, field, effect, detail, remedy, source, seen }) => [
    `${effect === 'lost' ? style.bad : style.strong}${effect.padEnd(8)}${style.end}  ${field}: ${family.name} ${printable(detail)}`,
    ...(remedy === undefined ? [] : [`          ${remedy}`]),
    `          ${style.faint}${row}, seen in ${seenIn[seen]}: ${source}${style.end}`,
  ]);
  return `${[heading, ...told].join('\n')}\n`;
}

/** How a row was seen, in words. */
const seenIn = {
  code: 'its source',
  listing: 'a listing of the program',
  vendor: 'what its maker says',
  run: 'use',
} as const;
