// Sections and roads that `serve` would not start with.
import { sectionFaults } from '../bindings/section-faults.ts';
import type { Check } from '../doctor-base/finding.ts';

const name = 'bindings';

/** The check. */
export const bindingsCheck: Check = {
  name,
  async run({ config }) {
    if (config === undefined) return [];
    const { file, sections } = config;
    const faults = await sectionFaults(sections);
    return faults.map(({ path, what }) => ({
      check: name,
      severity: 'error',
      where: `${file}: ${path}`,
      what,
    }));
  },
};
