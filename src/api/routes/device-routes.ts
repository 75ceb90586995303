// Routes of devices.
import { Type } from 'typebox';
import { askerOf, hasScope } from '../access/caller.ts';
import { givenFields } from '../access/given-fields.ts';
import { requireVisible } from '../access/visible.ts';
import { SelectionQuery } from '../bulk/bulk-shapes.ts';
import { selectionOf } from '../bulk/many-request.ts';
import type { ApiBackend, App } from '../host/app.ts';
import {
  ConditionHeaders,
  entityTag,
  expectedVersions,
  PutHeaders,
  versionsOf,
} from '../request/entity-tags.ts';
import { pageRequest } from '../request/page-request.ts';
import { notFound } from '../request/problem.ts';
import { PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView, warningsView } from '../shapes/basic-views.ts';
import {
  CountShape,
  DeviceBody,
  DeviceChangeBody,
  DevicePage,
  DeviceShape,
  PutDeviceBody,
} from '../shapes/device-shapes.ts';
import { deviceView, rotationView, writtenDeviceView } from '../shapes/device-views.ts';
import { RotationBody, RotationShape } from '../shapes/rotation-shapes.ts';

const tags = ['devices'];
const closed = { additionalProperties: false } as const;
const params = Type.Object({
  id: Type.String({ description: 'Id of the device, such as `IMEI:493005100592800`' }),
});

export function deviceRoutes(app: App, { devices, rotations }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/devices',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'createDevice',
      summary: 'Create a device with its addresses and credentials',
      body: DeviceBody,
      response: { 201: DeviceShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const device = await devices.create(request.body, askerOf(request));
      request.audited.account = device.serverId;
      return reply
        .code(201)
        .header('location', `/v1/devices/${encodeURIComponent(device.id)}`)
        .header('etag', entityTag(device))
        .send(writtenDeviceView(device));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/devices',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'listDevices',
      summary: 'List devices in order of id, all of them or those of a filter',
      querystring: Type.Object({ ...PageQuery, ...SelectionQuery }, closed),
      response: { 200: DevicePage, ...readRefusals },
    },
    handler: async ({ query, caller }) =>
      pageView(await devices.list({ ...pageRequest(query), ...selectionOf(query, caller) }), deviceView),
  });

  app.route({
    method: 'GET',
    url: '/v1/devices/count',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'countDevices',
      summary: 'Count devices, all of them or those of a filter',
      querystring: Type.Object(SelectionQuery, closed),
      response: { 200: CountShape, ...readRefusals },
    },
    handler: async ({ query, caller }) => ({ count: await devices.count(selectionOf(query, caller)) }),
  });

  app.route({
    method: 'GET',
    url: '/v1/devices/:id',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'getDevice',
      summary: 'Read a device; secrets are never shown',
      params,
      response: { 200: DeviceShape, ...readRefusals },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const device = requireVisible(request, await devices.get(id), `device ${id}`);
      return reply.header('etag', entityTag(device)).send(deviceView(device));
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/devices/:id',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'putDevice',
      summary: 'Create a device, or replace all that is set of it but whether it is suspended',
      params,
      headers: PutHeaders,
      body: PutDeviceBody,
      response: { 200: DeviceShape, 201: DeviceShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { params, headers, body } = request;
      const isNew = headers['if-none-match']?.trim() === '*';
      const expected = isNew ? [] : expectedVersions(headers['if-match']);
      const { device, created } = await devices.put(params.id, body, expected, askerOf(request));
      request.audited.account = device.serverId;
      request.audited.detail = givenFields(body);
      return reply
        .code(created ? 201 : 200)
        .header('etag', entityTag(device))
        .send(writtenDeviceView(device));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/devices/:id',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'updateDevice',
      summary: 'Change the fields that are given; credentials are replaced as a whole',
      params,
      headers: ConditionHeaders,
      body: DeviceChangeBody,
      response: { 200: DeviceShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      requireVisible(request, await devices.get(id), `device ${id}`);
      const device = await devices.update(id, request.body, versionsOf(request.headers['if-match']));
      if (device === undefined) throw notFound(`device ${id}`);
      request.audited.detail = givenFields(request.body);
      return reply.header('etag', entityTag(device)).send(writtenDeviceView(device));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/devices/:id',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'deleteDevice',
      summary: 'Remove a device and its history; refused while a notification of it is live',
      params,
      headers: ConditionHeaders,
      response: { 204: Type.Null(), ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      requireVisible(request, await devices.get(id), `device ${id}`);
      if (!(await devices.remove(id, versionsOf(request.headers['if-match']))))
        throw notFound(`device ${id}`);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/devices/:id/rotate-secret',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'rotateDeviceSecret',
      summary:
        'Replace a secret on the device, in the session that follows; both are taken until it is confirmed. A secret that the server makes is shown to callers with the scope secrets alone',
      params,
      headers: ConditionHeaders,
      body: RotationBody,
      response: { 202: RotationShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      requireVisible(request, await devices.get(id), `device ${id}`);
      const expected = versionsOf(request.headers['if-match']);
      const begun = await rotations.begin(id, request.body, { expected, by: askerOf(request) });
      if (begun === undefined) throw notFound(`device ${id}`);
      const { which, rotation, secret, notification, warnings } = begun;
      request.audited.detail = `${which} secret`;
      return reply
        .code(202)
        .header('cache-control', 'no-store')
        .send({
          ...rotationView(which, rotation),
          ...(secret !== undefined && hasScope(request.caller, 'secrets') && { secret }),
          ...(notification !== undefined && { notification: notification.id }),
          ...warningsView(warnings),
        });
    },
  });
}
