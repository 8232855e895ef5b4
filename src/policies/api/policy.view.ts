import { z } from 'zod';
import { answeredTime, pageOf } from '../../http';
import { type IdlePolicy } from '../../reaper';
import { type FleetPolicy } from '../application/get-fleet-policy.query';
import { type WorkerPolicy } from '../application/get-worker-policy.query';
import { fleetRulesOf, policyValues } from '../application/given-values';
import { type GivenValues } from '../domain/policy-details';
import { type WrittenPolicy } from '../domain/written-policy';
import { calendarView } from './calendar.schemas';

const budgetView = z
  .object({
    stops: z.number().int().nullable(),
    sharePercent: z.number().int().nullable(),
    windowMinutes: z.number().int(),
  })
  .meta({ id: 'StopBudgetView' });

const allValues = z
  .object({
    idleThresholdMinutes: z.number(),
    cpuIdleBelowPercent: z.number(),
    warningStagesMinutes: z.array(z.number()),
    noticeRequired: z.boolean(),
    notifyEmails: z.array(z.string()),
    confirmed: z.boolean(),
    maxUptimeMinutes: z.number().nullable(),
    activityBumpMinutes: z.number(),
    budget: budgetView.nullable(),
    calendar: calendarView,
    dryRun: z.boolean(),
    maxReadingAgeSeconds: z.number(),
    maxActivityAgeSeconds: z.number(),
    snoozeCapMinutes: z.number(),
    requiredSignals: z.array(z.string()),
  } satisfies Record<keyof IdlePolicy, z.ZodType>)
  .meta({ id: 'EffectiveIdlePolicy' });

export const writtenValuesView = allValues.omit({ cpuIdleBelowPercent: true }).partial().meta({
  id: 'WrittenIdlePolicy',
  description: 'What the policy itself says; all else comes from weaker ones',
});

const fleetRulesView = z
  .object({
    fleetBudget: budgetView.nullable(),
    regionBudget: budgetView.nullable(),
    breakerWindowMinutes: z.number().int(),
  })
  .meta({ id: 'FleetRules' });

const origins = z
  .record(z.string(), z.string())
  .describe(
    'Where each value comes from: `settings`, `fleet`, the id of a named policy, `worker-<its id>`, or `problem`',
  );

export const fleetPolicyView = z
  .object({
    version: z.number().int().describe('Counts its changes; the ETag; 0: nothing was ever written'),
    values: writtenValuesView,
    fleetRules: fleetRulesView.partial().meta({ id: 'WrittenFleetRules' }),
    effective: z.object({ values: allValues, fleetRules: fleetRulesView, origins }),
    updatedAt: answeredTime.nullable(),
  })
  .meta({ id: 'FleetPolicy' });

export const policyView = z
  .object({
    id: z.uuid(),
    version: z.number().int().describe('Counts its changes; the ETag'),
    name: z.string(),
    description: z.string(),
    selector: z
      .object({ tags: z.record(z.string(), z.string()), regions: z.array(z.string()) })
      .nullable()
      .describe('null: it holds only for workers that name it'),
    priority: z.number().int(),
    values: writtenValuesView,
    createdAt: answeredTime,
    createdBy: z.string(),
    updatedAt: answeredTime,
  })
  .meta({ id: 'IdlePolicy' });

export const policyPage = pageOf(policyView, 'IdlePolicyPage');

/** What a cursor of the list stands for. */
export const policyPlace = z.object({ name: z.string(), id: z.uuid() });

export const workerPolicyView = z
  .object({
    workerId: z.uuid(),
    version: z
      .number()
      .int()
      .describe("Counts the changes of the worker's own policy; the ETag; 0: it never had one"),
    own: writtenValuesView.nullable().describe('What its own policy says; null: it has none'),
    values: allValues,
    origins,
    layers: z
      .array(z.object({ id: z.string(), name: z.string(), version: z.number().int() }))
      .describe('The policies that hold for it, weakest first'),
    problems: z
      .array(z.string())
      .describe('Why its policies cannot be followed to the letter; while there are any, nothing is stopped'),
  })
  .meta({ id: 'WorkerIdlePolicy' });

export type PolicyView = z.input<typeof policyView>;
export type FleetPolicyView = z.input<typeof fleetPolicyView>;
export type WorkerPolicyView = z.input<typeof workerPolicyView>;
type ShownValues = z.input<typeof allValues>;

export function toView({ id, version, state }: WrittenPolicy): PolicyView {
  const { name, description, selector, priority, values, createdAt, createdBy, updatedAt } = state;
  return {
    ...{ id, version, name, description, priority, createdAt, createdBy, updatedAt },
    selector: selector && { tags: { ...selector.tags }, regions: [...selector.regions] },
    values: shown(values),
  };
}

export function toFleetView({ written, effective, rules }: FleetPolicy): FleetPolicyView {
  return {
    version: written?.version ?? 0,
    values: shown(written?.state.values ?? {}),
    fleetRules: fleetRulesOf(written?.state.fleetRules ?? {}),
    effective: {
      values: shownAll(effective.policy),
      fleetRules: rules,
      origins: { ...effective.origins },
    },
    updatedAt: written?.state.updatedAt ?? null,
  };
}

export function toWorkerView({ workerId, version, own, effective }: WorkerPolicy): WorkerPolicyView {
  const { policy, origins: from, layers, problems } = effective;
  return {
    ...{ workerId, version, own: own && shown(own) },
    values: shownAll(policy),
    origins: { ...from },
    layers: layers.map((layer) => ({ ...layer })),
    problems: [...problems],
  };
}

/** The schema copies it: lists that must not be changed are lists for it. */
function shownAll(policy: IdlePolicy): ShownValues {
  return policy as ShownValues;
}

export function shown(values: GivenValues): Partial<ShownValues> {
  return policyValues(values) as Partial<ShownValues>;
}
