// Carriers: how they stand, suspended and resumed.
import { Type } from 'typebox';
import { readSuspension, type WholeCarrier, type WholeStatus } from '../../server/index.ts';
import { askerOf } from '../access/caller.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { carrierView } from '../metrics/carrier-view.ts';
import { CarrierShape } from '../metrics/status-shapes.ts';
import { type ApiError, notFound } from '../request/problem.ts';
import { readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { isoTime } from '../shapes/iso-time.ts';
import { CarrierPage, SuspendBody } from './running-shapes.ts';

const params = Type.Object({ name: Type.String({ description: 'Name of the carrier, such as `sms:desk`' }) });
const tags = ['carriers'];

export function carrierRoutes(app: App, backend: ApiBackend): void {
  const { carriers } = backend;
  app.route({
    method: 'GET',
    url: '/v1/carriers',
    config: { scope: 'read', allAccounts: true },
    schema: {
      tags,
      operationId: 'listCarriers',
      summary: 'List all carriers: state, room, rate, queue, and since when and why one is suspended',
      response: {
        200: CarrierPage,
        ...readRefusals,
      },
    },
    handler: async (_, reply) => {
      void reply.header('cache-control', 'no-store');
      const status = await backend.status();
      return { at: isoTime(status.at), items: status.carriers.map(carrierView) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/carriers/:name',
    config: { scope: 'read', allAccounts: true },
    schema: {
      tags,
      operationId: 'getCarrier',
      summary: 'Read how one carrier stands',
      params,
      response: { 200: CarrierShape, ...readRefusals },
    },
    handler: async ({ params: { name } }, reply) => {
      void reply.header('cache-control', 'no-store');
      const status = await backend.status();
      const found = carrierOf(status, name);
      if (found === undefined) throw unknownCarrier(name, status);
      return carrierView(found);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/carriers/:name/suspend',
    config: { scope: 'manage', allAccounts: true },
    schema: {
      tags,
      operationId: 'suspendCarrier',
      summary:
        'Suspend a carrier: from the answer on no push is handed to it, retries included; what waits for it stays queued',
      params,
      body: SuspendBody,
      response: { 200: CarrierShape, ...writeRefusals },
    },
    handler: async (request) => {
      const { name } = request.params;
      const { reason } = readSuspension(request.body);
      if (reason !== undefined) request.audited.detail = reason;
      const { actor } = askerOf(request);
      const suspension = await carriers.suspend({ carrier: name, reason, actor });
      const status = await backend.status();
      if (suspension === undefined) throw unknownCarrier(name, status);
      return carrierView(carrierOf(status, name) ?? bare(name));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/carriers/:name/resume',
    config: { scope: 'manage', allAccounts: true },
    schema: {
      tags,
      operationId: 'resumeCarrier',
      summary:
        'Let a suspended carrier go on at once; one that is configured no more is forgotten. Of one that is not suspended, nothing changes',
      params,
      response: { 200: CarrierShape, ...writeRefusals },
    },
    handler: async (request) => {
      const { name } = request.params;
      const was = await carriers.resume(name, askerOf(request).actor);
      const status = await backend.status();
      const found = carrierOf(status, name);
      if (found === undefined && was === undefined) throw unknownCarrier(name, status);
      return carrierView(found ?? bare(name));
    },
  });
}

function carrierOf({ carriers }: WholeStatus, wanted: string): WholeCarrier | undefined {
  return carriers.find(({ name }) => name === wanted);
}

/** One that is configured no more, and suspended no more. */
function bare(name: string): WholeCarrier {
  return { name, state: 'unknown', perSecond: 0, inFlight: 0, queue: { due: 0, more: false } };
}

function unknownCarrier(name: string, { carriers }: WholeStatus): ApiError {
  const known = carriers.map((carrier) => carrier.name).join(', ');
  return notFound(`carrier ${name}; there are: ${known === '' ? 'none' : known}`);
}
