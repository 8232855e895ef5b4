import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type ProcessStep } from '../../event-store';
import { HOUR, type FleetClock, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { operationId, type Operations } from '../../operations';
import { type SecretVault } from '../../secrets';
import {
  CMLServiceStatusUpdatedDomainEvent,
  CMLWorkerDesiredStateUpdatedDomainEvent,
  CMLWorkerReleasedDomainEvent,
  CMLWorkerTerminatedDomainEvent,
  isDown,
  GetWorker,
  WORKER_DEFINITION,
  WorkerNotFound,
  type WorkerState,
} from '../../workers';
import { type LicensePoolRepository } from '../domain/license-pool-ports';
import { isRegistered } from '../domain/license-reading';
import { type WorkerLicense } from '../domain/worker-license';
import { type WorkerLicenses } from '../domain/worker-license-ports';
import {
  WorkerLicenseReleaseRequested,
  WorkerLicenseRenewalRequested,
  WorkerLicenseRequested,
} from '../domain/worker-license-events';
import { LICENSE_OPERATIONS, type WorkerLicenseState } from '../domain/worker-license-state';
import { LicenseBooks } from './license-books';
import { type LicensePools } from './license-pools';
import { RequestLicense } from './request-license.command';

/** What the steps of licensing work with. */
export interface StepServices {
  readonly licenses: WorkerLicenses;
  readonly pools: LicensePools;
  readonly poolsByName: Pick<LicensePoolRepository, 'named'>;
  readonly vault: SecretVault;
  readonly operations: Pick<Operations, 'accept'>;
  readonly commands: Pick<CommandBus, 'execute'>;
  readonly queries: Pick<QueryBus, 'execute'>;
  readonly clock: FleetClock;
}

const OF_WORKERS = { kind: WORKER_DEFINITION.streamPrefix, startAfter: 0 };

/** Of a worker that was released nothing is known any more. */
async function find(queries: Pick<QueryBus, 'execute'>, workerId: string): Promise<WorkerState | null> {
  try {
    return await queries.execute(new GetWorker(workerId));
  } catch (error) {
    if (error instanceof WorkerNotFound) return null;
    throw error;
  }
}

/** What may be otherwise when the server is AVAILABLE another time. */
const PASSES = /^(license-pool-exhausted|license-timed-out|(cml|secret)-.+)$/;

/** Whether nobody asked for anything yet, or only the fleet itself did, without success but not for good. */
function isOpen({ request, failure }: WorkerLicenseState): boolean {
  if (request === null) return true;
  const isOurs = request.by.startsWith('system:') && request.kind === 'license-register';
  return isOurs && failure?.operationId === request.operationId && PASSES.test(failure.code);
}

/**
 * A worker that becomes AVAILABLE, and for whose licence nobody has asked for anything yet, gets one of the fleet's
 * default pool; where that came to nothing for a reason that may pass, it is tried at the next time.
 */
export function licenseAvailableWorkers(
  { licenses, poolsByName, commands, queries }: StepServices,
  defaultPool: string,
  warn: (message: string) => void,
): ProcessStep {
  return {
    ...{ name: 'license-available-workers', ...OF_WORKERS },
    on: async (event, context) => {
      const isAvailable =
        event instanceof CMLServiceStatusUpdatedDomainEvent && event.data.newServiceStatus === 'AVAILABLE';
      if (!isAvailable) return;
      const worker = await find(queries, event.aggregateId);
      if (worker?.serviceStatus !== 'AVAILABLE' || worker.desired.state === 'TERMINATED') return;
      if (isDown(worker.status) || !isOpen((await licenses.of(worker.id)).state)) return;
      const pool = await poolsByName.named(defaultPool);
      if (!pool)
        return warn(
          `there is no licence pool "${defaultPool}" (FLEET_LICENSE_POOL): ${worker.name} gets none`,
        );
      const own = { productLicense: null, features: [], transport: null, reregister: false };
      const because = { ...context, reason: `the fleet’s licence pool is "${defaultPool}"` };
      await commands.execute(new RequestLicense(worker.id, { ...own, source: { poolId: pool.id } }, because));
    },
  };
}

/** A worker that is to be terminated, and may run, is prepared for it by an operation, unless that is forced. */
export function prepareTerminations({ operations, queries }: StepServices): ProcessStep {
  return {
    ...{ name: 'prepare-terminations', ...OF_WORKERS },
    on: async (event, context) => {
      if (!(event instanceof CMLWorkerDesiredStateUpdatedDomainEvent)) return;
      const { desired } = event.data;
      if (desired.state !== 'TERMINATED' || desired.force) return;
      const worker = await find(queries, event.aggregateId);
      if (!worker || isDown(worker.status) || worker.awsInstanceId === null) return;
      const isPresent = worker.desired.state === 'TERMINATED' && +worker.desired.at === +desired.at;
      if (!isPresent) return;
      const kind = 'prepare-termination';
      const input = { intentAt: desired.at.toISOString() };
      const own = { ...context, actor: desired.by };
      const id = operationId(kind, context.commandId);
      await operations.accept({ kind, workerId: worker.id, input, id }, own);
    },
  };
}

/** So long after its end (fleet time) a worker that nothing was asked for is told as left over. */
const STILL_NEWS_MS = 24 * HOUR;

/**
 * When a worker is gone, however it went: what its server still had of a licence is left over at Cisco. Seats of workers
 * that were released are the pools' own matter.
 */
export function settleLicenses(services: StepServices): ProcessStep {
  const { licenses, vault, queries, clock } = services;
  const books = new LicenseBooks(services);
  const dropToken = async ({ state: { wanted } }: WorkerLicense) => {
    if (wanted?.tokenRef != null) await vault.remove(wanted.tokenRef);
  };
  const settle = async (workerId: string, registered: boolean, reason: string, context: CommandContext) => {
    const license = await licenses.update(workerId, context, (it) => {
      const { holding, request } = it.state;
      if (holding !== 'none' || (request === null && registered)) it.leftOver(reason, null, clock.now());
    });
    await books.settleSeat(license, context);
    await dropToken(license);
  };
  return {
    ...{ name: 'settle-licenses', ...OF_WORKERS },
    on: async (event, context) => {
      if (event instanceof CMLWorkerTerminatedDomainEvent) {
        const worker = await find(queries, event.aggregateId);
        const reason =
          `The worker "${event.data.name}" was terminated before its licence was given back: Cisco counts it until its ` +
          'instance is removed in Smart Software Manager, or its registration runs out.';
        // read from the log's begin, what ended long before nobody can do anything about any more is not told as new
        const isNews = clock.now() <= plus(event.data.terminatedAt, STILL_NEWS_MS);
        const registered = isNews && worker !== null && isRegistered(worker.licenseStatus);
        await settle(event.aggregateId, registered, reason, context);
      }
      if (event instanceof CMLWorkerReleasedDomainEvent)
        await dropToken(await licenses.of(event.aggregateId));
    },
  };
}

/** After that (fleet time) an operation that is not there was forgotten since its end, and is not begun again. */
const STILL_WANTED_MS = 24 * HOUR;

/** Accepts the operation that was noted on a licence, where the process that noted it did not come to it. */
export function acceptLicenseOperations({ operations, clock }: StepServices, kind: string): ProcessStep {
  return {
    ...{ name: 'accept-license-operations', kind, startAfter: 0 },
    on: async (event, context) => {
      const isRequest =
        event instanceof WorkerLicenseRequested ||
        event instanceof WorkerLicenseReleaseRequested ||
        event instanceof WorkerLicenseRenewalRequested;
      if (!isRequest) return;
      const { operationId: id, requestedAt, requestedBy: actor } = event.data;
      if (clock.now() > plus(requestedAt, STILL_WANTED_MS)) return;
      const asked = event.type.slice('worker-license.'.length) as keyof typeof LICENSE_OPERATIONS;
      const order = { kind: LICENSE_OPERATIONS[asked], workerId: event.aggregateId, input: {}, id };
      await operations.accept(order, { ...context, actor });
    },
  };
}
