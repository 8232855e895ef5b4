import { Injectable } from '@nestjs/common';
import {
  type OperationHandler,
  type OperationRun,
  type OperationSuccess,
  WAITING_AT_ONCE,
} from '../../operations';
import { LabServers } from './lab-servers';
import { LabShutdown } from './lab-shutdown';
import { workerOf } from './worker-of';

/** The last step, waiting for nodes, has this share of the progress. */
const WAITING = 0.1;

/** Stops all labs of a worker. Begun anew it goes on with those that still run. */
@Injectable()
export class StopLabsHandler implements OperationHandler {
  readonly kind = 'stop-labs';
  readonly atOnce = WAITING_AT_ONCE;
  readonly role = 'operator';

  constructor(
    private readonly servers: LabServers,
    private readonly shutdown: LabShutdown,
  ) {}

  async run(run: OperationRun): Promise<OperationSuccess> {
    const { worker } = await this.servers.reach(workerOf(run));
    await run.report({ progress: 0, message: 'Looking for labs that run.' });
    const stopped = await this.shutdown.stopAll(worker, {
      signal: run.signal,
      onProgress: (done, of) =>
        run.report({ progress: (1 - WAITING) * (done / of), message: `${done} of ${of} labs stopped.` }),
    });
    const labs = stopped === 1 ? '1 lab was stopped' : `${stopped} labs were stopped`;
    return { message: `${labs}; no node runs.`, result: { stopped } };
  }
}
