import { type WorkerRecord } from '../../workers';
import { type LabHistory } from '../domain/ports';
import { type LabServers } from './lab-servers';
import { LabShutdown, type LabShutdownOptions } from './lab-shutdown';
import { LabShutdownRun, type ShutdownParts } from './lab-shutdown-run';
import { startsIn } from './stop-order';

/** Changes of the worker's labs in which their starts are looked for. */
const CHANGES = 500;

/** Stops labs one at a time, the one that started last first, within 20 minutes. */
export class PacedLabShutdown extends LabShutdown {
  constructor(
    private readonly servers: LabServers,
    private readonly history: LabHistory,
    private readonly parts: ShutdownParts,
  ) {
    super();
  }

  async stopAll(worker: WorkerRecord, options: LabShutdownOptions): Promise<number> {
    const server = this.servers.serverOf(worker);
    const starts = startsIn(await this.history.recent(worker.id, CHANGES));
    return new LabShutdownRun(this.parts, server, starts, options).run();
  }
}
