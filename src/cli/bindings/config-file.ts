// Reads a configuration file: YAML or JSON, held strictly against a shape, with texts from other files or the environment.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { ConfigError } from '../../core/index.ts';
import { type ConfigFault, ConfigFaults } from '../config/fault.ts';
import { type ShapeFault, shapeFaults } from '../config/shape-faults.ts';
import { readSourceText, type SourceText } from '../config/source-text.ts';
import { readInput, reasonOf } from '../io/input.ts';
import type { Io } from '../io/io.ts';
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

/** A text in place of one that cannot be had: a PIN, or one that is long enough for a secret. */
export function standInFor({ path }: MissingText): string {
  return path.endsWith('.pin') ? '0000' : 'stands-in-for-a-secret-that-was-not-read';
}

/** How texts that stand elsewhere are read. */
export interface TextReading {
  /** Asked before a file is read that holds a secret. Default: its mode is narrowed. */
  readonly guard?: SecretGuard;
  /** Gives what stands in for one that cannot be had, so that the rest can be looked at. Default: it is an error. */
  readonly standIn?: (missing: MissingText) => string;
}

/** A file that was read, its value as the shape has it. */
export interface ConfigFile<Value> {
  readonly value: Value;
  /** Where its parts stand. */
  readonly source: SourceText;
}

/**
 * The value in a file. Where the shape wants a text, the file may say `{ "file": "PATH" }`, which stands for what that
 * file holds without its last line end (relative to the configuration file), or `{ "env": "NAME" }`.
 * @throws {ConfigFaults} with line, column and path of all that is wrong; never with a secret in it
 * @throws {ConfigError} when the file cannot be read
 */
export async function readConfigFile<Shape extends TSchema>(
  io: Io,
  file: string,
  shape: Shape,
  reading: TextReading = {},
): Promise<Static<Shape>> {
  return (await loadConfigFile(io, file, shape, reading)).value;
}

/** As `readConfigFile`, with where everything stands. */
export async function loadConfigFile<Shape extends TSchema>(
  io: Io,
  file: string,
  shape: Shape,
  { guard = (secret) => guardSecretFile(io, secret), standIn }: TextReading = {},
): Promise<ConfigFile<Static<Shape>>> {
  const source = readSourceText(await readInput(io, file), file);
  const texts: Texts = { io, folder: file === '-' ? '.' : dirname(file), guard, standIn, missing: [] };
  const value = await resolveTexts(source.value, texts, '');
  const isMissing = new Set(texts.missing.map(({ path }) => path));
  const wrong = shapeFaults(shape, value).filter(({ path }) => !isMissing.has(path));
  const faults = [...texts.missing.map(({ path, why }) => ({ path, what: why })), ...wrong];
  if (faults.length > 0) throw new ConfigFaults(inOrder(faults, source));
  return { value: value as Static<Shape>, source };
}

/** Faults whose place is looked up: many more than are shown, and a bound for files that are something else. */
const mostPlaced = 100;

function inOrder(faults: readonly ShapeFault[], source: SourceText): readonly ConfigFault[] {
  return [...faults]
    .sort((one, other) => source.offset(one.path) - source.offset(other.path))
    .slice(0, mostPlaced)
    .map(({ path, ofName, ...fault }) => ({
      where: source.place(path, ofName === true ? 'name' : 'value'),
      ...fault,
    }));
}

interface Texts {
  readonly io: Io;
  readonly folder: string;
  readonly guard: SecretGuard;
  readonly standIn: TextReading['standIn'];
  /** Gets those that cannot be had, where nothing stands in. */
  readonly missing: MissingText[];
}

async function resolveTexts(value: unknown, texts: Texts, path: string): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return Promise.all(value.map((each, index) => resolveTexts(each, texts, `${path}[${index}]`)));
  }
  const entries = Object.entries(value);
  const [[name, from] = []] = entries;
  if (entries.length === 1 && typeof from === 'string' && (name === 'file' || name === 'env')) {
    return name === 'file' ? fromFile(from, texts, path) : fromEnvironment(from, texts, path);
  }
  const resolved = entries.map(async ([key, member]) => [
    key,
    await resolveTexts(member, texts, path === '' ? key : `${path}.${key}`),
  ]);
  return Object.fromEntries(await Promise.all(resolved));
}

/** Texts that nobody else may know; others, such as certificates, are for everybody. */
export const secretFields = /\.(?:password|secret|key|pin)$|\.account\.[^.]+$/;

async function fromFile(name: string, texts: Texts, path: string): Promise<string> {
  const { folder, guard } = texts;
  const wanted = resolve(folder, name);
  try {
    if (secretFields.test(path)) guard(wanted, path);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    return missing(texts, { path, why: cause.message });
  }
  try {
    return (await readFile(wanted, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    return missing(texts, { path, why: `cannot read ${name}: ${reasonOf(cause)}` });
  }
}

function fromEnvironment(name: string, texts: Texts, path: string): string {
  const text = texts.io.env[name];
  if (text !== undefined && text !== '') return text;
  return missing(texts, { path, why: `the environment variable ${name} is not set` });
}

function missing({ standIn, missing: list }: Texts, text: MissingText): string {
  if (standIn !== undefined) return standIn(text);
  list.push(text);
  return '';
}
