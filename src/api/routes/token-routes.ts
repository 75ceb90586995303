// Routes of tokens, of the audit log, and of who one is.
import { Type } from 'typebox';
import {
  AuditPage,
  AuditQuery,
  IssuedTokenShape,
  RotationOfTokenBody,
  TokenBody,
  TokenPage,
  TokenShape,
  WhoAmIShape,
} from '../access/token-shapes.ts';
import { auditFilter, auditView, issuedView, tokenView, whoAmIView } from '../access/token-views.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { pageRequest } from '../request/page-request.ts';
import { notFound } from '../request/problem.ts';
import { PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView } from '../shapes/basic-views.ts';

const closed = { additionalProperties: false } as const;
const params = Type.Object({
  id: Type.String({ description: 'Id of the token, which is not the token itself' }),
});
const tags = ['tokens'];
const admin = { scope: 'admin' } as const;

export function tokenRoutes(app: App, backend: ApiBackend): void {
  const { tokens, audit } = backend;
  app.route({
    method: 'POST',
    url: '/v1/tokens',
    config: admin,
    schema: {
      tags,
      operationId: 'createToken',
      summary: 'Make a token: the answer shows it, this once and never again',
      body: TokenBody,
      response: { 201: IssuedTokenShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const issued = await tokens.create(request.body);
      const { owner, name, scopes } = issued.record;
      request.audited.detail = `${owner}/${name}: ${scopes.join(' ')}`;
      return reply
        .code(201)
        .header('location', `/v1/tokens/${issued.record.id}`)
        .header('cache-control', 'no-store')
        .send(issuedView(issued));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/tokens',
    config: admin,
    schema: {
      tags,
      operationId: 'listTokens',
      summary: 'List tokens in order of creation, without what opens',
      querystring: Type.Object(PageQuery, closed),
      response: { 200: TokenPage, ...readRefusals },
    },
    handler: async ({ query }) => pageView(await tokens.list(pageRequest(query, 'token')), tokenView),
  });

  app.route({
    method: 'GET',
    url: '/v1/tokens/:id',
    config: admin,
    schema: {
      tags,
      operationId: 'getToken',
      summary: 'Read a token, without what opens',
      params,
      response: { 200: TokenShape, ...readRefusals },
    },
    handler: async ({ params: { id } }) => {
      const record = await tokens.get(id);
      if (record === undefined) throw notFound(`token ${id}`);
      return tokenView(record);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/tokens/:id',
    config: admin,
    schema: {
      tags,
      operationId: 'revokeToken',
      summary: 'Revoke a token: it opens nothing from now on, and stays in the list',
      params,
      response: { 200: TokenShape, ...writeRefusals },
    },
    handler: async ({ params: { id } }) => {
      const record = await tokens.revoke(id);
      if (record === undefined) throw notFound(`token ${id}`);
      return tokenView(record);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/tokens/:id/rotate',
    config: admin,
    schema: {
      tags,
      operationId: 'rotateToken',
      summary: 'Make a token anew under its id: the answer shows it once; the one before opens for a while',
      params,
      body: RotationOfTokenBody,
      response: { 200: IssuedTokenShape, ...writeRefusals },
    },
    handler: async ({ params: { id }, body }, reply) => {
      const issued = await tokens.rotate(id, body);
      if (issued === undefined) throw notFound(`token ${id} that is not revoked`);
      return reply.header('cache-control', 'no-store').send(issuedView(issued));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/audit',
    config: admin,
    schema: {
      tags: ['audit'],
      operationId: 'listAudit',
      summary: 'Who did what, latest first: writes, reads of secrets, exports, refused tries',
      querystring: AuditQuery,
      response: { 200: AuditPage, ...readRefusals },
    },
    handler: async ({ query }) =>
      pageView(await audit.list({ ...pageRequest(query, 'number'), ...auditFilter(query) }), auditView),
  });

  app.route({
    method: 'GET',
    url: '/v1/whoami',
    config: { scope: 'any' },
    schema: {
      tags,
      operationId: 'getCaller',
      summary: 'Whose token this is, and what it may do',
      response: { 200: WhoAmIShape, ...readRefusals },
    },
    handler: async ({ caller }, reply) => {
      void reply.header('cache-control', 'no-store');
      return whoAmIView(caller);
    },
  });
}
