import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { LabNotFound } from '../domain/lab-errors';
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

  execute({ workerId, labId, live }: GetLab): Promise<LabReading> {
    return live ? this.live(workerId, labId) : this.observed(workerId, labId);
  }

  private async live(workerId: string, labId: string): Promise<LabReading> {
    const { server } = await this.servers.reach(workerId);
    const observedAt = this.clock.now();
    const lab = await this.client.get(server, labId);
    if (!lab) throw new LabNotFound(labId, 'the CML server of the worker does not know it.');
    return { lab, observedAt };
  }

  private async observed(workerId: string, labId: string): Promise<LabReading> {
    const { labs, observedAt } = await this.queries.execute(new GetLabs(workerId, false));
    if (!observedAt) throw new LabNotFound(labId, 'the labs of the worker were never read.');
    const lab = labs.find(({ id }) => id === labId);
    const remedy = '?live=true asks the server itself.';
    if (!lab) throw new LabNotFound(labId, `the worker had none at ${observedAt.toISOString()}. ${remedy}`);
    return { lab, observedAt };
  }
}
