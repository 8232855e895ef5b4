import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { CmlWorker } from '../domain/cml-worker';
import { WorkerRepository } from '../domain/ports';
import { launchOrder, type LaunchWish } from '../domain/launch-order';
import { TemplateSource } from '../domain/template-source';
import { type DriftPolicy, type WorkerState } from '../domain/worker-state';
import { intent } from '../domain/wishes';
import { wishOf } from './wish-of';

export interface WorkerOrder {
  readonly name: string;
  readonly awsRegion: string;
  /** id or name of the template that says what the wish does not */
  readonly template: string | null;
  readonly wish: LaunchWish;
  readonly driftPolicy: DriftPolicy | null;
  readonly protect: boolean;
}

/**
 * A new worker, wanted RUNNING; its launch goes on behind it.
 * @throws OutOfReach, AlreadyManaged when the name is taken; TemplateNotFound, TemplateNotForRegion, InvalidInput
 */
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
    private readonly templates: TemplateSource,
    private readonly clock: FleetClock,
  ) {}

  async execute({ order, context }: CreateWorker): Promise<WorkerState> {
    // derived, so that a repeated command finds the worker that its first try made, be the template gone meanwhile
    const id = derivedId(context.commandId);
    const earlier = await this.workers.getById(id);
    if (earlier) return (await this.workers.add(earlier, context)).state;
    const { name, awsRegion, driftPolicy, protect, template } = order;
    const resolved = template === null ? null : await this.templates.resolve(template, awsRegion);
    const now = this.clock.now();
    const wish = wishOf(context, now);
    const worker = CmlWorker.create(id, {
      ...{ name, awsRegion, driftPolicy },
      ...launchOrder(order.wish, resolved),
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
