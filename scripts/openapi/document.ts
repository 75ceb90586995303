// The description of the API, made without a server.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ApiBackend, createApi } from '../../src/api/index.ts';
import { systemClock } from '../../src/core/index.ts';

/**
 * What `/openapi.json` answers, in the package's version.
 * @param tokens those that the server knows; as a rule it has one
 */
export async function openapiDocument(tokens = ['a-token-that-opens-nothing']): Promise<unknown> {
  const text = await readFile(resolve(import.meta.dirname, '../../package.json'), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  // Nothing but the description is asked for, so nothing stands behind the routes.
  const backend = { clock: systemClock({ unref: true }) } as ApiBackend;
  const app = await createApi(backend, { version, tokens });
  try {
    const { body } = await app.inject({ method: 'GET', url: '/openapi.json' });
    return JSON.parse(body);
  } finally {
    await app.close();
  }
}
