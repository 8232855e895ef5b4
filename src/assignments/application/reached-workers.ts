import { type QueryBus } from '@nestjs/cqrs';
import { covers, FLEET, type Reach } from '../../kernel/reach';
import { GetActiveWorkers, GetWorker, WorkerNotFound, type WorkerState } from '../../workers';

type Queries = Pick<QueryBus, 'execute'>;

/** Who looks: his own is always shown to him. */
export interface Viewer {
  readonly actor: string;
  /** where he may operate workers, and so see whose they are */
  readonly operates: Reach;
}

/** Ids of the workers within reach. Those that are gone are so only where the reach names them. */
export async function workersWithin(reach: Reach, queries: Queries): Promise<'all' | ReadonlySet<string>> {
  if (reach === FLEET) return 'all';
  if (reach.length === 0) return new Set();
  const active = await queries.execute(new GetActiveWorkers());
  const named = reach
    .filter(({ regions, tags }) => !regions && !tags)
    .flatMap(({ workerIds = [] }) => workerIds);
  return new Set([...active.filter((worker) => covers(reach, worker)).map(({ id }) => id), ...named]);
}

/** Null for one that was released, or was never there. @throws StoreUnavailable */
export async function findWorker(workerId: string, queries: Queries): Promise<WorkerState | null> {
  try {
    return await queries.execute(new GetWorker(workerId));
  } catch (error) {
    if (error instanceof WorkerNotFound) return null;
    throw error;
  }
}

/** @throws WorkerNotFound for one that is not there or out of reach, in the same words */
export async function mustReach(workerId: string, reach: Reach, queries: Queries): Promise<WorkerState> {
  const worker = await findWorker(workerId, queries);
  if (!worker || !covers(reach, worker)) throw new WorkerNotFound(workerId);
  return worker;
}
