// Shapes of what those who run a server change: carriers suspended, the level of the log.
import { Type } from 'typebox';
import { logLevels, longestLogLevelSeconds } from '../../core/index.ts';
import { longestReason } from '../../server/index.ts';
import { CarrierShape } from '../metrics/status-shapes.ts';
import { closed, text, time } from '../shapes/basic-shapes.ts';

/** Who suspends a carrier may say why. */
export const SuspendBody = Type.Object(
  { reason: Type.Optional(text('Why, for those who ask later', longestReason)) },
  closed,
);

/** All carriers: they are as many as are configured, and so on one page. */
export const CarrierPage = Type.Object({ at: time('When that was'), items: Type.Array(CarrierShape) });

const level = (description: string) => Type.Enum([...logLevels], { description });

/** Asks for another level. */
export const LogLevelBody = Type.Object(
  {
    level: level('What counts from now on'),
    seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: longestLogLevelSeconds,
        description:
          'After so many seconds what is configured counts again; absent: when the server starts anew',
      }),
    ),
  },
  closed,
);

/** How the level stands. */
export const LogLevelShape = Type.Object({
  level: level('What counts now'),
  configured: level('What flags, environment and configuration file say'),
  until: Type.Optional(time('When what is configured counts again; absent where nothing ends by itself')),
});
