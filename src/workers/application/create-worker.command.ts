import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { CmlWorker } from '../domain/cml-worker';
import { WorkerRepository } from '../domain/ports';
import { type LaunchSettings } from '../domain/launch-settings';
import { type DriftPolicy, type WorkerState } from '../domain/worker-state';
import { intent } from '../domain/wishes';
import { wishOf } from './wish-of';

export interface WorkerOrder {
  readonly name: string;
  readonly awsRegion: string;
  readonly instanceType: string;
  readonly amiId: string | null;
  readonly amiName: string | null;
  readonly cmlVersion: string | null;
  /** the first of its types is the worker's */
  readonly launch: LaunchSettings;
  readonly driftPolicy: DriftPolicy | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly protect: boolean;
}

/** A new worker, wanted RUNNING; its launch goes on behind it. @throws AlreadyManaged when the name is taken */
export class CreateWorker extends Command<WorkerState> {
  constructor(
    readonly order: WorkerOrder,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateWorker)
export class CreateWorkerHandler implements ICommandHandler<CreateWorker> {
  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ order, context }: CreateWorker): Promise<WorkerState> {
    const now = this.clock.now();
    const { protect, ...given } = order;
    const wish = wishOf(context, now);
    // derived, so that a repeated command finds the worker that its first try made
    const worker = CmlWorker.create(derivedId(context.commandId), {
      ...given,
      desired: intent('RUNNING', wish),
      createdAt: now,
      createdBy: context.actor,
    });
    if (protect) {
      worker.protect({ by: wish.by, reason: 'asked for at creation', at: now, expiresAt: null }, now);
    }
    return (await this.workers.add(worker, context)).state;
  }
}
