// Shapes of tokens and of the audit log.
import { Type } from 'typebox';
import { auditOutcomes, scopes } from '../../store/index.ts';
import { closed, next, PageQuery, text, time } from '../shapes/basic-shapes.ts';

const scopeList = Type.Array(Type.Enum([...scopes]), { description: 'What it may do (docs/access.md)' });

const accountList = Type.Array(Type.String(), {
  description: 'ServerIDs of the accounts that it may see; absent: all',
});

const about = {
  owner: text('Whose it is: a person or a program; without a slash', 64),
  name: text('What it is for; without a slash. Timelines show `owner/name`', 64),
  scopes: scopeList,
  accounts: Type.Optional(accountList),
  expiresAt: Type.Optional(time('From when on it opens nothing; absent: it does not expire')),
};

export const TokenBody = Type.Object(about, closed);

export const RotationOfTokenBody = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000,
        description: 'For how long the token before opens too; default 3600',
      }),
    ),
  },
  closed,
);

const shown = {
  id: Type.String(),
  ...about,
  createdAt: time('When it was made'),
  rotatedAt: Type.Optional(time('When it was made anew last')),
  previousUntil: Type.Optional(time('Until when the one before opens too')),
  lastUsedAt: Type.Optional(time('When it was used last, to the minute or so')),
  revokedAt: Type.Optional(time('When it was revoked')),
};

export const TokenShape = Type.Object(shown);
export const TokenPage = Type.Object({ items: Type.Array(TokenShape), next });
export const IssuedTokenShape = Type.Object({
  ...shown,
  token: Type.String({ description: 'The token: this once, and never again' }),
});

/** Who one is. */
export const WhoAmIShape = Type.Object({
  tokenId: Type.Optional(Type.String({ description: 'Absent for tokens that are not in the store' })),
  owner: Type.String(),
  actor: Type.String({ description: 'How timelines and the audit log name it' }),
  scopes: scopeList,
  accounts: Type.Optional(accountList),
});

const entry = {
  actor: Type.Optional(
    Type.String({
      description: 'Owner and name of the token, `operator` or `anonymous`; absent for strangers',
    }),
  ),
  tokenId: Type.Optional(Type.String()),
  action: Type.String({ description: 'Method and path, such as `PATCH /v1/devices/{id}`' }),
  kind: Type.Optional(Type.String({ description: 'What it was done to, such as `devices`' })),
  id: Type.Optional(Type.String({ description: 'Its id' })),
  account: Type.Optional(Type.String({ description: 'ServerID' })),
  outcome: Type.Enum([...auditOutcomes]),
};

export const AuditShape = Type.Object({
  sequence: Type.Integer(),
  at: time('When'),
  ...entry,
  source: Type.Optional(
    Type.String({ description: 'Address that it came from; of refused tries, its network' }),
  ),
  detail: Type.Optional(Type.String()),
});
export const AuditPage = Type.Object({ items: Type.Array(AuditShape), next });

export const AuditQuery = Type.Object(
  {
    ...PageQuery,
    actor: Type.Optional(Type.String({ description: 'Of this one: `owner/name` of a token, `operator`' })),
    tokenId: Type.Optional(Type.String({ description: 'Of the token with this id' })),
    action: Type.Optional(Type.String({ description: 'Such as `PATCH /v1/devices/{id}`' })),
    kind: Type.Optional(Type.String({ description: 'Done to such things: `devices`, `tokens`' })),
    id: Type.Optional(Type.String({ description: 'Done to what has this id' })),
    account: Type.Optional(Type.String({ description: 'Done to what is of this account: its ServerID' })),
    outcome: Type.Optional(Type.Enum([...auditOutcomes], { description: 'How it ended' })),
    since: Type.Optional(time('From then on')),
    until: Type.Optional(time('Before then')),
  },
  closed,
);
