// Which pushes go over waps: (spec-notes ruling 26).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentTypes, parseAddress } from '../../../src/push/index.ts';
import { pushPolicyDefaults, schemeRefusal } from '../../../src/server/push/push-policy.ts';
import { nextRoute } from '../../../src/server/push/routes.ts';
import { bindingOf, bindings, fresh, one, to } from './route-samples.ts';

describe('ruling 26: waps:', () => {
  const waps = bindingOf('waps');
  const secure = 'waps:127.0.0.1';
  const over = (kind: keyof typeof contentTypes, secureNotifications = false) =>
    nextRoute(
      { bindings: { ...bindings, waps }, policy: { secureNotifications } },
      fresh,
      contentTypes[kind],
      [secure, one],
      0,
    );
  const taken = {
    route: { address: secure, to: parseAddress(secure), binding: waps, carrier: 'waps', turn: 0 },
    passed: [],
  };

  it('takes no notification, whoever it comes from, unless the configuration says so', () => {
    for (const kind of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
      const detail = schemeRefusal(pushPolicyDefaults, 'waps', contentTypes[kind]);
      assert.match(detail ?? '', /§7\.1/);
      const refusal = { address: secure, detail, binding: 'waps', code: 'INSECURE', final: true };
      assert.deepEqual(over(kind), { route: to(one, 1), passed: [refusal] }, kind);
      assert.deepEqual(over(kind, true), taken, kind);
    }
  });

  it('takes DM messages', () => {
    for (const kind of ['dm+wbxml', 'dm+xml', 'connectivity+wbxml'] as const) {
      assert.deepEqual(over(kind), taken, kind);
      assert.equal(schemeRefusal(pushPolicyDefaults, 'waps', contentTypes[kind]), undefined);
    }
  });
});
