// A configuration file that has secrets in itself, and that others can read.
import { readFileSync } from 'node:fs';
import { FileRefusal, modeOpenToOthers } from '../../files/index.ts';
import { secretFields } from '../bindings/config-file.ts';
import { readSourceText } from '../config/source-text.ts';
import { type Check, type Finding, tellerOf } from '../doctor-base/finding.ts';

const name = 'secret files';
const tell = tellerOf(name);

/** The check. */
export const openConfigurationCheck: Check = {
  name,
  run: ({ config }) => (config === undefined ? [] : modeFindings(config.file)),
};

function modeFindings(file: string): readonly Finding[] {
  try {
    const mode = file === '-' ? undefined : modeOpenToOthers(file);
    if (mode === undefined) return [];
    // The settings of the server name files of secrets, and hold none.
    const { server: _, ...sections } = Object(readSourceText(readFileSync(file, 'utf8'), file).value);
    const path = firstSecret(sections, '');
    if (path === undefined) return [];
    const what = `it has mode ${mode}, and secrets stand in it (${path}): others on this machine can use them`;
    const remedy = `chmod 600 ${file}, or let each stand in a file of its own: { file: PATH }`;
    return [tell.warning(file, what, remedy)];
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error;
    return [tell.error(file, error.message)];
  }
}

/** Where the first one stands; one in another file, or in the environment, is no text here. */
function firstSecret(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') {
    // Certificates beside it are for everybody.
    return secretFields.test(path) && !value.startsWith('-----BEGIN CERTIFICATE') ? path : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const names = Object.keys(value);
  if (names.length === 1 && (names[0] === 'file' || names[0] === 'env')) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const below = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    const found = firstSecret(each, below);
    if (found !== undefined) return found;
  }
  return undefined;
}
