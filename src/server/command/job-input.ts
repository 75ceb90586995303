// The commands of a job as callers give them in JSON, checked.
import { isXmlText } from '../../codec/xml/index.ts';
import { base64ToBytes, utf8ToBytes, ValueError } from '../../core/index.ts';
import type { JobAlert, JobCommand, JobData } from '../../store/index.ts';
import { InputReader, type TextRule } from '../input/input-reader.ts';

/** Bounds of a job. */
export const jobBounds = Object.freeze({
  /** Commands, those inside Atomic and Sequence included. */
  commands: 100,
  /** Levels of commands: Atomic and Sequence stand inside one another up to one less. */
  depth: 4,
  /** Octets of a URI. */
  uri: 1024,
  /** Octets of one command's data. */
  data: 2 * 1024 * 1024,
  /** Octets of the data of all commands. */
  allData: 4 * 1024 * 1024,
  /** Octets of a text that is shown to the user, and of each choice. */
  text: 4096,
  choices: 50,
});

/** Names that fields of a command may take. */
export const jobChoices = {
  commands: ['get', 'add', 'replace', 'delete', 'copy', 'exec', 'alert', 'atomic', 'sequence'],
  formats: ['b64', 'bin', 'bool', 'chr', 'int', 'node', 'null', 'xml', 'date', 'time', 'float'],
  kinds: ['display', 'confirm', 'text', 'single-choice', 'multiple-choice'],
  inputTypes: ['alphanumeric', 'numeric', 'date', 'time', 'phone-number', 'ip-address'],
  echoTypes: ['text', 'password'],
  onFailure: ['stop', 'continue'],
} as const;

/** What people are shown. */
const shown: TextRule = { max: jobBounds.text, content: 'free' };

/** What the commands so far have used up. */
interface Spent {
  commands: number;
  octets: number;
}

/**
 * Reads the commands of a job.
 * @throws {ValueError} for the first thing wrong, with its path, such as `commands[2].uri`
 */
export function readJobCommands(value: unknown, path: string): readonly JobCommand[] {
  return readList(value, path, { commands: 0, octets: 0 }, []);
}

function readList(
  value: unknown,
  path: string,
  spent: Spent,
  around: readonly ('atomic' | 'sequence')[],
): readonly JobCommand[] {
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be an array of commands', path);
  if (value.length === 0) throw new ValueError('OUT_OF_RANGE', 'must have at least one command', path);
  spent.commands += value.length;
  if (spent.commands > jobBounds.commands) {
    throw new ValueError('TOO_LONG', `a job has at most ${jobBounds.commands} commands`, path);
  }
  return value.map((each, index) => readCommand(each, `${path}[${index}]`, spent, around));
}

function readCommand(
  value: unknown,
  path: string,
  spent: Spent,
  around: readonly ('atomic' | 'sequence')[],
): JobCommand {
  const input = new InputReader(value, 'a command', path);
  const command = input.optionalChoice('command', jobChoices.commands);
  if (command === undefined) throw new ValueError('MISSING', 'must be given', `${path}.command`);
  const read = readFields(command, input, spent, around);
  input.end();
  return read;
}

function readFields(
  command: JobCommand['command'],
  input: InputReader,
  spent: Spent,
  around: readonly ('atomic' | 'sequence')[],
): JobCommand {
  switch (command) {
    case 'get':
      // A Get inside an Atomic fails it on every device (DM-RepPro-1.2, Atomic).
      if (around.includes('atomic')) throw notInAtomic(command, input);
      return { command, uri: readUri(input, 'uri') };
    case 'delete':
      return { command, uri: readUri(input, 'uri') };
    case 'add':
    case 'replace': {
      const uri = readUri(input, 'uri');
      const data = readData(input, spent);
      const empty = data.data === undefined && data.dataBase64 === undefined;
      if (empty && data.format !== 'node' && data.format !== 'null') {
        const hint = 'must be given, or dataBase64, or format node for an interior node';
        throw new ValueError('MISSING', hint, input.pathOf('data'));
      }
      return { command, uri, ...data };
    }
    case 'copy':
      return { command, uri: readUri(input, 'uri'), source: readUri(input, 'source') };
    case 'exec': {
      const uri = readUri(input, 'uri');
      const correlator = optionalXmlText(input, 'correlator', { max: 255 });
      return { command, uri, ...readData(input, spent), ...(correlator !== undefined && { correlator }) };
    }
    case 'alert':
      return readAlert(input);
    case 'atomic':
      if (around.includes('atomic')) throw notInAtomic(command, input);
      return { command, commands: readInner(command, input, spent, around) };
    case 'sequence':
      return { command, commands: readInner(command, input, spent, around) };
  }
}

function readInner(
  command: 'atomic' | 'sequence',
  input: InputReader,
  spent: Spent,
  around: readonly ('atomic' | 'sequence')[],
): readonly JobCommand[] {
  const path = input.pathOf('commands');
  if (around.length + 1 >= jobBounds.depth) {
    throw new ValueError('OUT_OF_RANGE', `groups stand at most ${jobBounds.depth - 1} deep`, path);
  }
  return readList(input.take('commands'), path, spent, [...around, command]);
}

