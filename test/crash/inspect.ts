import { type Connection } from 'mongoose';
import { type Simulator } from '../../src/simulator/start-simulator';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { ADMIN_KEY } from '../support/fleet-process';
import { isAsWanted, unlaunchedWorkers } from './as-wanted';
import { readStored, type Stored } from './stored';
import { verifyInstances } from './verify-instances';
import { verifyStore } from './verify-store';

/**
 * The longest that anything waits for by itself, the preparation of a termination, is a minute at the speed of the runs;
 * the rest is for a slow machine.
 */
const SETTLE_MS = 180_000;

interface View {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly status: string;
  readonly desiredState: string;
  readonly awsInstanceId: string | null;
  readonly statusReason: object | null;
  readonly tags: object;
}

export interface Inspection {
  readonly stored: Stored;
  readonly workers: number;
  /** one sentence each */
  readonly faults: readonly string[];
}

/** Waits until every wish is fulfilled, and looks at the store, the API and AWS. */
export async function inspect(
  url: string,
  connection: Connection,
  simulator: Simulator,
): Promise<Inspection> {
  const api = new ApiClient(url, ADMIN_KEY);
  const faults: string[] = [];
  const workers = await eventually(async () => {
    const found = await allWorkers(api);
    const unlaunched = await unlaunchedWorkers(connection);
    const waiting = found.filter((worker) => !isAsWanted(worker, unlaunched));
    if (waiting.length > 0) throw new Error(`not as wanted: ${waiting.map(told).join(', ')}`);
    return found;
  }, SETTLE_MS).catch((error: unknown) => {
    faults.push(String(error));
    return allWorkers(api);
  });
  // what the ticks still do stands in the streams before it stands in the log and the read model
  const stored = await eventually(async () => {
    const found = await readStored(connection);
    const wrong = verifyStore(found);
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    return found;
  }, SETTLE_MS).catch(() => readStored(connection));
  faults.push(
    ...verifyStore(stored),
    ...verifyInstances(simulator, workers),
    ...(await differencesOfViews(api, workers)),
  );
  return { stored, workers: workers.length, faults };
}

function told({ id, name, status, desiredState, awsInstanceId, statusReason }: View): string {
  return JSON.stringify({ id, name, status, desiredState, awsInstanceId, statusReason });
}

async function allWorkers(api: ApiClient): Promise<View[]> {
  const found: View[] = [];
  for (let cursor: string | null = '', query = ''; cursor !== null; query = `&cursor=${cursor}`) {
    const answer = await api.get(`/api/v1/workers?includeTerminated=true&limit=200${query}`);
    if (answer.status !== 200) throw new Error(`the list answers ${answer.status}`);
    found.push(...answer.body.items);
    cursor = answer.body.nextCursor;
  }
  return found;
}

/** Lists come from the read model, one worker from its stream: what people changed must be the same in both. */
async function differencesOfViews(api: ApiClient, workers: readonly View[]): Promise<string[]> {
  const faults: string[] = [];
  for (const listed of workers) {
    const { body } = await api.get(`/api/v1/workers/${listed.id}`);
    const same = ['version', 'name', 'tags', 'protection', 'snoozedUntil', 'desiredState'].every(
      (field) => JSON.stringify(body[field]) === JSON.stringify(listed[field as keyof View]),
    );
    if (!same) faults.push(`the list shows another ${listed.id} than its stream`);
  }
  return faults;
}
