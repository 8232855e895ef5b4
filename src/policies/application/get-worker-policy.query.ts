import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach } from '../../kernel/reach';
import { GetWorker } from '../../workers';
import { type GivenValues, workerPolicyId } from '../domain/policy-details';
import { PolicyDirectory } from './policy-directory';
import { type ExplainedPolicy, WrittenPolicies } from './written-policies';

/** What holds for a worker, by the policies that this process knows: the same that its reaper goes by. */
export interface WorkerPolicy {
  readonly workerId: string;
  /** counts the changes of the worker's own policy; 0: it never had one */
  readonly version: number;
  /** what its own policy says; null: it has none */
  readonly own: GivenValues | null;
  readonly effective: ExplainedPolicy;
}

/** @throws WorkerNotFound */
export class GetWorkerPolicy extends Query<WorkerPolicy> {
  constructor(
    readonly workerId: string,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetWorkerPolicy)
export class GetWorkerPolicyHandler implements IQueryHandler<GetWorkerPolicy> {
  constructor(
    private readonly queries: QueryBus,
    private readonly directory: PolicyDirectory,
    private readonly policies: WrittenPolicies,
  ) {}

  async execute({ workerId, reach }: GetWorkerPolicy): Promise<WorkerPolicy> {
    const worker = await this.queries.execute(new GetWorker(workerId, null, reach));
    const id = workerPolicyId(workerId);
    return {
      workerId,
      version: this.directory.versionOf(id),
      own: this.directory.living(id)?.state.values ?? null,
      effective: this.policies.of(worker),
    };
  }
}
