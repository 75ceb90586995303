// Routes of accounts.
import { Type } from 'typebox';
import type { ApiBackend, App } from '../host/app.ts';
import { pageRequest } from '../request/page-request.ts';
import { notFound } from '../request/problem.ts';
import { AccountBody, AccountChangeBody, AccountPage, AccountShape } from '../shapes/account-shapes.ts';
import { accountView } from '../shapes/account-views.ts';
import { PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView } from '../shapes/basic-views.ts';

const tags = ['accounts'];
const closed = { additionalProperties: false } as const;

export function accountRoutes(app: App, { accounts }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/accounts',
    schema: {
      tags,
      summary: 'Create an account: a server identity that devices know',
      body: AccountBody,
      response: { 201: AccountShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const account = await accounts.create(request.body);
      return reply
        .code(201)
        .header('location', `/v1/accounts/${encodeURIComponent(account.serverId)}`)
        .send(accountView(account));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/accounts',
    schema: {
      tags,
      summary: 'List accounts in order of ServerID',
      querystring: Type.Object(PageQuery, closed),
      response: { 200: AccountPage, ...readRefusals },
    },
    handler: async ({ query }) => pageView(await accounts.list(pageRequest(query)), accountView),
  });

  app.route({
    method: 'GET',
    url: '/v1/accounts/:serverId',
    schema: {
      tags,
      summary: 'Read an account',
      params: Type.Object({ serverId: Type.String() }),
      response: { 200: AccountShape, ...readRefusals },
    },
    handler: async ({ params }) => {
      const account = await accounts.get(params.serverId);
      if (account === undefined) throw notFound(`account ${params.serverId}`);
      return accountView(account);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/accounts/:serverId',
    schema: {
      tags,
      summary: 'Change the fields that are given',
      params: Type.Object({ serverId: Type.String() }),
      body: AccountChangeBody,
      response: { 200: AccountShape, ...writeRefusals },
    },
    handler: async ({ params, body }) => {
      const account = await accounts.update(params.serverId, body);
      if (account === undefined) throw notFound(`account ${params.serverId}`);
      return accountView(account);
    },
  });
}
