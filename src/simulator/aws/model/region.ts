import { plus, SECOND } from '../../../kernel/clocks';
import { type WorldOptions } from '../../simulator-options';
import { AwsError } from '../aws-error';
import { type AddressBook, PrivateAddresses, type PublicAddresses } from './addresses';
import { Ec2Instance } from './ec2-instance';
import { ElasticAddress } from './elastic-address';
import { type Image, imagesOf } from './images';
import { type Change } from './instance-state';
import { type LaunchRequest } from './launch-request';
import { SpotRequest } from './spot-request';
import { Network } from './subnets';
import { type Tags } from './tags';
import { ROOT_VOLUME, Volume } from './volumes';

/** How soon Spot capacity is found again. */
const REPLACED_AFTER_MS = 30 * SECOND;

interface Launch {
  readonly fingerprint: string;
  readonly instances: readonly Ec2Instance[];
}

/** One region, of one account: its images, its instances, and what EC2 does to them. */
export class Region {
  readonly images: readonly Image[];
  readonly network: Network;
  /** in the order of their launch; also those that are no longer visible */
  readonly instances: Ec2Instance[] = [];
  readonly volumes = new Map<string, Volume>();
  readonly addresses = new Map<string, ElasticAddress>();
  readonly spotRequests = new Map<string, SpotRequest>();
  private readonly byId = new Map<string, Ec2Instance>();
  private readonly launches = new Map<string, Launch>();
  /** by instance: what a persistent Spot request asks for again */
  private readonly asked = new Map<string, LaunchRequest>();
  private readonly privateAddresses: PrivateAddresses;

  /** @param ownerId the account whose region this is, as far as this world goes */
  constructor(
    readonly name: string,
    index: number,
    readonly ownerId: string,
    private readonly publicAddresses: PublicAddresses,
    private readonly book: AddressBook<Ec2Instance>,
    private readonly options: WorldOptions,
  ) {
    this.images = imagesOf(name, ownerId);
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
    const instances = this.launchAt(request, this.now);
    this.launches.set(key, { fingerprint: request.fingerprint, instances });
    if (bootFails !== null) for (const instance of instances) instance.failBoot(bootFails, this.now);
    return instances;
  }

  /** Launches as if it had been asked to at a time, by nobody who could ask again. */
  launchAt(request: LaunchRequest, at: Date): readonly Ec2Instance[] {
    const reservationId = this.newId('r');
    return Array.from({ length: request.count }, () => this.launch(request, reservationId, at));
  }

  /** Starts or stops all of them, or none and throws. */
  change(
    change: Exclude<Change, 'terminate'>,
    instances: readonly Ec2Instance[],
    force = false,
    at = this.now,
  ): void {
    for (const instance of instances) {
      const refusal = instance.refusal(change, at, force);
      if (refusal) throw refusal;
    }
    for (const instance of instances) this.apply(change, instance, at, force);
  }

  /** Terminates; a protected instance keeps all those of its zone, other zones go ahead although the call fails. */
  terminate(instances: readonly Ec2Instance[], at = this.now): void {
    const refusals = new Map<string, AwsError>();
    for (const instance of instances) {
      const refusal = instance.refusal('terminate', at);
      if (refusal) refusals.set(instance.launch.availabilityZone, refusal);
    }
    for (const instance of instances) {
      if (!refusals.has(instance.launch.availabilityZone)) this.apply('terminate', instance, at);
    }
    for (const refusal of refusals.values()) throw refusal;
  }

  /** AWS starts again what it stopped. */
  restart(instance: Ec2Instance, at = this.now): void {
    this.apply('start', instance, at);
  }

  /** A volume that no instance has. */
  leaveVolume(tags: Tags, availabilityZone = `${this.name}a`): Volume {
    return this.keep(new Volume(this.newId('vol'), ROOT_VOLUME, availabilityZone, this.now, tags, null));
  }

