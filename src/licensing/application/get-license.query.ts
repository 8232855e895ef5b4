import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach } from '../../kernel/reach';
import { hasEnded, type Operation, Operations } from '../../operations';
import { GetObservations, type Observation } from '../../telemetry';
import { GetWorker, type WorkerState } from '../../workers';
import { WorkerLicenses } from '../domain/worker-license-ports';
import { type WorkerLicenseState } from '../domain/worker-license-state';

/** What is wanted and known of one worker's licence. */
export interface LicenseKnowledge {
  readonly worker: WorkerState;
  readonly license: WorkerLicenseState;
  /** what its server said last; undefined: it was never read */
  readonly observation: Observation<'cml-license'> | undefined;
  /** the operation that is at work on it; null: none */
  readonly operation: Operation | null;
}

/** @throws WorkerNotFound */
export class GetLicense extends Query<LicenseKnowledge> {
  constructor(
    readonly workerId: string,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetLicense)
export class GetLicenseHandler implements IQueryHandler<GetLicense> {
  constructor(
    private readonly licenses: WorkerLicenses,
    private readonly operations: Operations,
    private readonly queries: QueryBus,
  ) {}

  async execute({ workerId, reach }: GetLicense): Promise<LicenseKnowledge> {
    const worker = await this.queries.execute(new GetWorker(workerId, null, reach));
    const [{ state: license }, observed] = await Promise.all([
      this.licenses.of(workerId),
      this.queries.execute(new GetObservations([workerId])),
    ]);
    const observation = observed.get(workerId)?.observations['cml-license'];
    const { request } = license;
    const operation = request && (await this.operations.find(request.operationId));
    return { worker, license, observation, operation: operation && !hasEnded(operation) ? operation : null };
  }
}
