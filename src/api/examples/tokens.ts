// Notes on the routes of tokens, of the audit log, and of who one is.
import { example, type Notes } from './notes.ts';
import { device, earlier, now, serverId, tokenId } from './samples.ts';

const asked = { owner: 'alice', name: 'console', scopes: ['read', 'push'], accounts: [serverId] };
const token = { id: tokenId, ...asked, createdAt: earlier };
/** Of the form that a token has; it opens nothing. */
const text = `rvl_${tokenId}_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMP`;
const issued = { ...token, token: text };

export const tokenNotes: Notes = {
  createToken: {
    codes: { 409: ['ALREADY_EXISTS'] },
    request: example('For a person, for one account', asked),
    answers: { 201: example('The token; it is shown this once', issued) },
    headers: { 201: ['Location'] },
  },
  listTokens: { answers: { 200: example('A page', { items: [{ ...token, lastUsedAt: now }] }) } },
  getToken: { answers: { 200: example('The token', { ...token, lastUsedAt: now }) } },
  revokeToken: { answers: { 200: example('It opens nothing any more', { ...token, revokedAt: now }) } },
  rotateToken: {
    request: example('The one before opens for ten minutes more', { overlapSeconds: 600 }),
    answers: {
      200: example('The new one; it is shown this once', {
        ...issued,
        rotatedAt: now,
        previousUntil: '2026-12-01T09:40:00.000Z',
      }),
    },
  },
  listAudit: {
    answers: {
      200: example('A change of a device', {
        items: [
          {
            sequence: 4711,
            at: now,
            actor: 'alice/console',
            tokenId,
            action: 'PATCH /v1/devices/{id}',
            kind: 'devices',
            id: device,
            account: serverId,
            outcome: 'done',
            source: '192.0.2.20',
          },
        ],
        next: '4711',
      }),
    },
  },
  getCaller: {
    answers: {
      200: example('A token of a person', {
        tokenId,
        owner: 'alice',
        actor: 'alice/console',
        scopes: ['read', 'push'],
        accounts: [serverId],
      }),
    },
  },
};
