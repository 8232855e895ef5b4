import { systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { GetActiveWorkers } from '../../workers';
import { type EndCause } from '../domain/assignment';
import { OPEN_STATES, type WorkerRequestState } from '../domain/worker-request-state';
import { type AssignmentOfUser } from './lab-user-directory';
import { findWorker } from './reached-workers';
import { type RequestParts } from './request-parts';

type Parts = Pick<RequestParts, 'users' | 'requests' | 'directory' | 'queries' | 'clock' | 'report'>;

/**
 * Ends assignments whose ground is gone: their worker, or the request that they were granted for. Events do it at once;
 * this is for what a crash, or another order of things, left standing.
 */
export class RequestSettlement {
  constructor(private readonly parts: Parts) {}

  async settle(open: readonly WorkerRequestState[]): Promise<void> {
    const { directory, queries, clock, report } = this.parts;
    const running = directory.running(clock.now());
    if (running.length === 0) return;
    const requests = new Map(open.map((request) => [request.id, request]));
    const active = new Set((await queries.execute(new GetActiveWorkers())).map(({ id }) => id));
    for (const assignment of running) {
      try {
        const cause =
          (active.has(assignment.workerId) ? null : await this.whatOfWorker(assignment)) ??
          (await this.whatOfRequest(assignment, requests));
        if (cause) await this.end(assignment, cause);
      } catch (error) {
        report(error, `look after the assignment ${assignment.id}; the next turn does it again`);
      }
    }
  }

  /** Ends what is assigned on a worker that is gone. */
  async workerIsGone(workerId: string, cause: EndCause): Promise<void> {
    const { directory, clock } = this.parts;
    const there = directory.running(clock.now()).filter((it) => it.workerId === workerId);
    for (const assignment of there) await this.end(assignment, cause);
  }

  private async whatOfWorker({ workerId }: AssignmentOfUser): Promise<EndCause | null> {
    const worker = await findWorker(workerId, this.parts.queries);
    if (!worker) return 'worker-released';
    return worker.status === 'TERMINATED' ? 'worker-terminated' : null;
  }

  private async whatOfRequest(
    { requestId, workerId }: AssignmentOfUser,
    open: ReadonlyMap<string, WorkerRequestState>,
  ): Promise<EndCause | null> {
    if (requestId === null || open.get(requestId)?.workerId === workerId) return null;
    const request = (await this.parts.requests.find(requestId))?.state;
    const stands = request && OPEN_STATES.includes(request.state) && request.workerId === workerId;
    return stands ? null : 'request-ended';
  }

  private async end({ id, userId }: AssignmentOfUser, cause: EndCause): Promise<void> {
    const { users, clock } = this.parts;
    const context = systemContext('assignments', derivedId('end-assignment', id, cause));
    await users.change(userId, context, (user) =>
      user.end(id, cause, { by: context.actor, at: clock.now() }),
    );
  }
}
