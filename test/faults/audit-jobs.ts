// Jobs against the trees of the devices: what is reported as done was done, and not more often than it was asked for.
import type { Finding, Ledgers } from './ledgers.ts';

/** Status of an `add` whose node is there already. */
const alreadyExists = 418;

/** Jobs, and what messages left behind. */
export function auditJobs({ acknowledged, jobs, messages, trees }: Ledgers): Finding[] {
  const findings: Finding[] = [];
  for (const device of new Set(acknowledged.map((entry) => entry.device))) {
    if (trees.has(device)) continue;
    findings.push({ rule: 'silent-device', about: device, detail: 'it did not say what is in its tree' });
  }
  for (const { id, device, node, job: jobId, kind } of acknowledged) {
    const tree = trees.get(device);
    if (node === undefined || tree === undefined) continue;
    const isThere = tree.has(node);
    if (kind === 'message') {
      const { sends = 0, timeline = [] } = messages.get(id) ?? {};
      const tried = timeline.some(({ event }) => event === 'sending');
      if (isThere && !tried) {
        findings.push({ rule: 'done-unasked', about: id, detail: `${node} is there, after ${sends} sends` });
      }
      continue;
    }
    const job = jobs.get(jobId ?? '');
    if (job === undefined) continue;
    const add = job.commands.find(({ command }) => command === 'add');
    if (job.state === 'completed' && !isThere) {
      findings.push({ rule: 'not-done', about: job.id, detail: `it is completed, and ${node} is not there` });
    }
    if (isThere && (add?.sends ?? 0) === 0) {
      findings.push({
        rule: 'done-unasked',
        about: job.id,
        detail: `${node} is there, and add was never sent`,
      });
    }
    if (add?.status === alreadyExists && add.sends === 1) {
      findings.push({
        rule: 'done-twice',
        about: job.id,
        detail: `add of ${node} was sent once, and found it there`,
      });
    }
  }
  return findings;
}