function readUri(input: InputReader, name: string): string {
  const uri = input.text(name, { max: jobBounds.uri });
  if (!/^\.(?:$|[/?])/.test(uri) || !isXmlText(uri)) {
    throw new ValueError('BAD_FORMAT', 'must be a URI such as ./DevDetail/FwV', input.pathOf(name));
  }
  return uri;
}

function readData(input: InputReader, spent: Spent): JobData {
  const format = input.optionalChoice('format', jobChoices.formats);
  const type = optionalXmlText(input, 'type', { max: 255 });
  const data = optionalXmlText(input, 'data', { min: 0, max: jobBounds.data, content: 'free' });
  const octets = input.optionalBase64('dataBase64', jobBounds.data);
  const path = input.pathOf(data === undefined ? 'dataBase64' : 'data');
  if (data !== undefined && octets !== undefined) {
    throw new ValueError('OUT_OF_RANGE', 'data and dataBase64 exclude each other', path);
  }
  if ((data !== undefined || octets !== undefined) && (format === 'node' || format === 'null')) {
    throw new ValueError('OUT_OF_RANGE', `format ${format} comes without data`, path);
  }
  if (octets !== undefined && format !== undefined && format !== 'bin') {
    throw new ValueError('OUT_OF_RANGE', 'octets have the format bin', input.pathOf('format'));
  }
  if (data !== undefined && format === 'bin') {
    throw new ValueError('OUT_OF_RANGE', 'octets are given as dataBase64', path);
  }
  if (data !== undefined && format === 'b64') base64ToBytes(data, path);
  spent.octets += octets?.length ?? (data === undefined ? 0 : utf8ToBytes(data).length);
  if (spent.octets > jobBounds.allData) {
    throw new ValueError('TOO_LONG', `a job carries at most ${jobBounds.allData} octets of data`, path);
  }
  return {
    ...(format !== undefined && { format }),
    ...(type !== undefined && { type }),
    ...(data !== undefined && { data }),
    ...(octets !== undefined && { dataBase64: Buffer.from(octets).toString('base64'), format: 'bin' }),
  };
}

function readAlert(input: InputReader): JobAlert {
  const kind = input.optionalChoice('kind', jobChoices.kinds);
  if (kind === undefined) throw new ValueError('MISSING', 'must be given', input.pathOf('kind'));
  const text = optionalXmlText(input, 'text', shown);
  if (text === undefined) throw new ValueError('MISSING', 'must be given', input.pathOf('text'));
  const choices = readChoices(input, kind);
  const minimumDisplaySeconds = input.optionalInteger('minimumDisplaySeconds', 0, 86_400);
  const maximumDisplaySeconds = input.optionalInteger('maximumDisplaySeconds', 1, 86_400);
  const defaultResponse = optionalXmlText(input, 'defaultResponse', shown);
  const maxLength = input.optionalInteger('maxLength', 1, 65_535);
  const inputType = input.optionalChoice('inputType', jobChoices.inputTypes);
  const echoType = input.optionalChoice('echoType', jobChoices.echoTypes);
  return {
    command: 'alert',
    kind,
    text,
    ...(choices !== undefined && { choices }),
    ...(minimumDisplaySeconds !== undefined && { minimumDisplaySeconds }),
    ...(maximumDisplaySeconds !== undefined && { maximumDisplaySeconds }),
    ...(defaultResponse !== undefined && { defaultResponse }),
    ...(maxLength !== undefined && { maxLength }),
    ...(inputType !== undefined && { inputType }),
    ...(echoType !== undefined && { echoType }),
  };
}

function readChoices(input: InputReader, kind: JobAlert['kind']): readonly string[] | undefined {
  const path = input.pathOf('choices');
  const value = input.take('choices');
  if (kind !== 'single-choice' && kind !== 'multiple-choice') {
    if (value === undefined) return undefined;
    throw new ValueError('OUT_OF_RANGE', `an alert of kind ${kind} has no choices`, path);
  }
  if (value === undefined) throw new ValueError('MISSING', 'must be given', path);
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new ValueError('WRONG_TYPE', 'must be an array of strings', path);
  }
  if (value.length === 0 || value.length > jobBounds.choices) {
    throw new ValueError('OUT_OF_RANGE', `must have 1 to ${jobBounds.choices} entries`, path);
  }
  for (const [index, choice] of value.entries()) {
    const at = `${path}[${index}]`;
    if (choice === '') throw new ValueError('OUT_OF_RANGE', 'must not be empty', at);
    if (utf8ToBytes(choice).length > jobBounds.text) {
      throw new ValueError('TOO_LONG', `at most ${jobBounds.text} octets fit`, at);
    }
    requireXmlText(choice, at);
  }
  return value;
}

function optionalXmlText(input: InputReader, name: string, rule: TextRule): string | undefined {
  const text = input.optionalText(name, rule);
  if (text !== undefined) requireXmlText(text, input.pathOf(name));
  return text;
}

function requireXmlText(text: string, path: string): void {
  if (isXmlText(text)) return;
  throw new ValueError('BAD_FORMAT', 'holds a character that DM messages cannot carry', path);
}

function notInAtomic(command: string, input: InputReader): ValueError {
  return new ValueError('OUT_OF_RANGE', `${command} cannot stand in an atomic`, input.pathOf('command'));
}
