// Routes of accounts.
import { Type } from 'typebox';
import { givenFields } from '../access/given-fields.ts';
import { requireVisible, visiblePage } from '../access/visible.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ConditionHeaders, entityTag, versionsOf } from '../request/entity-tags.ts';
import { pageRequest } from '../request/page-request.ts';
import { notFound } from '../request/problem.ts';
import { AccountBody, AccountChangeBody, AccountPage, AccountShape } from '../shapes/account-shapes.ts';
import { accountView } from '../shapes/account-views.ts';
import { PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView } from '../shapes/basic-views.ts';

const tags = ['accounts'];
const closed = { additionalProperties: false } as const;
const params = Type.Object({ serverId: Type.String({ description: 'ServerID of the account' }) });

export function accountRoutes(app: App, { accounts }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/accounts',
    config: { scope: 'manage', allAccounts: true },
    schema: {
      tags,
      operationId: 'createAccount',
      summary: 'Create an account: a server identity that devices know',
      body: AccountBody,
      response: { 201: AccountShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const account = await accounts.create(request.body);
      request.audited.account = account.serverId;
      return reply
        .code(201)
        .header('location', `/v1/accounts/${encodeURIComponent(account.serverId)}`)
        .header('etag', entityTag(account))
        .send(accountView(account));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/accounts',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'listAccounts',
      summary: 'List accounts in order of ServerID',
      querystring: Type.Object(PageQuery, closed),
      response: { 200: AccountPage, ...readRefusals },
    },
    handler: async ({ query, caller }) => {
      const page = await visiblePage(caller, pageRequest(query), (part) => accounts.list(part));
      return pageView(page, accountView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/accounts/:serverId',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'getAccount',
      summary: 'Read an account',
      params,
      response: { 200: AccountShape, ...readRefusals },
    },
    handler: async (request, reply) => {
      const { serverId } = request.params;
      const account = requireVisible(request, await accounts.get(serverId), `account ${serverId}`);
      return reply.header('etag', entityTag(account)).send(accountView(account));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/accounts/:serverId',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'updateAccount',
      summary: 'Change the fields that are given',
      params,
      headers: ConditionHeaders,
      body: AccountChangeBody,
      response: { 200: AccountShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { serverId } = request.params;
      requireVisible(request, { serverId }, `account ${serverId}`);
      const expected = versionsOf(request.headers['if-match']);
      const account = await accounts.update(serverId, request.body, expected);
      if (account === undefined) throw notFound(`account ${serverId}`);
      request.audited.detail = givenFields(request.body);
      return reply.header('etag', entityTag(account)).send(accountView(account));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/accounts/:serverId',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'deleteAccount',
      summary: 'Remove an account; refused while it has devices',
      params,
      headers: ConditionHeaders,
      response: { 204: Type.Null(), ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { serverId } = request.params;
      requireVisible(request, { serverId }, `account ${serverId}`);
      if (!(await accounts.remove(serverId, versionsOf(request.headers['if-match'])))) {
        throw notFound(`account ${serverId}`);
      }
      return reply.code(204).send(null);
    },
  });
}
