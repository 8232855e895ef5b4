import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { AlreadyManaged, ImportWorker, importedWorkerId, type WorkerState } from '../../workers';
import { OrphanChanged, OrphanNotAdoptable } from '../domain/orphan-errors';
import { OrphanCases, SightingStore } from '../domain/ports';
import { SecondLook } from './second-look';

/**
 * Takes an instance without a worker under management, as it stands. Answers the worker.
 * @throws OrphanNotFound, OrphanNotAdoptable, OrphanChanged, ComputeError, and what an import throws
 */
export class AdoptOrphan extends Command<WorkerState> {
  constructor(
    readonly orphanId: string,
    /** null: the instance's Name tag, or its id; with an end of the id where that is taken */
    readonly name: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AdoptOrphan)
export class AdoptOrphanHandler implements ICommandHandler<AdoptOrphan> {
  constructor(
    private readonly look: SecondLook,
    private readonly sightings: SightingStore,
    private readonly cases: OrphanCases,
    private readonly commands: CommandBus,
    private readonly clock: FleetClock,
  ) {}

  async execute({ orphanId, name, context }: AdoptOrphan): Promise<WorkerState> {
    const sighting = await this.look.mustBeListed(orphanId);
    const { kind, awsRegion, resourceId } = sighting;
    if (kind !== 'instance-without-worker') throw new OrphanNotAdoptable(kind);
    // a repetition of this command may have imported it before it died
    await this.look.mustBeNobodys(sighting, kind, importedWorkerId(context));
    const worker = await this.import(
      new ImportWorker(awsRegion, resourceId, name, context, { distinguish: true }),
    );
    await this.cases.record(orphanId, context, (orphan) =>
      orphan.adopted({ kind, awsRegion, resourceId }, worker.id, context.actor, this.clock.now()),
    );
    await this.sightings.remove(orphanId);
    return worker;
  }

  private async import(command: ImportWorker): Promise<WorkerState> {
    try {
      return await this.commands.execute(command);
    } catch (error) {
      const heldByNoWorker =
        error instanceof AlreadyManaged && error.taken === 'instance' && error.workerId === null;
      if (!heldByNoWorker) throw error;
      throw new OrphanChanged(`Somebody ends ${command.awsInstanceId} at this moment, or has just done so.`);
    }
  }
}
