// Which campaigns let attempts of their pushes begin: known in memory, for the engine asks it for each push of one.
import type { CampaignPlan, CampaignRecord, CampaignState } from '../../store/index.ts';
import { windowAt } from '../campaign-rules/window.ts';
import type { Gate, PushGates } from '../push/push-gates.ts';

/** Whether a campaign may begin something, with until when that holds; times in milliseconds since the POSIX epoch. */
export type CampaignGate =
  | { readonly open: true; readonly until: number }
  | {
      readonly open: false;
      readonly opensAt?: number;
      readonly over?: 'cancelled' | 'expired';
      readonly why: string;
    };

/** What of a campaign decides it. */
export type Gated = Pick<CampaignRecord, 'id' | 'state'> & {
  readonly plan: Pick<CampaignPlan, 'windows' | 'timeZone' | 'expiresAt'>;
};

/** What was found out, and for which moments it holds. */
interface Known {
  readonly from: number;
  readonly to: number;
  readonly gate: CampaignGate;
}

interface Entry {
  readonly campaign: Gated;
  known?: Known;
}

const opened: Gate = { open: true };

/** Why nothing begins, in states in which nothing does. */
const closedBy: Readonly<Partial<Record<CampaignState, string>>> = {
  'awaiting-approval': 'its campaign waits for approval',
  scheduled: 'its campaign has not started',
  paused: 'its campaign is paused',
  stopped: 'its campaign was stopped',
};

/** Gates of all campaigns that are not over, and of those that are being ended. */
export class CampaignGates implements PushGates {
  readonly #entries = new Map<string, Entry>();

  /** A campaign is, from now on, as this says. */
  put({ id, state, plan }: Gated): void {
    this.#entries.set(id, { campaign: { id, state, plan } });
  }

  /** A campaign is over, and nothing of it is under way. */
  drop(id: string): void {
    this.#entries.delete(id);
  }

  /** How it stands for one campaign; `undefined` for one that is not known. */
  gateOf(id: string, now: number): CampaignGate | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const { known } = entry;
    // The clock may have been set back.
    if (known !== undefined && known.from <= now && now < known.to) return known.gate;
    const gate = gateOf(entry.campaign, now);
    const to = gate.open ? gate.until : closedUntil(entry.campaign, gate);
    entry.known = { from: now, to, gate };
    return gate;
  }

  of(campaigns: readonly string[], now: number): Gate {
    let closed: Extract<CampaignGate, { readonly open: false }> | undefined;
    let last: typeof closed;
    for (const id of campaigns) {
      const gate = this.gateOf(id, now);
      if (gate === undefined) continue;
      if (gate.open) return opened;
      if (gate.over !== undefined) {
        last = gate;
      } else if (closed === undefined || (gate.opensAt ?? Infinity) < (closed.opensAt ?? Infinity)) {
        closed = gate;
      }
    }
    // Campaigns that are over have no say while another one has; and of those that are not known nothing is left to be kept back.
    return closed ?? last ?? opened;
  }

  /** Campaigns that let attempts begin now. */
  openNow(now: number): readonly string[] {
    return [...this.#entries.keys()].filter((id) => this.gateOf(id, now)?.open === true);
  }
}

function gateOf({ state, plan }: Gated, now: number): CampaignGate {
  const { windows, timeZone, expiresAt } = plan;
  if (state === 'cancelled') return { open: false, over: 'cancelled', why: 'its campaign was cancelled' };
  if (state === 'expired' || now >= expiresAt)
    return { open: false, over: 'expired', why: 'the time of its campaign was over' };
  const closed = closedBy[state];
  if (closed !== undefined) return { open: false, why: closed };
  if (windows === undefined || timeZone === undefined) return { open: true, until: expiresAt };
  const window = windowAt(windows, timeZone, now);
  if (window.open) return { open: true, until: Math.min(window.until, expiresAt) };
  return { open: false, opensAt: window.opensAt, why: 'it waits for the next window of its campaign' };
}

/** How long a closed gate stays as it is: at the end of its time a campaign is over, whatever it waited for. */
function closedUntil(
  { plan }: Gated,
  { opensAt = Infinity, over }: Extract<CampaignGate, { readonly open: false }>,
): number {
  return over !== undefined ? opensAt : Math.min(opensAt, plan.expiresAt);
}
