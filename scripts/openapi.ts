// Writes the description of the API, as the server gives it at /openapi.json, into docs/openapi.json, so that a change of
// the API shows in review. `test/api/openapi-document.test.ts` holds the file to the code.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openapiDocument } from './openapi/document.ts';

const text = JSON.stringify(await openapiDocument(), undefined, 2);
await writeFile(resolve(import.meta.dirname, '../docs/openapi.json'), `${text}\n`);
