import { Timeline } from '../../timeline';
import { type InstanceState } from './instance-state';
import { type Tags } from './tags';

/** An instance, as far as its volumes ask. */
interface Holder {
  readonly id: string;
  stateAt(time: Date): InstanceState;
}

/** An EBS volume as a launch asks for it. */
export interface VolumeSpec {
  readonly deviceName: string;
  readonly sizeGiB: number;
  readonly type: string;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
}

export const ROOT_DEVICE = '/dev/sda1';
export const ROOT_VOLUME: VolumeSpec = {
  deviceName: ROOT_DEVICE,
  sizeGiB: 64,
  type: 'gp3',
  encrypted: false,
  deleteOnTermination: true,
};

/** A volume: of an instance, or left over. */
export class Volume {
  readonly tags = new Timeline<Tags>();
  private deletedAt: Date | null = null;

  /** @param instance null: attached to none */
  constructor(
    readonly id: string,
    readonly spec: VolumeSpec,
    readonly availabilityZone: string,
    readonly createdAt: Date,
    tags: Tags,
    readonly instance: Holder | null,
  ) {
    this.tags.set(createdAt, tags);
  }

  /** The instance that has it at a time. */
  holderAt(time: Date): Holder | null {
    return this.instance && this.instance.stateAt(time) !== 'terminated' ? this.instance : null;
  }

  /** null: not yet there, or deleted, by a call or with its instance */
  stateAt(time: Date): 'in-use' | 'available' | null {
    if (time < this.createdAt || (this.deletedAt && this.deletedAt <= time)) return null;
    if (this.holderAt(time)) return 'in-use';
    return this.instance && this.spec.deleteOnTermination ? null : 'available';
  }

  delete(now: Date): void {
    this.deletedAt = now;
  }
}
