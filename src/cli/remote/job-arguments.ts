// The commands of a job from arguments, `get ./DevDetail/FwV`, or from a file.
import { readFile } from 'node:fs/promises';
import { ConfigError, ValueError } from '../../core/index.ts';
import { readInput, reasonOf } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readJsonFile } from '../io/json-file.ts';
import type { JsonObject } from './api-client.ts';

/** Options that belong to a command. */
export interface CommandOptions {
  readonly file?: string;
  readonly format?: string;
  readonly type?: string;
  readonly correlator?: string;
}

interface Shape {
  /** As the usage line shows the arguments. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
  readonly options: readonly (keyof CommandOptions)[];
}

const shapes: Readonly<Record<string, Shape>> = {
  get: { usage: 'get URI…', least: 1, most: 100, options: [] },
  add: { usage: 'add URI [VALUE]', least: 1, most: 2, options: ['file', 'format', 'type'] },
  replace: { usage: 'replace URI VALUE', least: 1, most: 2, options: ['file', 'format', 'type'] },
  delete: { usage: 'delete URI…', least: 1, most: 100, options: [] },
  copy: { usage: 'copy FROM TO', least: 2, most: 2, options: [] },
  exec: { usage: 'exec URI [VALUE]', least: 1, most: 2, options: ['file', 'format', 'type', 'correlator'] },
};

/** Commands that arguments can name. */
export const argumentCommands = Object.values(shapes).map(({ usage }) => usage);

/**
 * The commands that arguments ask for.
 * @throws {UsageError} for another command, or other arguments or options than it takes
 * @throws {ConfigError} when --file cannot be read
 */
export async function commandsOfArguments(
  name: string,
  values: readonly string[],
  options: CommandOptions,
): Promise<readonly JsonObject[]> {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape === undefined) {
    throw new UsageError(
      `${name}: not a command`,
      `There are: ${argumentCommands.join(', ')}; or --job FILE.`,
    );
  }
  if (values.length < shape.least || values.length > shape.most) {
    throw new UsageError(`${name} takes other arguments`, `Use: ${shape.usage}`);
  }
  for (const option of ['file', 'format', 'type', 'correlator'] as const) {
    if (options[option] !== undefined && !shape.options.includes(option)) {
      throw new UsageError(`--${option} does not go with ${name}`);
    }
  }
  const [first = '', second] = values;
  switch (name) {
    case 'get':
    case 'delete':
      return values.map((uri) => ({ command: name, uri }));
    case 'copy':
      return [{ command: name, source: first, uri: second }];
    default: {
      const carried = await carriedData(second, options);
      if (name === 'replace' && carried.data === undefined && carried.dataBase64 === undefined) {
        throw new UsageError('replace takes a value', 'Give VALUE or --file FILE.');
      }
      // A node without a value is an interior one.
      const empty = name === 'add' && second === undefined && options.file === undefined;
      const { correlator } = options;
      return [
        {
          command: name,
          uri: first,
          ...(empty && { format: 'node' }),
          ...carried,
          ...(correlator !== undefined && { correlator }),
        },
      ];
    }
  }
}

async function carriedData(
  value: string | undefined,
  { file, format, type }: CommandOptions,
): Promise<JsonObject> {
  const meta = { ...(format !== undefined && { format }), ...(type !== undefined && { type }) };
  if (file === undefined) return { ...meta, ...(value !== undefined && { data: value }) };
  if (value !== undefined) throw new UsageError('a value and --file exclude each other');
  let octets: Buffer;
  try {
    octets = await readFile(file);
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
  const asOctets = format === undefined || format === 'bin';
  return asOctets
    ? { ...meta, dataBase64: octets.toString('base64') }
    : { ...meta, data: octets.toString('utf8') };
}

/**
 * What a job file asks for: `{ "commands": […] }` with other fields of a job, a list of commands, or one command.
 * @throws {ValueError} when it is no such JSON
 * @throws {ConfigError} when it cannot be read
 */
export async function jobOfFile(io: Io, file: string): Promise<JsonObject> {
  const text = await readInput(io, file);
  const value = readJsonFile(text, file);
  if (Array.isArray(value)) return { commands: value };
  if (typeof value !== 'object' || value === null) {
    throw new ValueError(
      'BAD_FORMAT',
      `${file} holds no commands: give a list of commands, or an object with "commands"`,
    );
  }
  return 'command' in value ? { commands: [value] } : { ...value };
}
