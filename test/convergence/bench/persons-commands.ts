import { type Installation } from '../../../src/event-store';
import { type CommandContext } from '../../../src/kernel/command-context';
import { type FleetClock } from '../../../src/kernel/clocks';
import {
  CreateWorker,
  CreateWorkerHandler,
  type WorkerOrder,
} from '../../../src/workers/application/create-worker.command';
import { ImportWorker, ImportWorkerHandler } from '../../../src/workers/application/import-worker.command';
import { ReleaseWorker, ReleaseWorkerHandler } from '../../../src/workers/application/release-worker.command';
import { StartWorker, StartWorkerHandler } from '../../../src/workers/application/start-worker.command';
import { StopWorker, StopWorkerHandler } from '../../../src/workers/application/stop-worker.command';
import {
  TerminateWorker,
  TerminateWorkerHandler,
} from '../../../src/workers/application/terminate-worker.command';
import { UpdateWorker, UpdateWorkerHandler } from '../../../src/workers/application/update-worker.command';
import { type ComputeProvider, type WorkerRepository } from '../../../src/workers/domain/ports';
import { type LabCensus } from '../../../src/workers/domain/lab-census';
import { TemplateNotFound, type TemplateSource } from '../../../src/workers/domain/template-source';
import { type IdlePolicyNames } from '../../../src/workers/domain/idle-policy-names';
import { type WorkerDetails } from '../../../src/workers/domain/wishes';
import { type WorkerState } from '../../../src/workers/domain/worker-state';

const NO_TEMPLATES: TemplateSource = {
  resolve: (template) => Promise.reject(new TemplateNotFound(template)),
};

const NO_POLICIES: IdlePolicyNames = { has: () => Promise.resolve(false) };

/** As EC2's tags have it. */
const HERE = { id: () => Promise.resolve('here') } as Installation;

/** What a person can ask of a process. */
export type Ask =
  | { readonly kind: 'create'; readonly order: WorkerOrder }
  | { readonly kind: 'import'; readonly region: string; readonly instanceId: string }
  | { readonly kind: 'start' | 'stop' | 'terminate' | 'release'; readonly workerId: string }
  | { readonly kind: 'patch'; readonly workerId: string; readonly changes: Partial<WorkerDetails> };

/** Carries it out; a stop is forced, since nobody reads CML here. Answers the worker; null for one that was released. */
export type PersonsCommands = (ask: Ask, context: CommandContext) => Promise<WorkerState | null>;

export function personsCommands(
  workers: WorkerRepository,
  compute: ComputeProvider,
  clock: FleetClock,
  census: LabCensus,
): PersonsCommands {
  const create = new CreateWorkerHandler(workers, NO_TEMPLATES, clock);
  const imports = new ImportWorkerHandler(workers, compute, clock, HERE);
  const start = new StartWorkerHandler(workers, clock);
  const stop = new StopWorkerHandler(workers, clock, census);
  const terminate = new TerminateWorkerHandler(workers, clock);
  const update = new UpdateWorkerHandler(workers, NO_POLICIES, clock);
  const release = new ReleaseWorkerHandler(workers, clock);
  return async (ask, context) => {
    switch (ask.kind) {
      case 'create':
        return create.execute(new CreateWorker(ask.order, context));
      case 'import':
        return imports.execute(new ImportWorker(ask.region, ask.instanceId, null, context));
      case 'start':
        return start.execute(new StartWorker(ask.workerId, context));
      case 'stop':
        return stop.execute(new StopWorker(ask.workerId, context, { force: true }));
      case 'terminate':
        return terminate.execute(new TerminateWorker(ask.workerId, context));
      case 'patch':
        return update.execute(new UpdateWorker(ask.workerId, ask.changes, context));
      case 'release':
        await release.execute(new ReleaseWorker(ask.workerId, context));
        return null;
    }
  };
}
