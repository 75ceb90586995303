// Reads a configuration file of bindings: JSON, held strictly against a shape, with secrets from files or the environment.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ConfigError } from '../../core/index.ts';
import { readInput, reasonOf } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import { readJsonFile } from '../io/json-file.ts';
import { guardSecretFile } from '../io/secret-file.ts';
import { describeFault } from './config-fault.ts';

/**
 * The value in a file. Where the shape wants a text, the file may say `{ "file": "PATH" }`, which stands for what that
 * file holds without its last line end (relative to the configuration file), or `{ "env": "NAME" }`.
 * @throws {ConfigError} with the path of the first thing wrong; never with a secret in it
 */
export async function readConfigFile<Shape extends TSchema>(
  io: Io,
  file: string,
  shape: Shape,
): Promise<Static<Shape>> {
  const text = await readInput(io, file);
  const value = readJsonFile(text, file, (message) => new ConfigError(message));
  const folder = file === '-' ? '.' : dirname(file);
  const resolved = await resolveTexts(value, { io, file, folder }, '');
  if (Value.Check(shape, resolved)) return resolved;
  throw new ConfigError(`${file}: ${describeFault(shape, resolved)}`);
}

interface Source {
  readonly io: Io;
  readonly file: string;
  readonly folder: string;
}

async function resolveTexts(value: unknown, source: Source, path: string): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return Promise.all(value.map((each, index) => resolveTexts(each, source, `${path}[${index}]`)));
  }
  const entries = Object.entries(value);
  const [[name, from] = []] = entries;
  if (entries.length === 1 && typeof from === 'string' && (name === 'file' || name === 'env')) {
    return name === 'file' ? fromFile(from, source, path) : fromEnvironment(from, source, path);
  }
  const resolved = entries.map(async ([key, member]) => [
    key,
    await resolveTexts(member, source, path === '' ? key : `${path}.${key}`),
  ]);
  return Object.fromEntries(await Promise.all(resolved));
}

/** Texts that nobody else may know; others, such as certificates, are for everybody. */
const secretFields = /\.(?:password|secret|key)$/;

async function fromFile(name: string, { io, file, folder }: Source, path: string): Promise<string> {
  const wanted = resolve(folder, name);
  if (secretFields.test(path)) guardSecretFile(io, wanted);
  try {
    return (await readFile(wanted, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new ConfigError(`${file}: ${path}: cannot read ${name}: ${reasonOf(cause)}`, { cause });
  }
}

function fromEnvironment(name: string, { io, file }: Source, path: string): string {
  const text = io.env[name];
  if (text === undefined || text === '') {
    throw new ConfigError(`${file}: ${path}: the environment variable ${name} is not set`);
  }
  return text;
}
