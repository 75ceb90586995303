// The inspector's page in Debian's Chromium, held to axe-core in each of its states.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { examples } from '../../web/inspector/state/examples.ts';
import {
  checkDigest,
  explain,
  type Inspector,
  requireAccessible,
  requireGoodConduct,
  startInspector,
} from './inspector-browser.ts';

const appendixC = examples[0]?.text ?? '';
const phone = { viewport: { width: 390, height: 800 }, hasTouch: true } as const;

describe('access for all to the inspector', () => {
  let inspector: Inspector;
  before(async () => {
    inspector = await startInspector();
  });
  after(() => inspector.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`axe-core finds nothing serious in any state, ${colorScheme}`, async () => {
      const watched = await inspector.open({ colorScheme });
      const { page } = watched;
      await requireAccessible(page, 'empty');
      // A deviation; an error with its place; octets put together, in tabs.
      for (const { name, text } of examples.filter((each) => /port|Missing|cut/.test(each.name))) {
        await explain(page, text);
        await requireAccessible(page, name);
      }
      await explain(page, appendixC);
      await checkDigest(page, 'secret');
      await page.getByLabel('Device family').selectOption('aosp');
      await page.locator('.refusals').waitFor();
      await requireAccessible(page, 'checked');
      await explain(page, `${appendixC}\n${examples[4]?.text}\nzz\n`);
      await requireAccessible(page, 'list');
      await page.getByLabel('Filter by text or number').fill('nothing has this');
      await page.getByText('No message matches.').waitFor();
      await requireAccessible(page, 'empty list');
      await explain(page, 'neither hex nor anything else');
      await requireAccessible(page, 'error');
      const small = await inspector.open({ ...phone, colorScheme });
      await explain(small.page, appendixC);
      await requireAccessible(small.page, 'phone');
      const overflow = await small.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(overflow) <= 0, 'nothing is wider than a phone');
      requireGoodConduct(watched);
      requireGoodConduct(small);
    });
  }
});
