// JSON input as people write it: one value, an array of them, or one value a line.
import { ValueError } from '../core/index.ts';
import { readInput, readLines } from './input.ts';
import type { Io } from './io.ts';

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
  const lines = file === '-' ? readLines(io) : linesOf(await readInput(io, file));
  let number = 0;
  let seen = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    seen += 1;
    const value = parse(text);
    if (seen === 1 && value instanceof ValueError) {
      const rest: string[] = [text];
      for await (const more of lines) rest.push(more);
      const whole = rest.length === 1 ? value : parse(rest.join('\n'));
      // Several lines that are values of their own, the first one broken: report it as a line.
      if (whole instanceof ValueError && rest.length > 1 && rest.slice(1).some(isObjectLine)) {
        yield { line: number, value };
        for (const more of rest.slice(1)) {
          number += 1;
          if (more.trim() !== '') yield* spread(number, parse(more));
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

function isObjectLine(text: string): boolean {
  const value = parse(text);
  return typeof value === 'object' && value !== null && !(value instanceof ValueError);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new ValueError('BAD_FORMAT', `not JSON: ${why}`, '', undefined, { cause });
  }
}

async function* linesOf(text: string): AsyncGenerator<string> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) yield line.replace(/\r$/, '');
}
