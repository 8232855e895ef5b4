import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { FLEET, labsWithin, type Reach, type Reachable } from '../../kernel/reach';
import { GetObservations, type LabSummary } from '../../telemetry';
import { GetWorker } from '../../workers';
import { LabClient } from './lab-client';
import { LabServers } from './lab-servers';

/** Null is what the reading does not tell. */
export interface ShownLab {
  readonly id: string;
  readonly title: string | null;
  readonly owner: string | null;
  readonly state: string;
  readonly nodeCount: number | null;
  /** only a live reading tells */
  readonly createdAt: Date | null;
  readonly modifiedAt: Date | null;
}

export interface ShownLabs {
  readonly labs: readonly ShownLab[];
  /** fleet time at which the reading was begun; null: the labs were never read, and none in the list means nothing */
  readonly observedAt: Date | null;
}

/**
 * The labs of a worker that are within reach, as they were last observed, or as its server says now.
 * @throws WorkerNotFound; live also WorkerDoesNotRun, CmlError
 */
export class GetLabs extends Query<ShownLabs> {
  constructor(
    readonly workerId: string,
    readonly live: boolean,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetLabs)
export class GetLabsHandler implements IQueryHandler<GetLabs> {
  constructor(
    private readonly servers: LabServers,
    private readonly client: LabClient,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  async execute({ workerId, live, reach }: GetLabs): Promise<ShownLabs> {
    if (!live) return this.observed(workerId, reach);
    const { server, worker } = await this.servers.reach(workerId, reach);
    const observedAt = this.clock.now();
    return { labs: within(reach, worker, await this.client.list(server)), observedAt };
  }

  private async observed(workerId: string, reach: Reach): Promise<ShownLabs> {
    const worker = await this.queries.execute(new GetWorker(workerId, null, reach));
    const found = await this.queries.execute(new GetObservations([workerId]));
    const reading = found.get(workerId)?.observations['cml-labs'];
    const labs = within(reach, worker, reading?.values?.labs.map(shown) ?? []);
    return { labs, observedAt: reading?.observedAt ?? null };
  }
}

function within(reach: Reach, worker: Reachable, labs: readonly ShownLab[]): readonly ShownLab[] {
  const those = labsWithin(reach, worker);
  return those === 'all' ? labs : labs.filter(({ id }) => those.has(id));
}

function shown({ id, title, owner, state, nodeCount, modifiedAt = null }: LabSummary): ShownLab {
  return { id, title, owner, state, nodeCount, createdAt: null, modifiedAt };
}
