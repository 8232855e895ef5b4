import { Injectable } from '@nestjs/common';
import {
  type OperationHandler,
  type OperationRun,
  type OperationSuccess,
  WAITING_AT_ONCE,
} from '../../operations';
import { CmlError } from '../../telemetry';
import { LabServers } from './lab-servers';
import { TopologyKeeper } from './topology-keeper';
import { workerOf } from './worker-of';

/** Keeps the topologies of a worker's labs. The texts are not in its result, which viewers see. */
@Injectable()
export class KeepTopologiesHandler implements OperationHandler {
  readonly kind = 'keep-topologies';
  readonly atOnce = WAITING_AT_ONCE;
  readonly role = 'operator';

  constructor(
    private readonly servers: LabServers,
    private readonly keeper: TopologyKeeper,
  ) {}

  async run(run: OperationRun): Promise<OperationSuccess> {
    const { operation, signal } = run;
    const { worker } = await this.servers.reach(workerOf(run));
    const { kept, later, ...lost } = await this.keeper.keepAll(worker, signal, {
      by: operation.actor,
      reason: (operation.input as { readonly reason: string | null }).reason,
      onProgress: (done, of) =>
        run.report({ progress: done / of, message: `${done} of ${of} topologies read.` }),
    });
    const failed = [...lost.failed, ...later];
    const result = { kept, failed };
    const [first] = failed;
    if (first && kept === 0) {
      await run.report({ progress: 1, message: null, result });
      throw new CmlError('refused', `No topology could be kept. ${first.message}`);
    }
    const missing = failed.length > 0 ? ` ${failed.length} could not be: see failed.` : '';
    return { message: `${kept === 1 ? '1 topology is' : `${kept} topologies are`} kept.${missing}`, result };
  }
}
