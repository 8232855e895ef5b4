import { z } from 'zod';
import { givenTime } from '../../http';
import { givenValues } from '../../policies';

const MOST_WORKERS = 1_000;

export const simulationBody = z
  .strictObject({
    from: givenTime.describe('Within the last 90 days, which is as long as signals are kept'),
    to: givenTime.describe('Not in the future'),
    policy: givenValues
      .nullable()
      .default(null)
      .describe(
        'Values that take the place of those that hold for each worker now; null: the policies as they are, ' +
          'and what the reaper thought at the time is compared with it',
      ),
    workerIds: z.array(z.uuid()).min(1).max(MOST_WORKERS).optional().describe('These only; left out: all'),
    tag: z
      .string()
      .regex(/^[^:]+:.*$/, 'must be a pair like course:routing')
      .max(385)
      .optional()
      .describe('Workers with this tag only, `key:value`'),
  })
  .meta({
    id: 'PolicySimulationRequest',
    example: {
      from: '2027-01-01T00:00:00.000Z',
      to: '2027-01-31T00:00:00.000Z',
      policy: { idleThresholdMinutes: 30, warningStagesMinutes: [15, 5] },
      tag: 'course:routing',
    },
  });
