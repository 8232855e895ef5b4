import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { FLEET, type Reach } from '../../kernel/reach';
import { CmlError, type CmlServer, CmlServers } from '../../telemetry';
import { GetWorker, type WorkerRecord } from '../../workers';
import { WorkerDoesNotRun } from '../domain/lab-errors';

/** A worker whose CML server can be asked at this moment. */
export interface ReachedWorker {
  readonly worker: WorkerRecord;
  readonly server: CmlServer;
}

/** The way from a worker to its labs. */
@Injectable()
export class LabServers {
  constructor(
    private readonly servers: CmlServers,
    private readonly queries: QueryBus,
  ) {}

  /** @throws WorkerNotFound for one out of reach as well, WorkerDoesNotRun, CmlError `unreachable` */
  async reach(workerId: string, reach: Reach = FLEET): Promise<ReachedWorker> {
    const worker = await this.queries.execute(new GetWorker(workerId, null, reach));
    if (worker.status !== 'RUNNING') throw new WorkerDoesNotRun(worker);
    return { worker, server: this.serverOf(worker) };
  }

  /** @throws CmlError `unreachable` for one that does not run, or whose address is not known */
  serverOf(worker: WorkerRecord): CmlServer {
    const server = this.servers.of(worker);
    if (server) return server;
    const why = 'it does not run, its address is not known, or there is no account for it';
    throw new CmlError('unreachable', `The CML server of ${worker.name} cannot be asked: ${why}.`);
  }
}
