import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type MachineClock } from '../../kernel/clocks';
import {
  type CMLWorkerStatus,
  ComputeError,
  ComputeProvider,
  type InstanceReading,
  type LaunchRequest,
  type LaunchSpec,
  type MachineImage,
  type StopOptions,
  type TagChange,
  type WantedImage,
} from '../../workers';
import { type AwsClients } from './aws-clients';
import { withComputeErrors } from './aws-errors';
import { InstanceChanges } from './instance-changes';
import { readingOf, readingsOf, statusOf } from './instance-reading.mapper';
import { clientTokenOf, launchBody, ownerTags, tagsOf } from './launch-body';
import { imageById, newestImageNamed } from './machine-images';
import { mustBeInTime, notSentAfter, sendBeforeDeadline } from './send-deadline';
import { byInstance, byWorker, cancelRequests, isRefusal, spotRequestsOf } from './spot-requests';

export interface Ec2ComputeOptions {
  /** of this installation of the fleet manager; every instance is tagged with it */
  readonly installationId: string;
  /** account ids whose images a name may find, besides our own, Amazon's and the Marketplace's */
  readonly imageOwnerIds: readonly string[];
}

/** The life cycle of instances, over EC2's API. */
export class Ec2Compute extends ComputeProvider {
  private readonly changes: InstanceChanges;

  constructor(
    private readonly clients: AwsClients,
    private readonly machine: MachineClock,
    private readonly options: Ec2ComputeOptions,
  ) {
    super();
    this.changes = new InstanceChanges(clients);
  }

  resolveImage(region: string, { amiId, amiName, owners }: WantedImage): Promise<MachineImage> {
    return withComputeErrors({ action: 'DescribeImages', region, changes: false }, () => {
      const { ec2 } = this.clients.of(region);
      if (amiId !== null) return imageById(ec2, region, amiId);
      if (amiName !== null)
        return newestImageNamed(ec2, region, amiName, [...this.options.imageOwnerIds, ...owners]);
      throw new ComputeError('rejected', 'MissingParameter', 'Name an image by its id or by its name.');
    });
  }

  prepareLaunch(spec: LaunchSpec, at: Date): LaunchRequest {
    const { attempt, placement, tags } = spec;
    const { amiId, amiName } = spec.image;
    const body = JSON.stringify(launchBody(spec, this.options.installationId));
    return {
      attempt,
      clientToken: clientTokenOf(spec),
      placement,
      amiId,
      amiName,
      tags,
      body,
      at,
      tries: 0,
      triedAt: null,
    };
  }

  launch(region: string, { body }: LaunchRequest, notAfter: Date): Promise<InstanceReading> {
    return withComputeErrors({ action: 'RunInstances', region, changes: true }, async () => {
      const command = new RunInstancesCommand(JSON.parse(body) as RunInstancesCommandInput);
      notSentAfter(command, notAfter, this.machine);
      const { Instances, OwnerId } = await this.clients.of(region).ec2Once.send(command);
      const reading = Instances?.[0] ? readingOf(Instances[0], OwnerId) : null;
      if (!reading) throw new Error('the answer names no instance');
      return reading;
    });
  }

  findByClientToken(region: string, clientToken: string): Promise<InstanceReading | null> {
    return withComputeErrors({ action: 'DescribeInstances', region, changes: false }, async () => {
      const { ec2: client } = this.clients.of(region);
      const Filters = [{ Name: 'client-token', Values: [clientToken] }];
      for await (const page of paginateDescribeInstances({ client }, { Filters })) {
        const [found] = readingsOf(page.Reservations);
        if (found) return found;
      }
      return null;
    });
  }

  async describe(region: string, awsInstanceId: string): Promise<InstanceReading | null> {
    try {
      return await withComputeErrors({ action: 'DescribeInstances', region, changes: false }, async () => {
        const command = new DescribeInstancesCommand({ InstanceIds: [awsInstanceId] });
        const { Reservations } = await this.clients.of(region).ec2.send(command);
        return readingsOf(Reservations)[0] ?? null;
      });
    } catch (error) {
      if (error instanceof ComputeError && error.failure === 'not-found') return null;
      throw error;
    }
  }

