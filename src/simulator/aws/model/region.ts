import { plus, SECOND } from '../../../kernel/clocks';
import { type WorldOptions } from '../../simulator-options';
import { PrivateAddresses, type PublicAddresses } from './addresses';
import { AwsError } from '../aws-error';
import { type Change, Ec2Instance, type LaunchFacts, type Tags } from './ec2-instance';
import { type Image, imagesOf } from './images';
import { Network, type Placement } from './subnets';

/** What a caller of RunInstances chooses, checked and with defaults filled in. */
export interface LaunchRequest {
  readonly count: number;
  readonly image: Image;
  readonly type: string;
  readonly clientToken: string;
  /** the subnet or zone that the call names; null: it leaves the choice to EC2 */
  readonly named: string | null;
  readonly placement: Placement;
  readonly publicAddress: boolean;
  readonly keyName: string | null;
  readonly securityGroupIds: readonly string[];
  readonly httpTokens: string;
  readonly tags: Tags;
  readonly stopProtection: boolean;
  readonly terminationProtection: boolean;
  /** equal for two calls that ask for the same, whatever their token */
  readonly fingerprint: string;
}

interface Launch {
  readonly fingerprint: string;
  readonly instances: readonly Ec2Instance[];
}

/** One region of the account: its images, its instances, and what EC2 does to them. */
export class Region {
  readonly images: readonly Image[];
  readonly network: Network;
  /** in the order of their launch; also those that are no longer visible */
  readonly instances: Ec2Instance[] = [];
  private readonly byId = new Map<string, Ec2Instance>();
  private readonly launches = new Map<string, Launch>();
  private readonly privateAddresses: PrivateAddresses;

  constructor(
    readonly name: string,
    index: number,
    private readonly publicAddresses: PublicAddresses,
    private readonly options: WorldOptions,
  ) {
    this.images = imagesOf(name, options.accountId);
    this.network = new Network(name, index);
    this.privateAddresses = new PrivateAddresses(index);
  }

  get now(): Date {
    return this.options.clock.now();
  }

  /** The time whose state reads answer: EC2's reads lag behind its writes. */
  get readTime(): Date {
    return plus(this.now, -this.options.timings.readLagSeconds * SECOND);
  }

  /** An instance of any age and state. */
  find(id: string): Ec2Instance | undefined {
    return this.byId.get(id);
  }

  /**
   * Launches instances, or finds those that the same token launched.
   * @param bootFails code of the StateReason with which the boots end
   * @throws AwsError IdempotentParameterMismatch, IdempotentInstanceTerminated
   */
  run(request: LaunchRequest, bootFails: string | null = null): readonly Ec2Instance[] {
    // A token counts within the subnet or zone that the call names, else within the region.
    const key = `${request.clientToken}|${request.named ?? ''}`;
    const known = this.launches.get(key);
    if (known) return this.repeated(known, request);
    const reservationId = this.newId('r');
    const instances = Array.from({ length: request.count }, () => this.launch(request, reservationId));
    for (const instance of instances) {
      this.instances.push(instance);
      this.byId.set(instance.id, instance);
      if (bootFails !== null) instance.failBoot(bootFails, this.now);
    }
    this.launches.set(key, { fingerprint: request.fingerprint, instances });
    return instances;
  }

  /** Starts or stops all of them, or none and throws. */
  change(change: Exclude<Change, 'terminate'>, instances: readonly Ec2Instance[], force = false): void {
    for (const instance of instances) {
      const refusal = instance.refusal(change, this.now, force);
      if (refusal) throw refusal;
    }
    for (const instance of instances) instance.apply(change, this.now, () => this.publicAddresses.next());
  }

  /** Terminates; a protected instance keeps all those of its zone, other zones go ahead although the call fails. */
  terminate(instances: readonly Ec2Instance[]): void {
    const refusals = new Map<string, AwsError>();
    for (const instance of instances) {
      const refusal = instance.refusal('terminate', this.now);
      if (refusal) refusals.set(instance.launch.availabilityZone, refusal);
    }
    for (const instance of instances) {
      if (refusals.has(instance.launch.availabilityZone)) continue;
      instance.apply('terminate', this.now, () => this.publicAddresses.next());
    }
    for (const refusal of refusals.values()) throw refusal;
  }

  private repeated(launch: Launch, request: LaunchRequest): readonly Ec2Instance[] {
    if (launch.fingerprint !== request.fingerprint) {
      throw new AwsError(
        'IdempotentParameterMismatch',
        'The client token was used before with other parameters.',
      );
    }
    if (launch.instances.every((instance) => instance.facts.at(this.now)?.state === 'terminated')) {
      throw new AwsError(
        'IdempotentInstanceTerminated',
        'The instance that the client token launched has been terminated.',
      );
    }
    return launch.instances;
  }

  private launch(request: LaunchRequest, reservationId: string): Ec2Instance {
    const { image, type, clientToken, keyName, securityGroupIds, httpTokens } = request;
    const facts: LaunchFacts = {
      ...{ image, clientToken, keyName, securityGroupIds, httpTokens, reservationId },
      ...request.placement,
      id: this.newId('i'),
      volumeId: this.newId('vol'),
      ownerId: this.options.accountId,
      region: this.name,
      createdAt: this.now,
      privateIp: this.privateAddresses.next(),
    };
    const publicIp = request.publicAddress ? this.publicAddresses.next() : null;
    const instance = new Ec2Instance(facts, this.options.timings, this.now, publicIp, {
      tags: request.tags,
      type,
    });
    instance.protection.stop = request.stopProtection;
    instance.protection.termination = request.terminationProtection;
    return instance;
  }

  private newId(prefix: string): string {
    return `${prefix}-${this.options.ids.next().replaceAll('-', '').slice(-17)}`;
  }
}
