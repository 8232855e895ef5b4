import { type FaultRule } from './fault-rule';

/** An instance that a call names, or that a launch would make; null: not known. */
export interface FaultTarget {
  readonly id: string | null;
  readonly tags: ReadonlyMap<string, string>;
  readonly type: string | null;
  readonly subnetId: string | null;
  readonly availabilityZone: string | null;
}

/** Whether a rule looks at instances at all. */
export function hasTarget(rule: FaultRule): boolean {
  const { instanceIds, tag, instanceTypes, subnetIds, availabilityZones } = rule;
  return [instanceIds, tag, instanceTypes, subnetIds, availabilityZones].some((limit) => limit !== undefined);
}

/** Whether a rule means this instance; one without such limits means all. */
export function means(rule: FaultRule, target: FaultTarget): boolean {
  const { instanceIds, tag, instanceTypes, subnetIds, availabilityZones } = rule;
  return (
    within(instanceIds, target.id) &&
    (tag === undefined ||
      (target.tags.has(tag.key) && (tag.value === undefined || target.tags.get(tag.key) === tag.value))) &&
    within(instanceTypes, target.type) &&
    within(subnetIds, target.subnetId) &&
    within(availabilityZones, target.availabilityZone)
  );
}

function within(allowed: readonly string[] | undefined, value: string | null): boolean {
  return allowed === undefined || (value !== null && allowed.includes(value));
}
