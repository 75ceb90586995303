// Notices as the feed tells them: what happened to jobs, campaigns and links.
import { Type } from 'typebox';
import { jobStates } from '../../store/index.ts';

const sequence = Type.Integer({
  description: 'One count for jobs, campaigns and links, apart from that of pushes',
});
const at = Type.String({ format: 'date-time', description: 'When it happened' });
const actor = Type.Optional(Type.String({ description: 'Owner and name of the token that caused it' }));

/** What happened to a job. */
export const JobEventShape = Type.Object({
  sequence,
  job: Type.String(),
  device: Type.String(),
  at,
  event: Type.Enum(['created', 'started', 'completed', 'failed', 'cancelled']),
  state: Type.Enum([...jobStates]),
  notification: Type.Optional(Type.String({ description: 'The notification that wakes for it' })),
  commandCount: Type.Integer(),
  answeredCount: Type.Integer(),
  reason: Type.Optional(Type.String({ description: 'Why it failed or was cancelled' })),
  actor,
});

/** What happened to a campaign. */
export const CampaignEventShape = Type.Object({
  sequence,
  campaign: Type.String(),
  at,
  event: Type.String({ description: '`created`, or the state that it came to' }),
  name: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String({ description: 'Why it stopped, was paused or is over' })),
  actor,
});

/** What happened to the link of a carrier. */
export const LinkEventShape = Type.Object({
  sequence,
  carrier: Type.String(),
  at,
  event: Type.Enum(['up', 'down', 'suspended', 'resumed']),
  binding: Type.Optional(Type.String({ description: 'up, down' })),
  lastError: Type.Optional(Type.String({ description: 'down' })),
  reason: Type.Optional(Type.String({ description: 'suspended' })),
  actor,
});
