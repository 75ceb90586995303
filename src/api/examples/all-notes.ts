// Notes on all routes.
import { accountNotes } from './accounts.ts';
import { campaignNotes } from './campaigns.ts';
import { carrierNotes } from './carriers.ts';
import { deviceBulkNotes } from './device-bulk.ts';
import { deviceNotes } from './devices.ts';
import { jobNotes } from './jobs.ts';
import type { Notes } from './notes.ts';
import { notificationNotes } from './notifications.ts';
import { pushNotes } from './pushes.ts';
import { runningNotes } from './running.ts';
import { tokenNotes } from './tokens.ts';
import { webhookNotes } from './webhooks.ts';

/** Notes by operationId. */
export const allNotes: Notes = {
  ...accountNotes,
  ...deviceNotes,
  ...deviceBulkNotes,
  ...notificationNotes,
  ...pushNotes,
  ...jobNotes,
  ...campaignNotes,
  ...tokenNotes,
  ...webhookNotes,
  ...runningNotes,
  ...carrierNotes,
};
