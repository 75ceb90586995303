// reveille lint: what a family of clients would not take of octets, before they are sent.
import { Command, Option } from 'commander';
import { bytesToUtf8, ConfigError, hexToBytes, ReveilleError, ValueError } from '../../core/index.ts';
import { printable } from '../../device/index.ts';
import { type Family, type FamilyName, families, familyNames } from '../../families/index.ts';
import { renderJsonError } from '../decoded-json.ts';
import { AlreadyReported, type Io, UsageError } from '../io.ts';
import { type LintedOctets, lintOctets } from '../lint-octets.ts';
import { readOctets } from '../read-octets.ts';
import { type Style, styleFor } from '../table.ts';

interface LintOptions {
  readonly family: FamilyName;
  readonly json?: boolean;
}

/** The `lint` command. */
export function lintCommand(io: Io): Command {
  return new Command('lint')
    .summary('say what a family of clients would not take of a push')
    .description(
      'Takes Package #0, a WSP push, SMS user data, a DM message or a bootstrap, as octets or in hex with one message a ' +
        'line, and says what clients of that family would not take of it, with the source of each row ' +
        '(docs/families.md). Nothing is sent. The segments of one SMS stand on one line, separated by spaces.',
    )
    .argument('[FILE]', 'the message; "-" or nothing reads standard input')
    .addOption(
      new Option('--family <name>', 'family of the client').choices([...familyNames]).makeOptionMandatory(),
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
    .action(async (file: string | undefined, options: LintOptions) => lint(io, file ?? '-', options));
}

async function lint(io: Io, file: string, options: LintOptions): Promise<void> {
  if (file === '-' && io.stdinIsTerminal) {
    throw new UsageError('nothing on standard input', 'Give the FILE of a message, or pipe one in.');
  }
  const family = families[options.family];
  const messages = messagesOf(await givenOctets(io, file));
  const style = styleFor(io.colour);
  let lost = false;
  let unread = 0;
  for (const [index, read] of messages.entries()) {
    const where = messages.length === 1 ? '' : `message ${index + 1}: `;
    try {
      const linted = lintOctets(family, read());
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
async function givenOctets(io: Io, file: string): Promise<Uint8Array> {
  try {
    return await readOctets(io, file);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message);
    throw error;
  }
}

/** Each message of the input as what gives its parts: hex a line each, anything else as it is. */
function messagesOf(octets: Uint8Array): readonly (() => readonly Uint8Array[])[] {
  const text = bytesToUtf8(octets);
  if (octets.length === 0 || text?.trim() === '') return [];
  if (text === undefined || !/^[\s0-9a-fA-FxX:-]*$/.test(text)) return [() => [octets]];
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => () => partsOf(line));
}

/** One line as its parts: words that each begin with a header of user data are segments, others are one message. */
function partsOf(line: string): readonly Uint8Array[] {
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^0x/i, ''));
  const segmented = words.length > 1 && words.every((word) => /^0[5-9a-d]0[0-8]0[2-4]/i.test(word));
  if (segmented) return words.map((word) => hexToBytes(word));
  const octets = hexToBytes(words.join(' '));
  if (octets.length === 0) throw new ValueError('BAD_FORMAT', 'empty line: hex was expected');
  return [octets];
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
