import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Installation } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { covers, FLEET } from '../../kernel/reach';
import { CmlWorker } from '../domain/cml-worker';
import { type InstanceReading } from '../domain/instance-reading';
import { MANAGED_BY, MANAGED_BY_TAG, otherInstallation, WORKER_TAG } from '../domain/owner-tags';
import { ComputeProvider, WorkerRepository } from '../domain/ports';
import { AlreadyManaged, ComputeError, ManagedElsewhere, NotTagged } from '../domain/worker-errors';
import { mustStayWithin } from '../domain/worker-reach';
import { type WorkerState } from '../domain/worker-state';
import { intent } from '../domain/wishes';
import { wishOf } from './wish-of';

/**
 * Takes an existing instance under management, as it stands, and tags it as ours.
 * @throws OutOfReach, InvalidInput when the region has no such instance, AlreadyManaged, ManagedElsewhere, NotTagged where IAM
 * refuses the tag
 */
export class ImportWorker extends Command<WorkerState> {
  constructor(
    readonly awsRegion: string,
    readonly awsInstanceId: string,
    /** null: the instance's Name tag, or its id */
    readonly name: string | null,
    readonly context: CommandContext,
    /** what a name of null leads to where the Name tag is another worker's name: an end of the instance's id is added */
    readonly options: { readonly distinguish: boolean } = { distinguish: false },
  ) {
    super();
  }
}

/** The worker that an import makes: by it a repetition knows what its first try did. */
export function importedWorkerId({ commandId }: CommandContext): string {
  return derivedId(commandId);
}

@CommandHandler(ImportWorker)
export class ImportWorkerHandler implements ICommandHandler<ImportWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly compute: ComputeProvider,
    private readonly clock: FleetClock,
    private readonly installation: Installation,
  ) {}

  async execute(command: ImportWorker): Promise<WorkerState> {
    const { awsRegion, awsInstanceId, name, context, options } = command;
    const id = importedWorkerId(context);
    // before anything is said of the instance; a worker has no tags of people when it is imported
    mustStayWithin(context.reach ?? FLEET, { id, awsRegion, tags: {} }, `The instance ${awsInstanceId}`);
    const managed = await this.workers.getByAwsInstanceId(awsRegion, awsInstanceId);
    if (managed?.id === id) return managed.state;
    if (managed) throw this.alreadyManaged(awsInstanceId, managed, context);
    const instance = await this.mustExist(awsRegion, awsInstanceId);
    await this.mustBeNobodys(awsRegion, instance, context);

    // a Name tag may be there and be empty
    const found = instance.tags.Name?.trim() || awsInstanceId;
    try {
      return await this.add(command, instance, name ?? found);
    } catch (error) {
      const taken = error instanceof AlreadyManaged && error.taken === 'name';
      if (!taken || name !== null || !options.distinguish) throw error;
      return this.add(command, instance, distinguished(found, awsInstanceId));
    }
  }

  /** Tagged only when name and instance are known to be free: a refused import leaves no wrong tag. */
  private async add(
    { awsRegion, awsInstanceId, context }: ImportWorker,
    instance: InstanceReading,
    name: string,
  ): Promise<WorkerState> {
    const id = importedWorkerId(context);
    const now = this.clock.now();
    const wanted = instance.status === 'STOPPED' || instance.status === 'STOPPING' ? 'STOPPED' : 'RUNNING';
    const worker = CmlWorker.import(id, {
      name,
      awsAccountId: instance.accountId,
      awsRegion,
      awsInstanceId,
      instanceType: instance.instanceType ?? 'unknown',
      amiId: instance.amiId,
      status: instance.status,
      publicIp: instance.publicIp,
      privateIp: instance.privateIp,
      tags: {},
      market: instance.market,
      desired: intent(wanted, wishOf(context, now)),
      importedAt: now,
      importedBy: context.actor,
    });
    const added = await this.workers.add(worker, context, () => this.tag(awsRegion, instance, id));
    return added.state;
  }

  private async mustExist(region: string, instanceId: string): Promise<InstanceReading> {
    const instance = await this.compute.describe(region, instanceId);
    if (instance && instance.status !== 'TERMINATED' && instance.status !== 'SHUTTING_DOWN') return instance;
    const message = instance
      ? `The instance is ${instance.status} and cannot be managed.`
      : `There is no such instance in ${region}. Check the id, the region and the account.`;
    throw new InvalidInput([{ pointer: '/awsInstanceId', message }]);
  }

  /** Another installation's by its tag; and the instance of a launch whose answer was lost is its worker's that waits. */
  private async mustBeNobodys(
    region: string,
    { instanceId, tags }: InstanceReading,
    context: CommandContext,
  ): Promise<void> {
    const other = otherInstallation(tags, await this.installation.id());
    if (other !== null) throw new ManagedElsewhere(region, instanceId, other);
    const owner = await this.workers.getById(tags[WORKER_TAG] ?? '');
    const waits = owner && owner.state.status !== 'TERMINATED' && owner.state.awsInstanceId === null;
    if (waits) throw this.alreadyManaged(instanceId, owner, context);
  }

  private alreadyManaged(instanceId: string, owner: CmlWorker, { reach = FLEET }: CommandContext) {
    const shown = covers(reach, owner.state) ? owner.id : null;
    return new AlreadyManaged(`The instance ${instanceId}`, shown);
  }

  private async tag(region: string, instance: InstanceReading, workerId: string): Promise<void> {
    try {
      await this.compute.tagAsManaged(region, instance, workerId);
    } catch (error) {
      const refused = error instanceof ComputeError && error.awsCode === 'UnauthorizedOperation';
      if (!refused) throw error;
      // an AWS admin may have set the one tag that matters
      if (instance.tags[MANAGED_BY_TAG] === MANAGED_BY) return;
      throw new NotTagged(region, instance.instanceId, { cause: error });
    }
  }
}

/** Names have 63 characters at most. */
function distinguished(name: string, awsInstanceId: string): string {
  const end = `-${awsInstanceId.slice(-8)}`;
  return `${name.slice(0, 63 - end.length)}${end}`;
}
