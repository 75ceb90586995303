// A campaign watched to its end: lines that change on a terminal, and one for each change elsewhere.
import type { ApiClient } from '../../client/index.ts';
import { ReveilleError, sleep, systemClock } from '../../core/index.ts';
import { AlreadyReported, type Io } from '../io/io.ts';
import { campaignLines, progressLine } from './campaign-lines.ts';
import { type Campaign, readCampaign } from './campaign-types.ts';

/** How it is watched. */
export interface WatchSettings {
  /** Pause between looks. */
  readonly pauseMs: number;
  readonly json: boolean;
}

/** States in which nothing more comes of one by itself. */
const ends: ReadonlySet<string> = new Set(['completed', 'cancelled', 'expired', 'stopped']);

/**
 * Shows it until it is over, or has stopped by itself. A server that does not answer for a while is asked again, and that is told once.
 * @throws {AlreadyReported} status 1 unless it was completed, and nothing of it failed or expired
 */
export async function watchCampaign(
  io: Io,
  api: ApiClient,
  id: string,
  { pauseMs, json }: WatchSettings,
): Promise<void> {
  const clock = systemClock();
  const screen = new Screen(io);
  let last = '';
  let away = false;
  for (;;) {
    try {
      const { campaign } = await readCampaign(api, id);
      away = false;
      const text = json ? JSON.stringify(campaign) : progressLine(campaign);
      if (io.columns !== undefined && !json) screen.show(campaignLines(campaign, clock.now()));
      else if (text !== last) io.stdout(`${text}\n`);
      last = text;
      if (ends.has(campaign.state) && (campaign.state === 'stopped' || campaign.endedAt !== undefined)) {
        if (isWell(campaign)) return;
        throw new AlreadyReported();
      }
    } catch (error) {
      if (!(error instanceof ReveilleError) || error.code !== 'UNREACHABLE' || last === '') throw error;
      if (io.stop.aborted) return;
      if (!away) io.stderr(`reveille: ${error.message}; asking again\n`);
      away = true;
      screen.leave();
    }
    await sleep(clock, pauseMs, io.stop);
    if (io.stop.aborted) return;
  }
}

function isWell({ state, progress }: Campaign): boolean {
  return state === 'completed' && progress.failed + progress.expired === 0;
}

/** Lines on a terminal that take the place of one another. */
class Screen {
  readonly #io: Io;
  #shown = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  show(lines: readonly string[]): void {
    const width = Math.max(1, (this.#io.columns ?? 80) - 1);
    const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
    // Each line is cut, so that it stays one, and the rest of the one before goes.
    const text = lines.map((line) => `\u001b[2K${line.slice(0, width)}\n`).join('');
    this.#io.stdout(`${up}\u001b[0J${text}`);
    this.#shown = lines.length;
  }

  /** Whatever was shown stays, for something else comes below it. */
  leave(): void {
    this.#shown = 0;
  }
}
