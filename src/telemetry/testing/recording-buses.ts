import { type CommandBus, type ICommand, type IQuery, type QueryBus } from '@nestjs/cqrs';
import { covers } from '../../kernel/reach';
import { GetActiveWorkers, GetWorker, WorkerNotFound, type WorkerRecord } from '../../workers';

/** Keeps what is executed; `refuse` makes commands of a kind fail. */
export class RecordingCommands {
  readonly executed: object[] = [];
  private readonly refusals = new Map<string, Error>();

  execute(command: ICommand): Promise<void> {
    this.executed.push(command);
    const refusal = this.refusals.get(command.constructor.name);
    return refusal ? Promise.reject(refusal) : Promise.resolve();
  }

  refuse(kind: { readonly name: string }, error: Error): void {
    this.refusals.set(kind.name, error);
  }

  of<C extends object>(kind: new (...args: never[]) => C): C[] {
    return this.executed.filter((command): command is C => command instanceof kind);
  }

  get bus(): CommandBus {
    return this as unknown as CommandBus;
  }
}

/** Answers the queries of the workers module from a list that the spec holds. */
export class WorkersQueries {
  workers: readonly WorkerRecord[] = [];
  private failure: { readonly error: Error; asked: number } | null = null;

  /** The nth query from now on fails, and all after it. */
  failFrom(nth: number, error: Error): void {
    this.failure = { error, asked: 1 - nth };
  }

  execute(query: IQuery): Promise<unknown> {
    if (this.failure && this.failure.asked++ >= 0) return Promise.reject(this.failure.error);
    if (query instanceof GetActiveWorkers) {
      const { region } = query;
      const wanted = (awsRegion: string) => region === null || awsRegion === region;
      return Promise.resolve(
        this.workers.filter(({ status, awsRegion }) => status !== 'TERMINATED' && wanted(awsRegion)),
      );
    }
    if (!(query instanceof GetWorker)) return Promise.reject(new Error('not a query of the workers module'));
    const worker = this.workers.find(({ id }) => id === query.workerId);
    return worker && covers(query.reach, worker)
      ? Promise.resolve(worker)
      : Promise.reject(new WorkerNotFound(query.workerId));
  }

  get bus(): QueryBus {
    return this as unknown as QueryBus;
  }
}
