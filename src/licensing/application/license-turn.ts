import { CmlError, type CmlServer, type LicenseValues } from '../../telemetry';
import { GetWorker, type WorkerRecord } from '../../workers';
import { plus, SECOND } from '../../kernel/clocks';
import { OperationPostponed, type OperationRun } from '../../operations';
import { LicenseFailed } from '../domain/license-errors';
import { type LicenseStep } from '../domain/license-step';
import { type WorkerLicense } from '../domain/worker-license';
import { contextOfTry, type LicenseServices } from './license-work';

/** What is known at the begin of a turn: what was asked for and sent, and what the server says now. */
export interface LicenseTurn {
  readonly worker: WorkerRecord;
  readonly license: WorkerLicense;
  readonly server: CmlServer;
  readonly values: LicenseValues;
  /** `is_licensed` of the server's health; null: it does not say */
  readonly licensed: boolean | null;
  readonly now: Date;
}

/** Somebody else changed the licence since the turn began: what was decided by it does not hold. */
export class Overtaken extends Error {}

/** Failures after which the same may succeed in a while. */
const LATER: readonly CmlError['failure'][] = ['unreachable', 'timeout', 'not-ready', 'busy'];
/** Failures after which it is certain that the server did nothing of what was asked. */
const UNDONE: readonly CmlError['failure'][] = [
  'busy',
  'nodes-running',
  'refused',
  'credentials',
  'certificate',
];

/** Fleet time. */
const FIRST_PAUSE_MS = 15 * SECOND;
const LONGEST_PAUSE_MS = 180 * SECOND;
/** How long a decision holds until its call is sent; after that another process may have gone on. */
const DECISION_HOLDS_MS = 30 * SECOND;

/**
 * Reads all anew. @throws LicenseFailed when the operation is not to go on with it; CmlError; WorkerNotFound
 */
export async function beginTurn(
  { licenses, queries, servers, client, clock }: LicenseServices,
  run: OperationRun,
  workerId: string,
): Promise<LicenseTurn> {
  const worker = await queries.execute(new GetWorker(workerId));
  if (worker.status === 'TERMINATED') {
    throw new LicenseFailed('license-worker-gone', `${worker.name} is terminated, and its server with it.`);
  }
  const license = await licenses.of(workerId);
  if (!license.isSeenToBy(run.operation.id)) {
    throw new LicenseFailed(
      'license-superseded',
      `Something else was asked for this licence since: the operation ${license.state.request?.operationId}.`,
    );
  }
  const server = servers.of(worker);
  if (!server) throw new CmlError('unreachable', `${worker.name} does not run, or has no address yet.`);
  const { license: values, licensed } = await client.read(server);
  return { worker, license, server, values, licensed, now: clock.now() };
}

/**
 * Stores that a call is being sent, then sends it, unless it took so long to store that others may have gone on. What the
 * server refuses is noted as not done; of everything else nobody knows.
 * @returns null where it was not sent @throws Overtaken, CmlError
 */
export async function sendOnce<T>(
  { licenses, clock, ids }: LicenseServices,
  run: OperationRun,
  { license, values }: LicenseTurn,
  { call, source }: Pick<NonNullable<WorkerLicense['state']['sent']>, 'call' | 'source'>,
  send: () => Promise<T>,
): Promise<T | null> {
  const { sent: earlier } = license.state;
  const tries = earlier?.call === call ? earlier.tries + 1 : 1;
  const before = { registration: values.registration, expires: values.registrationExpires };
  const sentAt = clock.now();
  await licenses.update(license.id, contextOfTry(run, ids), (it) => {
    if (it.version !== license.version) throw new Overtaken('the licence was changed since it was looked at');
    it.sending({ call, operationId: run.operation.id, tries, source, before, sentAt });
  });
  if (clock.now() > plus(sentAt, DECISION_HOLDS_MS)) return null;
  try {
    return await send();
  } catch (error) {
    if (error instanceof CmlError && UNDONE.includes(error.failure)) {
      await licenses.update(license.id, contextOfTry(run, ids), (it) =>
        it.callRefused(call, run.operation.id, clock.now()),
      );
    }
    throw error;
  }
}

/**
 * What a failure of the server means for the operation: another try later, longer and longer after each other until
 * `until` (fleet time), or its end.
 */
export function laterOrNever(
  error: CmlError,
  { clock }: Pick<LicenseServices, 'clock'>,
  since: Date,
  until: Date,
): OperationPostponed | CmlError {
  const now = clock.now();
  if (!LATER.includes(error.failure) || now >= until) return error;
  return new OperationPostponed(clock.toMachineMs(pauseAfter(since, until, now)), error.message);
}

/** Fleet milliseconds until the next try: as long as it has gone on for, and not beyond its end. */
export function pauseAfter(since: Date, until: Date, now: Date): number {
  const elapsed = now.getTime() - since.getTime();
  const pauseMs = Math.min(Math.max(elapsed, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
  return Math.min(pauseMs, until.getTime() - now.getTime());
}

/** What people read while a step is taken. */
export const SENTENCES: Readonly<Record<LicenseStep['do'], string>> = {
  'take-seat': 'takes a seat in the licence pool',
  'set-transport': 'sets the Smart Licensing server',
  'set-product-license': 'sets the product licence',
  register: 'registers the server',
  'note-registered': 'the server is registered',
  'set-features': 'asks for the additional nodes',
  'renew-registration': 'renews the registration',
  'renew-authorization': 'renews the authorization',
  deregister: 'gives the licence back',
  poll: 'waits for Smart Licensing',
  done: 'ends',
  'left-over': 'ends',
  fail: 'ends',
};
