import { z } from 'zod';
import { answeredTime, pageOf } from '../../http';
import { type PolicyVersion } from '../domain/ports';
import { type ValueChange } from '../domain/value-changes';
import { shown, writtenValuesView } from './policy.view';

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** The id of any policy in the path. */
export const anyPolicyId = z
  .string()
  .regex(
    new RegExp(`^(fleet|(worker-)?${UUID})$`, 'i'),
    'not an id: `fleet`, a UUID, or `worker-<id of a worker>`',
  );

export const versionView = z
  .object({
    version: z.number().int(),
    at: answeredTime,
    by: z.string(),
    reason: z.string().nullable(),
    deleted: z.boolean(),
    changed: z.array(z.string()).describe('JSON pointers of what this change made another'),
    name: z.string().nullable(),
    values: writtenValuesView.nullable().describe('null: it was deleted'),
  })
  .meta({ id: 'IdlePolicyVersion' });

export const versionPage = pageOf(versionView, 'IdlePolicyVersionPage');
export type VersionPage = z.input<typeof versionPage>;

export const comparisonView = z
  .object({
    policyId: z.string(),
    version: z.number().int(),
    against: z.number().int(),
    changes: z.array(
      z.object({
        pointer: z.string(),
        before: z.unknown().optional().describe('Missing: it was not said'),
        after: z.unknown().optional().describe('Missing: it is not said any more'),
      }),
    ),
  })
  .meta({ id: 'IdlePolicyComparison' });

export type ComparisonView = z.input<typeof comparisonView>;

export function toVersionView({ version, details, changed, at, by, reason }: PolicyVersion) {
  return {
    ...{ version, at, by, reason, changed: [...changed] },
    deleted: details === null,
    name: details?.name ?? null,
    values: details && shown(details.values),
  };
}

export function toChangeView({ pointer, before, after }: ValueChange) {
  return {
    pointer,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}
