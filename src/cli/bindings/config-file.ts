// Reads a configuration file of bindings: JSON, held strictly against a shape, with secrets from files or the environment.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ConfigError } from '../../core/index.ts';
import { describeFault } from '../config/config-fault.ts';
import { readInput, reasonOf } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import { readJsonFile } from '../io/json-file.ts';
import { guardSecretFile } from '../io/secret-file.ts';

/** Sees to it that nobody else can use what a file of secrets holds, which `path` names. @throws {ConfigError} when it must not be used */
export type SecretGuard = (file: string, path: string) => void;

/** A text that stands elsewhere, and cannot be had from there. */
export interface MissingText {
  /** Path of its field. */
  readonly path: string;
  /** Why. */
  readonly why: string;
}

/** How texts that stand elsewhere are read. */
export interface TextReading {
  /** Asked before a file is read that holds a secret. Default: its mode is narrowed. */
  readonly guard?: SecretGuard;
  /** Gives what stands in for one that cannot be had, so that the rest can be looked at. Default: it is an error. */
  readonly standIn?: (missing: MissingText) => string;
}

/**
 * The value in a file. Where the shape wants a text, the file may say `{ "file": "PATH" }`, which stands for what that
 * file holds without its last line end (relative to the configuration file), or `{ "env": "NAME" }`.
 * @throws {ConfigError} with the path of the first thing wrong; never with a secret in it
 */
export async function readConfigFile<Shape extends TSchema>(
  io: Io,
  file: string,
  shape: Shape,
  { guard = (secret) => guardSecretFile(io, secret), standIn }: TextReading = {},
): Promise<Static<Shape>> {
  const text = await readInput(io, file);
  const value = readJsonFile(text, file, (message) => new ConfigError(message));
  const folder = file === '-' ? '.' : dirname(file);
  const resolved = await resolveTexts(value, { io, file, folder, guard, standIn }, '');
  if (Value.Check(shape, resolved)) return resolved;
  throw new ConfigError(`${file}: ${describeFault(shape, resolved)}`);
}

interface Source {
  readonly io: Io;
  readonly file: string;
  readonly folder: string;
  readonly guard: SecretGuard;
  readonly standIn: TextReading['standIn'];
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
const secretFields = /\.(?:password|secret|key|pin)$|\.account\.[^.]+$/;

async function fromFile(name: string, source: Source, path: string): Promise<string> {
  const { folder, guard } = source;
  const wanted = resolve(folder, name);
  try {
    if (secretFields.test(path)) guard(wanted, path);
  } catch (cause) {
    if (!(cause instanceof ConfigError) || source.standIn === undefined) throw cause;
    return source.standIn({ path, why: cause.message });
  }
  try {
    return (await readFile(wanted, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    return missing(source, { path, why: `cannot read ${name}: ${reasonOf(cause)}` }, cause);
  }
}

function fromEnvironment(name: string, source: Source, path: string): string {
  const text = source.io.env[name];
  if (text !== undefined && text !== '') return text;
  return missing(source, { path, why: `the environment variable ${name} is not set` });
}

function missing({ file, standIn }: Source, text: MissingText, cause?: unknown): string {
  if (standIn !== undefined) return standIn(text);
  throw new ConfigError(`${file}: ${text.path}: ${text.why}`, cause === undefined ? {} : { cause });
}