  /** An Elastic IP address that nobody uses. */
  leaveAddress(tags: Tags): ElasticAddress {
    const publicIp = this.publicAddresses.next();
    const address = new ElasticAddress(this.newId('eipalloc'), publicIp, this.now, tags);
    this.addresses.set(address.id, address);
    return address;
  }

  newId(prefix: string): string {
    return `${prefix}-${this.options.ids.next().replaceAll('-', '').slice(-17)}`;
  }

  /** An instance that a Spot request would have brought does not come. */
  cancelSpot(request: SpotRequest): void {
    const { instance } = request;
    request.cancel(this.now);
    const coming = instance && this.byId.get(instance.id);
    if (!coming || coming.launch.createdAt <= this.now) return;
    this.byId.delete(coming.id);
    this.instances.splice(this.instances.indexOf(coming), 1);
  }

  private repeated(launch: Launch, request: LaunchRequest): readonly Ec2Instance[] {
    if (launch.fingerprint !== request.fingerprint) {
      throw new AwsError(
        'IdempotentParameterMismatch',
        'The client token was used before with other parameters.',
      );
    }
    if (launch.instances.every((instance) => instance.stateAt(this.now) === 'terminated')) {
      throw new AwsError(
        'IdempotentInstanceTerminated',
        'The instance that the client token launched has been terminated.',
      );
    }
    return launch.instances;
  }

  private launch(
    request: LaunchRequest,
    reservationId: string,
    at: Date,
    again: SpotRequest | null = null,
  ): Ec2Instance {
    const { image, clientToken, keyName, securityGroupIds, httpTokens } = request;
    const { iamProfileArn, userData, onShutdown, tags, type } = request;
    const facts = {
      ...{ image, clientToken, keyName, securityGroupIds, httpTokens, reservationId },
      ...{ iamProfileArn, userData, onShutdown, ...request.placement },
      id: this.newId('i'),
      ownerId: this.ownerId,
      region: this.name,
      createdAt: at,
      privateIp: this.privateAddresses.next(),
    };
    const publicIp = request.publicAddress ? this.publicAddresses.next() : null;
    const spot =
      again ?? (request.spot && new SpotRequest(this.newId('sir'), request.spot, at, request.spotTags));
    const parts = { publicIp, tags, type, spot };
    const instance = new Ec2Instance(facts, this.options.timings, at, parts);
    instance.protection.stop = request.stopProtection;
    instance.protection.termination = request.terminationProtection;
    instance.volumes = request.volumes.map((spec) =>
      this.keep(
        new Volume(this.newId('vol'), spec, facts.availabilityZone, at, request.volumeTags, instance),
      ),
    );
    if (spot) {
      spot.instance = instance;
      this.spotRequests.set(spot.id, spot);
    }
    this.book.note(facts.privateIp, instance);
    if (publicIp !== null) this.book.note(publicIp, instance);
    this.instances.push(instance);
    this.byId.set(instance.id, instance);
    this.asked.set(instance.id, request);
    return instance;
  }

  private apply(change: Change, instance: Ec2Instance, at: Date, force = false): void {
    const newPublicIp = (): string => {
      const address = this.publicAddresses.next();
      this.book.note(address, instance);
      return address;
    };
    instance.apply(change, at, newPublicIp, force);
    if (change === 'terminate') this.replace(instance, at);
  }

  /** A persistent Spot request whose instance was terminated is open again, and brings another one. */
  private replace(instance: Ec2Instance, at: Date): void {
    const { spot } = instance;
    const request = this.asked.get(instance.id);
    if (!spot || !request || spot.instance?.id !== instance.id || spot.status.at(at)?.state !== 'open')
      return;
    this.launch({ ...request, clientToken: '' }, this.newId('r'), plus(at, REPLACED_AFTER_MS), spot);
  }

  private keep(volume: Volume): Volume {
    this.volumes.set(volume.id, volume);
    return volume;
  }
}
