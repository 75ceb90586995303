// Writes the description of the API, as the server gives it at /openapi.json, into docs/openapi.json, so that a change of
// the API shows in review, the table of scopes into docs/access.md, and the types of the client into src/client/api-types.ts.
// `test/api/openapi-document.test.ts` holds all three to the code.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withAccessTable } from './openapi/access-table.ts';
import { openapiDocument } from './openapi/document.ts';
import { clientTypes } from './openapi/generators.ts';

const docs = resolve(import.meta.dirname, '../docs');
const document = await openapiDocument();
await writeFile(resolve(docs, 'openapi.json'), `${JSON.stringify(document, undefined, 2)}\n`);
const access = resolve(docs, 'access.md');
await writeFile(access, withAccessTable(await readFile(access, 'utf8'), document));
await writeFile(resolve(docs, '../src/client/api-types.ts'), await clientTypes(document));
