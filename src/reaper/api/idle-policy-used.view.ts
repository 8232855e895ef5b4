import { z } from 'zod';
import { IDLE_SIGNALS } from '../domain/signals/idle-signals';

const minutes = z.number().int();

const budget = z
  .object({
    stops: z.number().int().nullable(),
    sharePercent: z.number().nullable(),
    windowMinutes: minutes,
  })
  .meta({ id: 'StopBudgetUsed' });

/** The values that a worker was judged by; its calendar and whom it tells stand at the policy itself. */
export const policyUsed = z
  .object({
    idleThresholdMinutes: minutes,
    cpuIdleBelowPercent: z.number(),
    warningStagesMinutes: z.array(minutes),
    noticeRequired: z.boolean().describe('No stop without a notice that was delivered in time'),
    confirmed: z.boolean().describe('Two readings at least must find it idle'),
    maxUptimeMinutes: minutes.nullable(),
    activityBumpMinutes: minutes.describe('So long a use of the API keeps it at least'),
    budget: budget.nullable(),
    dryRun: z.boolean().describe('On trial: judged, but never announced nor stopped'),
    maxReadingAgeSeconds: z.number(),
    maxActivityAgeSeconds: z.number().describe('The same for what people did, which is read less often'),
    snoozeCapMinutes: minutes,
    requiredSignals: z.array(z.enum(IDLE_SIGNALS)),
  })
  .meta({ id: 'IdlePolicyUsed', description: 'The policy by which it was judged' });

export const policyLayer = z
  .object({
    id: z.string().describe('`settings`, `fleet`, the id of a named policy, or `worker`'),
    name: z.string(),
    version: z.number().int().describe('0 of the settings'),
  })
  .meta({ id: 'IdlePolicyLayer' });
