// The API above services that the test speaks for, and which note what they are asked.
import type { InjectOptions } from 'fastify';
import { type ApiBackend, type ApiOptions, createApi } from '../../../src/api/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

/** On whose behalf requests without a token ask. */
export const byAnonymous = { actor: 'anonymous', accounts: 'all', owner: 'anonymous' } as const;

/** What a service answers to what it is asked, by the name of its function. */
export type Service = Readonly<Record<string, (...given: readonly never[]) => unknown>>;

export interface RouteBench {
  /** Each call of a service: its name, and what it was given. */
  readonly asked: readonly (readonly [string, ...unknown[]])[];
  ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    /** Undefined where there is none. */
    // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asks for
    readonly body: any;
  }>;
}

export async function withRoutes(
  services: Readonly<Record<string, Service>>,
  run: (bench: RouteBench) => Promise<void>,
  options: ApiOptions = {},
): Promise<void> {
  const asked: [string, ...unknown[]][] = [];
  const noted = Object.entries(services).map(([service, functions]) => [
    service,
    Object.fromEntries(
      Object.entries(functions).map(([name, answer]) => [
        name,
        async (...given: never[]) => {
          asked.push([`${service}.${name}`, ...given]);
          return answer(...given);
        },
      ]),
    ),
  ]);
  const backend = { clock: new ManualClock(), ...Object.fromEntries(noted) } as ApiBackend;
  const app = await createApi(backend, options);
  try {
    await run({
      asked,
      ask: async (method, url, body, headers = {}) => {
        const request: InjectOptions = { method, url, headers, ...(body !== undefined && { payload: body }) };
        const answer = await Promise.race([app.inject(request), manyTurns()]);
        if (answer === undefined) throw new Error(`${method} ${url} is not answered`);
        const { statusCode, headers: answered, payload } = answer;
        return {
          status: statusCode,
          headers: answered,
          body: payload === '' ? undefined : JSON.parse(payload),
        };
      },
    });
  } finally {
    await app.close();
  }
}

/** Services answer at once, so what is not answered after so many turns never is. */
async function manyTurns(): Promise<undefined> {
  for (let turn = 0; turn < 1000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return undefined;
}
