import { plus, SECOND } from '../../kernel/clocks';
import { AwsError } from './aws-error';
import { type Ec2Instance } from './model/ec2-instance';
import { type EventCode } from './model/instance-health';
import { type Region } from './model/region';
import { withoutTags, withTags } from './model/tags';

/** AWS' notice before it takes Spot capacity back. */
const SPOT_NOTICE = 120 * SECOND;

const DESCRIPTIONS: Readonly<Record<EventCode, string>> = {
  'instance-reboot': 'The instance is scheduled for a reboot',
  'system-reboot': 'The host of the instance is scheduled for a reboot',
  'system-maintenance': 'The host of the instance is scheduled for maintenance',
  'instance-retirement': 'The instance is running on degraded hardware',
  'instance-stop': 'The instance is running on degraded hardware',
};

/** An event that AWS announces. */
export interface Announcement {
  readonly code: EventCode;
  readonly notBefore: Date;
  readonly notAfter?: Date;
  readonly description?: string;
}

/** Where the instances are. */
export interface Territory {
  readonly options: { readonly ids: { next(): string } };
  regionOf(instanceId: string): Region;
}

/**
 * What people do to instances in AWS' console, and what AWS does by itself: no call of the API, so no fault, no right
 * and no lag of reads stands between.
 * @throws AwsError where EC2 would refuse; Error for an unknown instance
 */
export class AwsConsole {
  /** @param at the time as of which all is done; null: the time when it is */
  constructor(
    private readonly world: Territory,
    private readonly at: Date | null = null,
  ) {}

  start(id: string): void {
    const { region, instance, now } = this.find(id);
    region.change('start', [instance], false, now);
  }

  stop(id: string, { force = false }: { readonly force?: boolean } = {}): void {
    const { region, instance, now } = this.find(id);
    region.change('stop', [instance], force, now);
  }

  terminate(id: string): void {
    const { region, instance, now } = this.find(id);
    region.terminate([instance], now);
  }

  /** Somebody types `poweroff` on the machine: it stops, or is terminated if it was launched so; no protection helps. */
  shutDown(id: string): void {
    const { instance, now } = this.find(id);
    this.mustRun(instance, now);
    instance.goAway(instance.launch.onShutdown, now, 'Client.InstanceInitiatedShutdown');
  }

  reboot(id: string): void {
    const { instance, now } = this.find(id);
    this.mustRun(instance, now);
    instance.reboot(now);
  }

  changeType(id: string, type: string): void {
    const { instance, now } = this.find(id);
    instance.changeType(type, now);
  }

  setTags(id: string, tags: Readonly<Record<string, string>>): void {
    const { instance, now } = this.find(id);
    const added = new Map(Object.entries(tags));
    instance.tags.set(now, withTags(instance.tags.at(now), added));
  }

  /** @param keys none: all of them go */
  removeTags(id: string, keys: readonly string[] = []): void {
    const { instance, now } = this.find(id);
    const removed = keys.map((key): [string, null] => [key, null]);
    instance.tags.set(now, withoutTags(instance.tags.at(now), removed));
  }

  protect(
    id: string,
    { stop, termination }: { readonly stop?: boolean; readonly termination?: boolean },
  ): void {
    const { protection } = this.find(id).instance;
    protection.stop = stop ?? protection.stop;
    protection.termination = termination ?? protection.termination;
  }

  /**
   * AWS announces what it will do, and does it when the time comes, unless the instance has left its host by then: a
   * retirement stops it, a reboot interrupts what runs; maintenance is only shown.
   * @returns the id of the event
   */
  scheduleEvent(id: string, { code, notBefore, notAfter, description }: Announcement): string {
    const { instance, now } = this.find(id);
    const eventId = `instance-event-${this.world.options.ids.next().replaceAll('-', '').slice(-17)}`;
    const text = description ?? DESCRIPTIONS[code];
    const event = { id: eventId, code, description: text, notBefore, notAfter: notAfter ?? null };
    instance.health.schedule(event, now);
    if (code === 'instance-retirement' || code === 'instance-stop') {
      instance.goAway('stop', notBefore, 'Server.ScheduledStop');
    } else if (code !== 'system-maintenance') {
      instance.reboot(notBefore);
    }
    return eventId;
  }

  /** Lets status checks fail from now on, until `repair` or the next start. */
  impair(
    id: string,
    { system = false, instance: own = true }: { system?: boolean; instance?: boolean } = {},
  ): void {
    const { instance, now } = this.find(id);
    instance.health.impair({ system, instance: own }, now);
  }

  repair(id: string): void {
    const { instance, now } = this.find(id);
    instance.health.restore(now);
  }

  /** AWS takes its capacity back: marked now, gone in two minutes of fleet time, as the request asked. */
  interruptSpot(id: string): void {
    const { instance, now } = this.find(id);
    if (!instance.spot) throw notSpot(id);
    this.mustRun(instance, now);
    const { onInterruption } = instance.spot.terms;
    const reason = onInterruption === 'stop' ? 'SpotInstanceShutdown' : 'SpotInstanceTermination';
    instance.spot.mark(now);
    instance.goAway(onInterruption, plus(now, SPOT_NOTICE), `Server.${reason}`);
  }

  /** AWS has capacity again for an instance that it stopped. */
  resumeSpot(id: string): void {
    const { region, instance, now } = this.find(id);
    if (!instance.spot) throw notSpot(id);
    region.restart(instance, now);
  }

  /** The stop that is under way, or else the next one, never ends: until it is forced, or the instance terminated. */
  hangStopping(id: string): void {
    const { instance, now } = this.find(id);
    instance.hangStopping(now);
  }

  /** The boot that is under way ends in five seconds. @param reason code of the StateReason */
  failBoot(id: string, reason: string): void {
    const { instance, now } = this.find(id);
    if (instance.stateAt(now) !== 'pending') {
      throw new AwsError('IncorrectInstanceState', `The instance '${id}' is not booting.`);
    }
    instance.failBoot(reason, now);
  }

  private find(id: string): { readonly region: Region; readonly instance: Ec2Instance; readonly now: Date } {
    const region = this.world.regionOf(id);
    const instance = region.find(id);
    if (!instance) throw new Error(`the world has no instance ${id}`);
    return { region, instance, now: this.at ?? region.now };
  }

  private mustRun(instance: Ec2Instance, now: Date): void {
    if (instance.stateAt(now) === 'running') return;
    throw new AwsError('IncorrectInstanceState', `The instance '${instance.id}' is not running.`);
  }
}

function notSpot(id: string): AwsError {
  return new AwsError('UnsupportedOperation', `The instance '${id}' is not a Spot Instance.`);
}
