// The manual page of the command line, reveille(1), made of the commands as they are: man(7), as mandoc and groff read it.
import {
  type CommandNode,
  type OptionNode,
  withCommandsBelow,
} from '../../src/cli/completion/command-tree.ts';

/** What a page says besides the commands. */
export interface PageFacts {
  readonly version: string;
  /** Day of the release, such as 2026-01-31. */
  readonly date: string;
  readonly homepage: string;
}

/** The page. */
export function manPage(root: CommandNode, { version, date, homepage }: PageFacts): string {
  const [, ...below] = withCommandsBelow(root);
  return [
    `.TH REVEILLE 1 "${date}" "Reveille ${escaped(version)}" "User Commands"`,
    '.SH NAME',
    'reveille \\- wake managed devices: OMA DM notifications, server, device and tools',
    '.SH SYNOPSIS',
    '.B reveille',
    '.I command',
    '.RI [ option ...\\&]',
    '.RI [ argument ...\\&]',
    '.SH DESCRIPTION',
    text(root.description),
    'Each command says the same as this page with',
    '.BR \\-\\-help .',
    '.SH OPTIONS',
    ...root.options.flatMap(optionLines),
    '.SH COMMANDS',
    ...below.flatMap(commandLines),
    ...statusLines,
    ...environmentLines,
    '.SH SEE ALSO',
    `The documents are in the folder docs of the package, and at ${text(homepage)}.`,
    '',
  ].join('\n');
}

function commandLines({
  usage,
  summary,
  description,
  options,
  values,
  after,
}: CommandNode): readonly string[] {
  return [
    `.SS "${escaped(usage)}"`,
    text(description === '' ? summary : description),
    ...values
      .filter((value) => value.description !== '')
      .flatMap(({ name, description: told }) => ['.TP', `.I ${escaped(name)}`, text(told)]),
    ...options.filter(({ names }) => !names.includes('--help')).flatMap(optionLines),
    ...(after === '' ? [] : ['.PP', '.EX', ...after.split('\n').map((line) => escapedLine(line)), '.EE']),
  ];
}

function optionLines({ names, value, description, defaultText }: OptionNode): readonly string[] {
  const [open, close] = value?.required === false ? ['[', ']'] : ['', ''];
  const taken =
    value === undefined
      ? ''
      : ` ${open}\\fI${escaped(value.name)}${value.repeated ? ' ...' : ''}\\fR${close}`;
  const written = names.map((name) => `\\fB${escaped(name)}\\fR`).join(', ');
  const choices = value?.value.kind === 'choices' ? [`one of ${value.value.choices.join(', ')}`] : [];
  const told = defaultText === undefined ? [] : [`default ${defaultText}`];
  return ['.TP', `${written}${taken}`, text([description, ...choices, ...told].join('; '))];
}

const statusLines = [
  '.SH EXIT STATUS',
  '.TP',
  '0',
  'It was done.',
  '.TP',
  '1',
  'The work failed; standard error says why.',
  '.TP',
  '2',
  'It was called wrongly.',
];

const environmentLines = [
  '.SH ENVIRONMENT',
  ...(
    [
      ['REVEILLE_API_TOKEN', 'Token for the REST API, where no file with one is given.'],
      ['REVEILLE_SECRET', 'Secret of a notification, where neither it nor a file is given.'],
      ['REVEILLE_PIN', 'PIN of the SIM of a modem, where no file with one is given.'],
      ['NO_COLOR', 'Set to anything: no colours.'],
    ] as const
  ).flatMap(([name, told]) => ['.TP', `.B ${escaped(name)}`, told]),
];

/** A paragraph, on one line. */
function text(told: string): string {
  return escapedLine(told.replaceAll(/\s+/g, ' ').trim());
}

/** A line of its own: what begins with a dot or a quote would be a request. */
function escapedLine(line: string): string {
  const whole = escaped(line);
  return /^[.']/.test(whole) ? `\\&${whole}` : whole;
}

/** Characters of their own, in ASCII. */
function escaped(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(
      /[^\u0020-\u007e]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
