// All roles together: what a back end provides and the composition root opens.

import type { AuditStore } from './access/audit.ts';
import type { TokenStore } from './access/token.ts';
import type { CampaignStore } from './campaign/campaign-store.ts';
import type { ClockMoves } from './clock-moves.ts';
import type { JobStore } from './job/job-store.ts';
import type { NoticeStore } from './notice/notice.ts';
import type { WebhookStore } from './notice/webhook.ts';
import type { AwaitedReports } from './push/awaited-report.ts';
import type { EventStore } from './push/event.ts';
import type { HeldPushes } from './push/held.ts';
import type { PushQueue, PushReader } from './push/queue.ts';
import type { PushResults } from './push/results.ts';
import type { Retention } from './push/retention.ts';
import type { SessionJournal } from './push/session-journal.ts';
import type { AccountStore } from './record/account.ts';
import type { CarrierSuspensions } from './record/carrier-suspension.ts';
import type { DeviceStore } from './record/device.ts';
import type { DeviceSets } from './record/device-sets.ts';
import type { RotationStore } from './rotation-store.ts';
import type { StoreHealth } from './store-trouble.ts';

/** A store. Those who use it ask for the role that they need. */
export interface Store
  extends AccountStore,
    DeviceStore,
    DeviceSets,
    RotationStore,
    PushQueue,
    PushReader,
    PushResults,
    HeldPushes,
    CarrierSuspensions,
    EventStore,
    AwaitedReports,
    SessionJournal,
    JobStore,
    CampaignStore,
    Retention,
    NoticeStore,
    WebhookStore,
    TokenStore,
    AuditStore,
    ClockMoves,
    StoreHealth {
  /** Writes what is under way, then lets go of the storage. Every call after it fails with StoreError CLOSED. */
  close(): Promise<void>;
}
