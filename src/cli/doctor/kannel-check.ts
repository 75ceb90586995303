// Kannel's own configuration: what it has to hold so that messages go out as they are and reports come back.
import { ValueError } from '../../core/index.ts';
import { type KannelConfig, kannelConfigFindings } from '../../push/sms-kannel/index.ts';
import type { Check, Finding } from '../doctor-base/finding.ts';

const name = 'kannel';

/** The check. */
export const kannelCheck: Check = {
  name,
  run: ({ kannels }) => kannels.flatMap(findingsOf),
};

function findingsOf(kannel: KannelConfig): readonly Finding[] {
  const { file } = kannel;
  try {
    return kannelConfigFindings(kannel).map((found): Finding => {
      const { severity, group, setting = '', line, file: included = file, text: what } = found;
      const place = line === undefined ? '' : `:${line}`;
      const of = [group === '' ? '' : `group ${group}`, setting].filter((part) => part !== '').join(', ');
      return { check: name, severity, where: `${included}${place}: ${of}`, what };
    });
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return [{ check: name, severity: 'error', where: file, what: error.message }];
  }
}
