// JSON input as people write it: one value, an array of them, or one value a line.
import { parseJson, ValueError } from '../../core/index.ts';
import { readInput, readLines } from './input.ts';
import type { Io } from './io.ts';
import { nameOf } from './json-file.ts';

/** One JSON value of the input, or why it is none. */
export interface JsonMessage {
  /** Line number from 1 where each line is a value; 0 where the whole input is one. */
  readonly line: number;
  /** The value, or a `ValueError` where the text is no JSON. */
  readonly value: unknown;
}

/**
 * The JSON values of a file, or of standard input for `-`, in order and as they come in. A first line that is no JSON
 * value by itself makes the whole input one value.
 * @throws {ConfigError} when the file cannot be read
 */
export async function* readJsonMessages(io: Io, file: string): AsyncGenerator<JsonMessage> {
  const parse = (text: string, line: number): unknown => parseOrError(text, nameOf(file), line);
  const lines = file === '-' ? readLines(io) : linesOf(await readInput(io, file));
  let number = 0;
  let seen = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    seen += 1;
    const value = parse(text, number);
    if (seen === 1 && value instanceof ValueError) {
      const rest: string[] = [text];
      for await (const more of lines) rest.push(more);
      const whole = rest.length === 1 ? value : parse(rest.join('\n'), number);
      // Several lines that are values of their own, the first one broken: report it as a line.
      if (
        whole instanceof ValueError &&
        rest.length > 1 &&
        rest.slice(1).some((more) => isObjectLine(parse(more, 1)))
      ) {
        yield { line: number, value };
        for (const more of rest.slice(1)) {
          number += 1;
          if (more.trim() !== '') yield* spread(number, parse(more, number));
        }
        return;
      }
      yield* spread(0, whole);
      return;
    }
    yield* spread(number, value);
  }
  if (seen === 0)
    yield { line: 0, value: new ValueError('BAD_FORMAT', 'the input is empty; JSON was expected') };
}

function* spread(line: number, value: unknown): Generator<JsonMessage> {
  if (Array.isArray(value)) for (const item of value) yield { line, value: item };
  else yield { line, value };
}

function isObjectLine(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof ValueError);
}

/** The value, or the error that names the place; `line` is the number of the text's first line in the file. */
function parseOrError(text: string, name: string, line: number): unknown {
  try {
    return parseJson(text, name, line);
  } catch (error) {
    if (error instanceof ValueError) return error;
    throw error;
  }
}

async function* linesOf(text: string): AsyncGenerator<string> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) yield line.replace(/\r$/, '');
}
