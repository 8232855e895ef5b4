import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { ComputeError, TerminateWorker } from '../../workers';
import { type Sighting } from '../domain/orphan';
import { LeftoverSource, OrphanCases, SightingStore } from '../domain/ports';
import { InstancesBeingEnded } from './instances-being-ended';
import { SecondLook } from './second-look';

/**
 * Ends an orphan for good, by a person's word: the instance is terminated, the volume deleted, the address released,
 * the worker without an instance wanted TERMINATED. Answers the orphan as it was listed.
 * @throws OrphanNotFound, OrphanChanged, ComputeError
 */
export class TerminateOrphan extends Command<Sighting> {
  constructor(
    readonly orphanId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Who and why is stored before AWS is asked: nothing is removed without a trace, wherever this process dies. */
@CommandHandler(TerminateOrphan)
export class TerminateOrphanHandler implements ICommandHandler<TerminateOrphan> {
  constructor(
    private readonly look: SecondLook,
    private readonly source: LeftoverSource,
    private readonly sightings: SightingStore,
    private readonly cases: OrphanCases,
    private readonly beingEnded: InstancesBeingEnded,
    private readonly commands: CommandBus,
    private readonly clock: FleetClock,
  ) {}

  async execute({ orphanId, context }: TerminateOrphan): Promise<Sighting> {
    const sighting = await this.look.mustBeListed(orphanId);
    if (sighting.kind !== 'instance-without-worker') return this.terminate(sighting, context);
    await this.beingEnded.take(sighting);
    try {
      return await this.terminate(sighting, context);
    } catch (error) {
      const mayHaveEnded = error instanceof ComputeError && error.failure === 'unclear';
      if (!mayHaveEnded) await this.beingEnded.giveBack(sighting);
      throw error;
    }
  }

  private async terminate(sighting: Sighting, context: CommandContext): Promise<Sighting> {
    const { id: orphanId, kind, awsRegion, resourceId } = sighting;
    const place = { kind, awsRegion, resourceId };
    await this.mustStillBe(sighting);
    await this.cases.record(orphanId, context, (orphan) =>
      orphan.terminationRequested(place, context.actor, this.clock.now()),
    );
    await this.end(sighting, context);
    const done = { ...context, commandId: derivedId(context.commandId, 'terminated') };
    await this.cases.record(orphanId, done, (orphan) =>
      orphan.terminated(place, context.actor, this.clock.now()),
    );
    await this.sightings.remove(orphanId);
    return sighting;
  }

  private async mustStillBe(sighting: Sighting): Promise<void> {
    if (sighting.kind === 'worker-without-instance') await this.look.mustBeLost(sighting);
    else await this.look.mustBeNobodys(sighting, sighting.kind);
  }

  private async end({ kind, awsRegion, resourceId }: Sighting, context: CommandContext): Promise<void> {
    if (kind === 'worker-without-instance') {
      await this.commands.execute(new TerminateWorker(resourceId, context));
    } else {
      await this.source.remove(kind, awsRegion, resourceId);
    }
  }
}
