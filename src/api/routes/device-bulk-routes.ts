// Routes of many devices at once: import, export, changes and removals.
import type { FastifyRequest } from 'fastify';
import { begunWords } from '../access/audit-hook.ts';
import { askerOf, requireScope } from '../access/caller.ts';
import { givenFields } from '../access/given-fields.ts';
import {
  BulkLineShape,
  ChangeManyBody,
  DeleteManyBody,
  ExportQuery,
  ImportQuery,
} from '../bulk/bulk-shapes.ts';
import { CsvLines } from '../bulk/csv-lines.ts';
import { ImportRun } from '../bulk/import-run.ts';
import { LineAnswers } from '../bulk/line-answers.ts';
import { readChangeMany, readMany, selectionOf, selectionWords } from '../bulk/many-request.ts';
import { csvOf, jsonOf, nothingWritten, toldOf } from '../bulk/told-devices.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ndjson, requireLines } from '../request/batch-request.ts';
import { BodyLines } from '../request/body-lines.ts';
import { onEnding } from '../request/draining.ts';
import { requireUtf8 } from '../request/json-body.ts';
import { ApiError } from '../request/problem.ts';
import { readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { DeviceBody } from '../shapes/device-shapes.ts';
import { endedLine, stoppingLine } from './batch-answers.ts';
import { BatchExchange } from './batch-exchange.ts';
import type { BatchContext } from './batch-routes.ts';

const tags = ['devices'];
const csv = 'text/csv';
/** Octets of a line at most: a device with its keys. */
const lineLimit = 65_536;
/** Lines that are taken together. */
const importSet = Object.freeze({ lines: 1000, octets: 4 * 1024 * 1024 });
/** Sets that are read while those before are on their way to the disk. Of new devices, as many as two transactions of the store take. */
const newSetsUnderWay = 32;
const setsUnderWay = 8;
/** Octets of a body that names devices. */
const bodyLimit = 4 * 1024 * 1024;

const lines = {
  200: { description: 'Refusals, progress and a summary', content: { [ndjson]: { schema: BulkLineShape } } },
  ...writeRefusals,
};

/** Adds the routes. */
export async function deviceBulkRoutes(app: App, backend: ApiBackend, context: BatchContext): Promise<void> {
  const { bulk } = backend;
  const answers = new LineAnswers(app);
  await app.register(async (scope: App) => importRoute(scope, backend, context));

  app.route({
    method: 'GET',
    url: '/v1/devices/export',
    // Its head says nothing of what comes, and would have all of it made.
    exposeHeadRoute: false,
    config: { scope: 'read', audit: 'before' },
    schema: {
      tags,
      operationId: 'exportDevices',
      summary: 'Read devices as an import takes them, in order of id; secrets only where they are asked for',
      querystring: ExportQuery,
      response: {
        200: {
          description: 'A device a line',
          content: { [ndjson]: { schema: DeviceBody }, [csv]: { schema: { type: 'string' } } },
        },
        ...readRefusals,
      },
    },
    handler: async (request, reply) => {
      const { format = 'ndjson', secrets = false, ...query } = request.query;
      if (secrets) requireSecrets(request);
      request.audited.detail = `${secrets ? 'with secrets, ' : ''}${selectionWords(query)}`;
      const selection = selectionOf(query, request.caller);
      const texts = format === 'csv' ? csvOf(bulk, selection, secrets) : jsonOf(bulk, selection, secrets);
      return answers.send(reply, format === 'csv' ? csv : ndjson, texts, (error) =>
        context.failures.note(request, error),
      );
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/devices/delete',
    config: { scope: 'manage' },
    bodyLimit,
    schema: {
      tags,
      operationId: 'deleteDevices',
      summary: 'Remove many devices and their history; those that are in use stay and are named',
      body: DeleteManyBody,
      response: lines,
    },
    handler: async (request, reply) => {
      const { selection, dryRun, words } = readMany(request.body, request.caller);
      request.audited.detail = begunWords(`${nothingWritten(dryRun)}${words}`);
      const removed = bulk.remove(selection, { dryRun, by: askerOf(request) });
      const texts = toldOf(removed, dryRun, backend.clock, (sum) => context.audit.streamed(request, sum));
      return answers.send(reply, ndjson, texts, (error) => context.failures.note(request, error));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/devices/change',
    config: { scope: 'manage' },
    bodyLimit,
    schema: {
      tags,
      operationId: 'updateDevices',
      summary: 'Change many devices in the same way: label, suspend, resume',
      body: ChangeManyBody,
      response: lines,
    },
    handler: async (request, reply) => {
      const { selection, dryRun, change, words } = readChangeMany(request.body, request.caller);
      request.audited.detail = begunWords(`${nothingWritten(dryRun)}${givenFields(change)} of ${words}`);
      const changed = bulk.change(selection, change, { dryRun, by: askerOf(request) });
      const texts = toldOf(changed, dryRun, backend.clock, (sum) => context.audit.streamed(request, sum));
      return answers.send(reply, ndjson, texts, (error) => context.failures.note(request, error));
    },
  });
}

/** In a scope of its own: nothing else takes such bodies. */
function importRoute(app: App, { bulk, clock }: ApiBackend, { bodies, failures, audit }: BatchContext): void {
  const exchanges = new Set<{ stop(): void }>();
  onEnding(app, () => {
    for (const exchange of exchanges) exchange.stop();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([ndjson, csv], async (request: FastifyRequest) => {
    requireUtf8(request.headers['content-type']);
    requireLines(request);
  });
  app.addContentTypeParser('*', async () => {
    throw otherType();
  });
  app.route({
    method: 'POST',
    url: '/v1/devices/import',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'importDevices',
      summary: 'Take in devices by the thousand, one a line; what is refused is told with its line',
      consumes: [ndjson, csv],
      querystring: ImportQuery,
      body: DeviceBody,
      response: lines,
    },
    handler: async (request, reply) => {
      const { 'content-type': type } = request.headers;
      if (type === undefined) throw otherType();
      const { mode = 'create', dryRun = false } = request.query;
      reply.hijack();
      const note = (error: unknown) => failures.note(request, error);
      const run = new ImportRun({
        bulk,
        clock,
        mode,
        dryRun,
        by: askerOf(request),
        note,
        received: () => exchange.received,
      });
      // Of an import that is killed there is an entry too.
      let begun: Promise<void> | undefined;
      const recorded = async (take: () => Promise<string>): Promise<string> => {
        begun ??= audit.begun(request, dryRun ? `${mode}, nothing written` : mode);
        await begun;
        // Without another wait, which would hold the lines for as long.
        return take();
      };
      const common = {
        request: request.raw,
        response: reply.raw,
        set: importSet,
        sets: mode === 'create' ? newSetsUnderWay : setsUnderWay,
        ready: () => run.ready(),
        fullSets: true,
        bodies,
        ending: () => run.summary(),
        stopping: stoppingLine,
        mayGoOn: request.mayGoOn,
        ended: endedLine,
      };
      const exchange = type.toLowerCase().startsWith(csv)
        ? new BatchExchange({
            ...common,
            source: new CsvLines(lineLimit),
            lengthOf: ({ length }) => length,
            take: (set) => recorded(() => run.takeCsv(set)),
          })
        : new BatchExchange({
            ...common,
            source: new BodyLines(lineLimit),
            lengthOf: ({ text }) => text.length,
            take: (set) => recorded(() => run.takeJson(set)),
          });
      exchanges.add(exchange);
      try {
        await exchange.run();
      } catch (error) {
        note(error);
      } finally {
        exchanges.delete(exchange);
        audit.streamed(request, run.words);
      }
    },
  });
}

function otherType(): ApiError {
  return new ApiError(415, 'UNSUPPORTED', `send one device a line, as Content-Type: ${ndjson} or ${csv}`);
}

/** Secrets go only to somebody: without any token, whoever reaches the server could have them. */
function requireSecrets({ caller }: FastifyRequest): void {
  requireScope(caller, 'secrets');
  if (caller.owner !== 'anonymous') return;
  throw new ApiError(403, 'SCOPE', 'secrets are exported to who has a token, and this server has none set');
}
