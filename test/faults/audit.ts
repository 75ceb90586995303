// The judgement of a run: what the API acknowledged, what carriers and devices saw, and what the store says, against each other.
import { auditFeed } from './audit-feed.ts';
import { auditJobs } from './audit-jobs.ts';
import { auditLives } from './audit-lives.ts';
import { auditSightings } from './audit-sightings.ts';
import { endStates, type Finding, type Ledgers } from './ledgers.ts';

/** All that must not be; empty when the run held. */
export function audit(ledgers: Ledgers): readonly Finding[] {
  return [
    ...auditAcknowledged(ledgers),
    ...auditLives(ledgers),
    ...auditFeed(ledgers),
    ...auditSightings(ledgers),
    ...auditJobs(ledgers),
  ];
}

/** Nothing acknowledged is lost, nothing is there that nobody asked for, and everything has come to an end. */
function auditAcknowledged({ acknowledged, notifications, messages, jobs }: Ledgers): Finding[] {
  const findings: Finding[] = [];
  const asked = new Set<string>();
  for (const { number, kind, id, sessionId, job, cancelled } of acknowledged) {
    if (asked.has(id)) findings.push({ rule: 'one-for-two', about: id, detail: `push ${number} got it too` });
    asked.add(id);
    const stored = (kind === 'message' ? messages : notifications).get(id);
    if (stored === undefined) {
      findings.push({ rule: 'lost', about: id, detail: `push ${number} was acknowledged and is not there` });
      continue;
    }
    if (stored.sessionId !== sessionId) {
      const detail = `acknowledged with Session-ID ${sessionId}, stored with ${stored.sessionId}`;
      findings.push({ rule: 'session-id-changed', about: id, detail });
    }
    if (job !== undefined && !jobs.has(job)) {
      findings.push({ rule: 'lost', about: job, detail: `the job of push ${number} is not there` });
    }
    if (cancelled === 'cancelled' && stored.state !== 'cancelled') {
      findings.push({
        rule: 'cancelled',
        about: id,
        detail: `its cancellation was acknowledged: ${stored.state}`,
      });
    }
  }
  const unfinished = (
    kind: keyof typeof endStates,
    all: Iterable<{ readonly id: string; readonly state: string }>,
  ) => {
    for (const { id, state } of all) {
      if (!endStates[kind].has(state)) {
        findings.push({ rule: 'unfinished', about: id, detail: `the ${kind} is still ${state}` });
      }
    }
  };
  unfinished('notification', notifications.values());
  unfinished('message', messages.values());
  unfinished('job', jobs.values());
  for (const id of [...notifications.keys(), ...messages.keys()]) {
    if (!asked.has(id)) findings.push({ rule: 'doubled', about: id, detail: 'nobody was told of it' });
  }
  return findings;
}