  async start(region: string, awsInstanceId: string, notAfter?: Date): Promise<CMLWorkerStatus> {
    mustBeInTime(notAfter, this.machine);
    return this.changes.make('start', region, awsInstanceId);
  }

  async stop(
    region: string,
    awsInstanceId: string,
    { sendBefore, force, notAfter }: StopOptions,
  ): Promise<CMLWorkerStatus> {
    mustBeInTime(notAfter, this.machine);
    if (!sendBefore) return this.changes.make(force ? 'force-stop' : 'stop', region, awsInstanceId);
    return withComputeErrors({ action: 'StopInstances', region, changes: true }, async () => {
      const input = { InstanceIds: [awsInstanceId], ...(force && { Force: true }) };
      const command = new StopInstancesCommand(input);
      const { ec2Once } = this.clients.of(region);
      const options = sendBeforeDeadline(command, sendBefore, this.machine, this.clients);
      const { StoppingInstances } = await ec2Once.send(command, options);
      return statusOf(StoppingInstances?.[0]?.CurrentState);
    });
  }

  async terminate(region: string, awsInstanceId: string, notAfter?: Date): Promise<CMLWorkerStatus> {
    mustBeInTime(notAfter, this.machine);
    return this.changes.make('terminate', region, awsInstanceId);
  }

  async cancelSpotRequests(
    region: string,
    workerId: string,
    awsInstanceId: string | null,
    mayStill: () => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<void> {
    const { ec2 } = this.clients.of(region);
    const filters = [byWorker(workerId), ...(awsInstanceId === null ? [] : [byInstance(awsInstanceId)])];
    const found = await spotRequestsOf(ec2, region, filters);
    if (found.length > 0 && (await mayStill())) await cancelRequests(ec2, region, found);
  }

  changeInstanceType(region: string, awsInstanceId: string, instanceType: string): Promise<void> {
    return withComputeErrors({ action: 'ModifyInstanceAttribute', region, changes: true }, async () => {
      const input = { InstanceId: awsInstanceId, InstanceType: { Value: instanceType } };
      await this.clients.of(region).ec2.send(new ModifyInstanceAttributeCommand(input));
    });
  }

  async applyTags(
    region: string,
    awsInstanceId: string,
    workerId: string,
    { set, remove }: TagChange,
  ): Promise<void> {
    const { ec2 } = this.clients.of(region);
    const Resources = [awsInstanceId];
    const Tags = [...tagsOf(set), ...ownerTags(workerId, this.options.installationId)];
    await withComputeErrors({ action: 'CreateTags', region, changes: true }, () =>
      ec2.send(new CreateTagsCommand({ Resources, Tags })),
    );
    if (remove.length === 0) return;
    await withComputeErrors({ action: 'DeleteTags', region, changes: true }, () =>
      ec2.send(new DeleteTagsCommand({ Resources, Tags: remove.map((Key) => ({ Key })) })),
    );
  }

  async tagAsManaged(
    region: string,
    { instanceId, market }: Pick<InstanceReading, 'instanceId' | 'market'>,
    workerId: string,
  ): Promise<void> {
    const { ec2 } = this.clients.of(region);
    const Tags = ownerTags(workerId, this.options.installationId);
    const tag = (id: string) =>
      withComputeErrors({ action: 'CreateTags', region, changes: true }, () =>
        ec2.send(new CreateTagsCommand({ Resources: [id], Tags })),
      );
    await tag(instanceId);
    if (market === 'on-demand') return;
    for (const { id } of await spotRequestsOf(ec2, region, [byInstance(instanceId)])) {
      try {
        await tag(id);
      } catch (error) {
        // nothing but the instance's end needs the tag; then the command is named by which an admin sets it
        if (!isRefusal(error)) throw error;
      }
    }
  }
}
