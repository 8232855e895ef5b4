import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { FLEET, type Reach } from '../../kernel/reach';
import { Secret } from '../../kernel/secret';
import { LabNotFound } from '../domain/lab-errors';
import { mustReachLab } from '../domain/lab-reach';
import { LabClient } from './lab-client';
import { LabServers } from './lab-servers';

/** YAML, and what a file of it may be called after. */
export interface TopologyText {
  readonly text: Secret;
  readonly labId: string;
  readonly title: string | null;
}

/** The topology of a lab as its server gives it now. @throws WorkerNotFound, WorkerDoesNotRun, LabNotFound, CmlError */
export class GetTopology extends Query<TopologyText> {
  constructor(
    readonly workerId: string,
    readonly labId: string,
    readonly reach: Reach = FLEET,
  ) {
    super();
  }
}

@QueryHandler(GetTopology)
export class GetTopologyHandler implements IQueryHandler<GetTopology> {
  constructor(
    private readonly servers: LabServers,
    private readonly client: LabClient,
  ) {}

  async execute({ workerId, labId, reach }: GetTopology): Promise<TopologyText> {
    const { server, worker } = await this.servers.reach(workerId, reach);
    mustReachLab(reach, worker, labId);
    const lab = await this.client.get(server, labId);
    const text = lab && (await this.client.topology(server, labId));
    if (!lab || text === null) throw new LabNotFound(labId, 'the CML server of the worker does not know it.');
    return { text: new Secret(text), labId, title: lab.title };
  }
}
