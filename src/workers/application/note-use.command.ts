import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { WorkerRepository } from '../domain/ports';
import { type UseKind, type WorkerState } from '../domain/worker-state';
import { mustBeAt } from './wish-of';

/**
 * A person (the context's actor; `system:` is none) uses the worker: it counts as activity from now on, and a stop that
 * was decided before is not carried out. @throws InvalidTransition for a worker that is not wanted RUNNING
 */
export class NoteUse extends Command<WorkerState> {
  constructor(
    readonly workerId: string,
    readonly kind: UseKind,
    readonly context: CommandContext,
    readonly expectedRevision: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(NoteUse)
export class NoteUseHandler implements ICommandHandler<NoteUse> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, kind, context, expectedRevision }: NoteUse): Promise<WorkerState> {
    const worker = await this.workers.update(workerId, context, (worker) => {
      mustBeAt(worker, expectedRevision);
      worker.noteUse(kind, { by: context.actor, at: this.clock.now() });
    });
    return worker.state;
  }
}
