import { type Connection } from 'mongoose';

/** Of a worker, as it is listed. */
interface Listed {
  readonly id: string;
  readonly status: string;
  readonly desiredState: string;
}

/**
 * Whether what people want of a worker came true. One that was stopped before it was launched has nothing that could be
 * stopped: it stays PENDING, as the reconciler's table has it.
 * @param unlaunched ids of the workers that have no instance, and no launch that may bring one
 */
export function isAsWanted({ id, status, desiredState }: Listed, unlaunched: ReadonlySet<string>): boolean {
  return (
    status === desiredState || (desiredState === 'STOPPED' && status === 'PENDING' && unlaunched.has(id))
  );
}

/** While nobody commands anything, none that is wanted STOPPED comes to it, and it leaves only by a launch that was sent. */
export async function unlaunchedWorkers(connection: Connection): Promise<Set<string>> {
  const found = await connection
    .collection<{ _id: string }>('workers')
    .find({ awsInstanceId: null, launchRequest: null })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}
