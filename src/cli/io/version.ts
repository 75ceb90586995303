// The version of the package.
import { readFileSync } from 'node:fs';

/** As in package.json. */
export function version(): string {
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(manifest) as { version: string }).version);
}
