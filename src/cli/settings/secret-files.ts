// Files with secrets that settings name: narrowed for a server that starts, only looked at for a check.
import { ConfigError } from '../../core/index.ts';
import { FileRefusal, modeOpenToOthers } from '../../files/index.ts';
import type { SecretGuard } from '../bindings/config-file.ts';
import type { ConfigFault } from '../config/fault.ts';
import { reasonOf } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import { guardSecretFile } from '../io/secret-file.ts';

/** Narrows the mode of a file that is open to others, with a word on standard error. */
export function narrowing(io: Pick<Io, 'stderr'>): SecretGuard {
  return (file) => guardSecretFile(io, file);
}

/** Changes nothing; what is open to others is added to `warnings`, once for each file. */
export function looking(warnings: ConfigFault[]): SecretGuard {
  const seen = new Set<string>();
  return (file) => {
    if (file === '-' || seen.has(file)) return;
    seen.add(file);
    let mode: string | undefined;
    try {
      mode = modeOpenToOthers(file);
    } catch (cause) {
      if (cause instanceof FileRefusal) throw new ConfigError(cause.message, { cause });
      throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
    }
    if (mode === undefined) return;
    warnings.push({
      where: file,
      what: `it has mode ${mode}: others on this machine can use the secret that it holds`,
      remedy: `chmod 600 ${file} (\`reveille serve\` does that when it starts, where it may)`,
    });
  };
}

/** Asks about each file once, and says the same of it from then on. */
export function once(guard: SecretGuard): SecretGuard {
  const asked = new Map<string, { readonly error?: unknown }>();
  return (file, path) => {
    let answer = asked.get(file);
    if (answer === undefined) {
      answer = {};
      try {
        guard(file, path);
      } catch (error) {
        answer = { error };
      }
      asked.set(file, answer);
    }
    if ('error' in answer) throw answer.error;
  };
}
