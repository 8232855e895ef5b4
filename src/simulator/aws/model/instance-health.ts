import { Timeline } from '../../timeline';

/** Which of the two status checks fail. */
export interface Impairment {
  readonly system: boolean;
  readonly instance: boolean;
}

export type EventCode =
  'instance-reboot' | 'system-reboot' | 'system-maintenance' | 'instance-retirement' | 'instance-stop';

/** What AWS announces to do to an instance. */
export interface ScheduledEvent {
  readonly id: string;
  readonly code: EventCode;
  readonly description: string;
  readonly notBefore: Date;
  readonly notAfter: Date | null;
}

const SOUND: Impairment = { system: false, instance: false };

/** What DescribeInstanceStatus tells besides the state. */
export class InstanceHealth {
  private readonly impairments = new Timeline<Impairment>();
  private readonly events = new Timeline<readonly ScheduledEvent[]>();

  /** The impairment at a time, and since when. */
  impairmentAt(time: Date): Impairment & { readonly since: Date | null } {
    const step = this.impairments.stepAt(time);
    return { ...(step?.value ?? SOUND), since: step?.at ?? null };
  }

  impair(impairment: Impairment, at: Date): void {
    this.impairments.set(at, impairment);
  }

  /** A start finds another host. */
  restore(at: Date): void {
    if (this.impairments.at(at)) this.impairments.set(at, SOUND);
  }

  eventsAt(time: Date): readonly ScheduledEvent[] {
    return this.events.at(time) ?? [];
  }

  schedule(event: ScheduledEvent, at: Date): void {
    this.events.set(at, [...this.eventsAt(at), event]);
  }

  /** With a stop or a termination the instance leaves the host that they were about. */
  forgetEvents(at: Date): void {
    if (this.eventsAt(at).length > 0) this.events.set(at, []);
  }
}
