// Which code is mutated: the rooms where a silent change would hurt whoever runs a fleet. Of the files named here every
// mutant is tried, of the rest of each room a seeded sample.

/** One room of `src/`. */
export interface MutationRoom {
  /** What `npm run mutate -- NAME` calls it. */
  readonly name: string;
  /** Patterns of its files. */
  readonly files: readonly string[];
  /** Files of which every mutant is tried. */
  readonly whole: readonly string[];
  /** Beginnings of the names of test files that are nearest to it: tried first, in this order. */
  readonly nearest: readonly string[];
}

/** The rooms, in the order in which they are reported. */
export const mutationRooms: readonly MutationRoom[] = [
  {
    name: 'server',
    files: ['src/server/**/*.ts'],
    whole: [
      'src/server/compose/composer.ts',
      'src/server/push/notification-life.ts',
      'src/server/engine/signing-nonce.ts',
      'src/server/engine/content.ts',
      'src/server/engine/plan.ts',
      'src/server/engine/settle.ts',
      'src/server/push/decide.ts',
      'src/server/push/routes.ts',
    ],
    nearest: ['test/server/', 'test/store/', 'test/e2e/every-field', 'test/api/'],
  },
  {
    name: 'store',
    files: ['src/store/**/*.ts'],
    whole: ['src/store/push/life-cycle.ts'],
    nearest: ['test/store/', 'test/server/', 'test/api/'],
  },
  {
    name: 'device',
    files: ['src/device/**/*.ts'],
    whole: [
      'src/device/notification/decide.ts',
      'src/device/notification/age.ts',
      'src/device/notification/authenticate.ts',
    ],
    nearest: ['test/device/', 'test/e2e/every-field'],
  },
  {
    name: 'session',
    files: ['src/session/**/*.ts'],
    whole: [],
    nearest: ['test/session/', 'test/server/', 'test/device/'],
  },
  {
    name: 'sessionless',
    files: ['src/sessionless/**/*.ts'],
    whole: ['src/sessionless/compose-message.ts'],
    nearest: [
      'test/sessionless/',
      'test/device/sessionless',
      'test/e2e/sessionless',
      'test/device/bootstrap',
    ],
  },
  {
    name: 'tree',
    files: ['src/tree/**/*.ts'],
    whole: ['src/tree/access/rights.ts', 'src/tree/node/acl.ts'],
    nearest: ['test/tree/', 'test/device/', 'test/session/'],
  },
  {
    name: 'api',
    files: ['src/api/**/*.ts'],
    whole: [
      'src/api/shapes/account-views.ts',
      'src/api/shapes/device-views.ts',
      'src/api/shapes/push-views.ts',
      'src/api/shapes/job-views.ts',
    ],
    // Nearly all that is said of shapes and routes stands in the description, which is made fast.
    nearest: ['test/api/openapi-document', 'test/api/', 'test/e2e/every-field'],
  },
  {
    name: 'cli',
    files: ['src/cli/**/*.ts'],
    whole: ['src/cli/device/terminal-user.ts', 'src/cli/device/terminal-lines.ts'],
    nearest: ['test/cli/device/terminal', 'test/cli/'],
  },
];
