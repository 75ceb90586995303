// Files of secrets that a configuration names: whose they are, and who can read them. Nothing is changed.
import { ConfigError } from '../../core/index.ts';
import { FileRefusal, modeOpenToOthers } from '../../files/index.ts';
import { reasonOf } from '../io/input.ts';
import type { Finding } from './finding.ts';

/** What is wrong with such a file. @throws {ConfigError} where `serve` would not use it */
export function secretFileFinding(file: string): readonly Finding[] {
  try {
    const mode = modeOpenToOthers(file);
    if (mode === undefined) return [];
    const what = `it has mode ${mode}: others on this machine can use the secret that it holds`;
    const remedy = `chmod 600 ${file}; \`serve\` does that when it starts, where it may`;
    return [{ check: 'secret files', severity: 'warning', where: file, what, remedy }];
  } catch (cause) {
    if (cause instanceof FileRefusal) throw new ConfigError(cause.message, { cause });
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}
