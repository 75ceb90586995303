// Secrets in a database: whether a server would have the keys that it needs, and what lies open in it.
import { openSecretsText } from '../../store/index.ts';
import type { ExaminedDatabase } from '../../store/sqlite/index.ts';
import { type Finding, tellerOf } from '../doctor-base/finding.ts';
import type { SetUp } from '../doctor-base/set-up.ts';

const tell = tellerOf('database');

/** What is wrong with how its secrets lie. `sealKeys`: those that a server would be given; absent where they cannot be read. */
export function sealFindings(
  file: string,
  { neededKeys = [], openSecrets = [] }: ExaminedDatabase,
  sealKeys: SetUp['sealKeys'],
): readonly Finding[] {
  const found: Finding[] = [];
  const missing = neededKeys.filter((id) => sealKeys !== undefined && !sealKeys.ids.includes(id));
  if (missing.length > 0) {
    const what = `secrets in it are sealed under ${missing.join(', ')}, which ${sealKeys?.where ?? 'nobody'} does not have: the server does not start`;
    found.push(tell.error(file, what, 'name the file that has the key with --seal-key (docs/sealing.md)'));
  }
  if (openSecrets.length > 0) {
    const what = `secrets lie open in it (${openSecretsText(openSecrets)}): whoever has a copy of it has them`;
    const remedy = 'give the server a key (--seal-key), and seal what is there with reveille seal apply';
    found.push(tell.warning(file, what, remedy));
  }
  return found;
}
