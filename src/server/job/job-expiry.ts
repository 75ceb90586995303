// Ends jobs whose time is over.
import type { JobStore } from '../../store/index.ts';
import type { Work } from '../work/work-loop.ts';

/** Jobs whose time is over, as the work of a loop: each step fails some of them. */
export function jobExpiry(jobs: Pick<JobStore, 'nextJobExpiry' | 'expireJobs'>): Work {
  return {
    name: 'expiry of jobs',
    nextDueAt: () => jobs.nextJobExpiry(),
    start: async (limit) => ((await jobs.expireJobs(limit)) > 0 ? [] : 'nothing'),
  };
}
