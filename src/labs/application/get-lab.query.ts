import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { FLEET, type Reach } from '../../kernel/reach';
import { LabNotFound } from '../domain/lab-errors';
import { mustReachLab } from '../domain/lab-reach';
import { GetLabs, type ShownLab } from './get-labs.query';
import { LabClient } from './lab-client';
import { LabServers } from './lab-servers';

export interface LabReading {
  readonly lab: ShownLab;
  /** fleet time at which the reading was begun */
  readonly observedAt: Date;
}

/** One lab, as GetLabs. @throws LabNotFound, and what GetLabs throws */
export class GetLab extends Query<LabReading> {
  constructor(
    readonly workerId: string,
    readonly labId: string,
    readonly live: boolean,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetLab)
export class GetLabHandler implements IQueryHandler<GetLab> {
  constructor(
    private readonly servers: LabServers,
    private readonly client: LabClient,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  execute(query: GetLab): Promise<LabReading> {
    return query.live ? this.live(query) : this.observed(query);
  }

  private async live({ workerId, labId, reach }: GetLab): Promise<LabReading> {
    const { server, worker } = await this.servers.reach(workerId, reach);
    mustReachLab(reach, worker, labId);
    const observedAt = this.clock.now();
    const lab = await this.client.get(server, labId);
    if (!lab) throw new LabNotFound(labId, 'the CML server of the worker does not know it.');
    return { lab, observedAt };
  }

  private async observed({ workerId, labId, reach }: GetLab): Promise<LabReading> {
    const { labs, observedAt } = await this.queries.execute(new GetLabs(workerId, false, reach));
    if (!observedAt) throw new LabNotFound(labId, 'the labs of the worker were never read.');
    const lab = labs.find(({ id }) => id === labId);
    const remedy = '?live=true asks the server itself.';
    if (!lab) throw new LabNotFound(labId, `the worker had none at ${observedAt.toISOString()}. ${remedy}`);
    return { lab, observedAt };
  }
}
