// Writes the schema of the configuration file into docs/config.schema.json, and the table of settings into
// docs/configuration.md. `test/cli/settings/published.test.ts` holds both to the code.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configSchema } from './configuration/schema.ts';
import { withSettings } from './configuration/settings-page.ts';

const docs = resolve(import.meta.dirname, '../docs');
await writeFile(resolve(docs, 'config.schema.json'), `${JSON.stringify(configSchema(), undefined, 2)}\n`);
const page = resolve(docs, 'configuration.md');
await writeFile(page, withSettings(await readFile(page, 'utf8')));
