import { plus, SECOND } from '../../../kernel/clocks';
import { type FaultTarget } from '../../faults/fault-target';
import { type Strike } from '../../faults/strike';
import { AwsError } from '../aws-error';
import { type Ec2Instance, type InstanceFacts } from './ec2-instance';
import { type Region } from './region';

/** What one call gets to see of a region: its reads lag, and more so, or wrongly, where a fault strikes the call. */
export class Reading {
  private readonly now: Date;
  private readonly readTime: Date;

  constructor(
    private readonly region: Region,
    private readonly strike: Strike,
  ) {
    this.now = region.now;
    this.readTime = region.readTime;
  }

  /** The time whose state the call shows of an instance. */
  timeOf(instance: Ec2Instance): Date {
    const { readTime, strike } = this;
    if (strike.isNothing) return readTime;
    return plus(readTime, -strike.lagSeconds(targetOf(instance, readTime)) * SECOND);
  }

  /** The facts that the call shows; null where it does not know the instance, not yet or no more. */
  seen(instance: Ec2Instance): InstanceFacts | null {
    return this.isHidden(instance) ? null : instance.seenAt(this.timeOf(instance));
  }

  /**
   * Instances by their ids, as reads see them, which do not know the newest.
   * @throws AwsError InvalidInstanceID.Malformed or .NotFound, naming every unknown id
   */
  readable(ids: readonly string[]): Ec2Instance[] {
    return this.byIds(ids, (instance) => this.seen(instance) !== null);
  }

  /** Instances that exist now, for calls that change them. @throws AwsError as `readable` does */
  existing(ids: readonly string[]): Ec2Instance[] {
    return this.byIds(ids, (instance) => instance.seenAt(this.now) !== null && !this.isHidden(instance));
  }

  /** A page of instances as it comes in a listing. */
  listing(instances: readonly Ec2Instance[]): readonly Ec2Instance[] {
    return this.strike.arrange(instances, (instance) => targetOf(instance, this.readTime));
  }

  /** The same of things that are no instances. */
  listingOf<T>(
    things: readonly T[],
    idOf: (thing: T) => string,
    tagsOf: (thing: T) => ReadonlyMap<string, string>,
  ): readonly T[] {
    return this.strike.arrange(things, (thing) => ({
      ...{ id: idOf(thing), tags: tagsOf(thing), type: null, subnetId: null, availabilityZone: null },
    }));
  }

  private isHidden(instance: Ec2Instance): boolean {
    if (this.strike.isNothing) return false;
    const hidden = this.strike.hiddenSeconds(targetOf(instance, this.now));
    return hidden > 0 && plus(instance.launch.createdAt, hidden * SECOND) > this.now;
  }

  private byIds(ids: readonly string[], isKnown: (instance: Ec2Instance) => boolean): Ec2Instance[] {
    const malformed = ids.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
    if (malformed) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
    const found = new Set<Ec2Instance>();
    const missing = new Set<string>();
    for (const id of ids) {
      const instance = this.region.find(id);
      if (instance && isKnown(instance)) found.add(instance);
      else missing.add(id);
    }
    if (missing.size > 0) throw notFound([...missing]);
    return [...found];
  }
}

/** An instance as the fault rules look at it. */
export function targetOf(instance: Ec2Instance, time: Date): FaultTarget {
  const { id, subnetId, availabilityZone } = instance.launch;
  const tags = instance.tags.at(time) ?? new Map<string, string>();
  return { id, tags, type: instance.type.at(time), subnetId, availabilityZone };
}

function notFound(ids: readonly string[]): AwsError {
  const [subject, verb] = ids.length === 1 ? ['The instance ID', 'does'] : ['The instance IDs', 'do'];
  return new AwsError('InvalidInstanceID.NotFound', `${subject} '${ids.join(', ')}' ${verb} not exist`);
}
