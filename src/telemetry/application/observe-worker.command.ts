import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { type CommandContext } from '../../kernel/command-context';
import { GetWorker } from '../../workers';
import { CML_SOURCES } from '../domain/cml-source';
import { CmlObserver } from './cml-observer';
import { isLaunched } from './ec2-recorder';
import { Ec2Sweep } from './ec2-sweep';

/** Observes one worker now, be it due or not: its instance, then each source of its CML server. @throws WorkerNotFound */
export class ObserveWorker extends Command<void> {
  constructor(
    readonly workerId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ObserveWorker)
export class ObserveWorkerHandler implements ICommandHandler<ObserveWorker> {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly sweep: Ec2Sweep,
    private readonly observer: CmlObserver,
    private readonly queries: QueryBus,
  ) {}

  /** One at a time per worker; a second call joins the first. */
  execute({ workerId, context }: ObserveWorker): Promise<void> {
    const current = this.underWay.get(workerId);
    if (current) return current;
    const turn = this.observe(workerId, context).finally(() => this.underWay.delete(workerId));
    this.underWay.set(workerId, turn);
    return turn;
  }

  private async observe(workerId: string, context: CommandContext): Promise<void> {
    const worker = await this.queries.execute(new GetWorker(workerId));
    if (worker.status === 'TERMINATED') return;
    if (isLaunched(worker)) await this.sweep.readWorker(worker, context);
    const reachable = this.observer.reachable(await this.queries.execute(new GetWorker(workerId)));
    if (reachable) await this.observer.observe(reachable, { sources: CML_SOURCES }, context);
  }
}
