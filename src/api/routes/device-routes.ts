// Routes of devices.
import { Type } from 'typebox';
import type { ApiBackend, App } from '../host/app.ts';
import { pageRequest } from '../request/page-request.ts';
import { notFound } from '../request/problem.ts';
import { PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView, warningsView } from '../shapes/basic-views.ts';
import { DeviceBody, DeviceChangeBody, DevicePage, DeviceShape } from '../shapes/device-shapes.ts';
import { deviceView, rotationView, writtenDeviceView } from '../shapes/device-views.ts';
import { RotationBody, RotationShape } from '../shapes/rotation-shapes.ts';

const tags = ['devices'];
const closed = { additionalProperties: false } as const;
const params = Type.Object({ id: Type.String() });

export function deviceRoutes(app: App, { devices, rotations }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/devices',
    schema: {
      tags,
      summary: 'Create a device with its addresses and credentials',
      body: DeviceBody,
      response: { 201: DeviceShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const device = await devices.create(request.body);
      return reply
        .code(201)
        .header('location', `/v1/devices/${encodeURIComponent(device.id)}`)
        .send(writtenDeviceView(device));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/devices',
    schema: {
      tags,
      summary: 'List devices in order of id',
      querystring: Type.Object({ ...PageQuery, serverId: Type.Optional(Type.String()) }, closed),
      response: { 200: DevicePage, ...readRefusals },
    },
    handler: async ({ query }) => {
      const narrowed = query.serverId === undefined ? {} : { serverId: query.serverId };
      return pageView(await devices.list({ ...pageRequest(query), ...narrowed }), deviceView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/devices/:id',
    schema: {
      tags,
      summary: 'Read a device; secrets are never shown',
      params,
      response: { 200: DeviceShape, ...readRefusals },
    },
    handler: async ({ params: { id } }) => {
      const device = await devices.get(id);
      if (device === undefined) throw notFound(`device ${id}`);
      return deviceView(device);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/devices/:id',
    schema: {
      tags,
      summary: 'Change the fields that are given; credentials are replaced as a whole',
      params,
      body: DeviceChangeBody,
      response: { 200: DeviceShape, ...writeRefusals },
    },
    handler: async ({ params: { id }, body }) => {
      const device = await devices.update(id, body);
      if (device === undefined) throw notFound(`device ${id}`);
      return writtenDeviceView(device);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/devices/:id',
    schema: {
      tags,
      summary: 'Remove a device and its history; refused while a notification of it is live',
      params,
      response: { 204: Type.Null(), ...writeRefusals },
    },
    handler: async ({ params: { id } }, reply) => {
      if (!(await devices.remove(id))) throw notFound(`device ${id}`);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/devices/:id/rotate-secret',
    schema: {
      tags,
      summary:
        'Replace a secret on the device, in the session that follows; both are taken until it is confirmed',
      params,
      body: RotationBody,
      response: { 202: RotationShape, ...writeRefusals },
    },
    handler: async ({ params: { id }, body }, reply) => {
      const begun = await rotations.begin(id, body);
      if (begun === undefined) throw notFound(`device ${id}`);
      const { which, rotation, secret, notification, warnings } = begun;
      return reply
        .code(202)
        .header('cache-control', 'no-store')
        .send({
          ...rotationView(which, rotation),
          ...(secret !== undefined && { secret }),
          ...(notification !== undefined && { notification: notification.id }),
          ...warningsView(warnings),
        });
    },
  });
}
