import { HOUR, plus } from '../../kernel/clocks';
import { QuotaExceeded } from '../domain/assignment-errors';
import { type WorkerRequest } from '../domain/worker-request';
import { type RequestFailure, type WorkerRequestState } from '../domain/worker-request-state';
import { chooseWorker } from '../domain/worker-choice';
import { RequestGranting } from './request-granting';
import { type RequestParts, stepOf } from './request-parts';
import { RequestPool } from './request-pool';
import { RequestSettlement } from './request-settlement';

/** Choices that come to nothing are tried anew in the next turn after so many. */
const STEPS_AT_MOST = 20;

/**
 * Serves all requests for workers, oldest first. It holds nothing between its turns: each turn compares what is stored
 * with what is wanted, so whoever takes the next one goes on where a crash left off.
 */
export class RequestProcess {
  private readonly granting: RequestGranting;
  private readonly settlement: RequestSettlement;

  constructor(private readonly parts: RequestParts) {
    this.granting = new RequestGranting(parts);
    this.settlement = new RequestSettlement(parts);
  }

  /** One turn. What fails for one request is reported, and leaves the others alone. @throws StoreUnavailable */
  async serve(stillHeld: () => boolean = () => true): Promise<void> {
    const { records, directory, queries, report } = this.parts;
    const open = await records.open();
    await this.settlement.settle(open);
    const due = open.filter((request) => this.mayGoOn(request));
    if (due.length === 0) return;
    const pool = await RequestPool.load(open, directory, queries);
    for (const { id } of due) {
      if (!stillHeld()) return;
      try {
        await this.advance(id, pool);
      } catch (error) {
        report(error, `serve the request ${id}; the next turn goes on with it`);
      }
    }
  }

  private async advance(id: string, pool: RequestPool): Promise<void> {
    let request = await this.parts.requests.find(id);
    const refused = new Set<string>();
    for (let step = 0; request && step < STEPS_AT_MOST; step += 1) {
      const next = await this.step(request, pool, refused);
      if (next.state.state === request.state.state) return;
      request = next;
    }
  }

  private async step(
    request: WorkerRequest,
    pool: RequestPool,
    refused: Set<string>,
  ): Promise<WorkerRequest> {
    const { state } = request;
    if (state.state === 'ready') return this.expire(request);
    if (!request.isPending) return request;
    if (this.parts.clock.now() >= state.deadline) return this.timeOut(request);
    if (state.state === 'waiting') return this.choose(request, pool, refused);
    const next = await this.granting.bring(request);
    if (next.state.state === 'waiting' && state.workerId !== null) refused.add(state.workerId);
    return next;
  }

  private async choose(
    request: WorkerRequest,
    pool: RequestPool,
    refused: ReadonlySet<string>,
  ): Promise<WorkerRequest> {
    const { requests, clock, options } = this.parts;
    const { userId, tags } = request.state;
    const now = clock.now();
    const workers = (await pool.for(request.state, now)).filter(({ id }) => !refused.has(id));
    const wanted = { userId, tags: [...options.requestTags, ...tags] };
    const { workers: fitting, message } = chooseWorker(wanted, workers, options.usersPerWorker);
    const [best] = fitting;
    if (!best) {
      if (message === null || message === request.state.message) return request;
      return requests.update(request.id, stepOf(request, 'wait'), (it) => it.progress(message, now));
    }
    const excess = await this.excessOf(request);
    if (excess) {
      // one that somebody has served since then may be what its own excess was made of
      return requests.update(request.id, stepOf(request, 'exceed'), (it) => {
        if (it.state.state === 'waiting') it.fail(excess, now);
      });
    }
    const chosen = await requests.update(request.id, stepOf(request, 'choose'), (it) =>
      it.choose(best.id, `The worker "${best.name}" was chosen.`, now),
    );
    pool.promise(best.id, request.state);
    return chosen;
  }

  /**
   * Many requests that were made in the same moment have not seen each other: no worker is started for those that the quota
   * would refuse in the end. What is being started for the user counts as what he has.
   */
  private async excessOf({ id, state }: WorkerRequest): Promise<RequestFailure | null> {
    const { records, users, clock, options } = this.parts;
    const { userId, hours } = state;
    const open = await records.open();
    const starting = open.filter((it) => it.userId === userId && it.state === 'starting' && it.id !== id);
    const now = clock.now();
    const span = { from: now, until: plus(now, hours * HOUR) };
    try {
      (await users.get(userId)).mustHaveRoom(span, options.userWorkers, starting.length);
      return null;
    } catch (error) {
      if (!(error instanceof QuotaExceeded)) throw error;
      return { code: error.code, message: error.message };
    }
  }

  private timeOut(request: WorkerRequest): Promise<WorkerRequest> {
    const { requests, clock } = this.parts;
    const message = `It was not granted within its time. At last: ${request.state.message}`;
    return requests.update(request.id, stepOf(request, 'time-out'), (it) =>
      it.fail({ code: 'request-timed-out', message }, clock.now()),
    );
  }

  private expire(request: WorkerRequest): Promise<WorkerRequest> {
    const message = this.whyOver(request.state);
    if (message === null) return Promise.resolve(request);
    const { requests, clock } = this.parts;
    return requests.update(request.id, stepOf(request, 'expire'), (it) => it.expire(message, clock.now()));
  }

  private mayGoOn(request: WorkerRequestState): boolean {
    return request.state !== 'ready' || this.whyOver(request) !== null;
  }

  private whyOver({ until, assignmentId }: WorkerRequestState): string | null {
    if (until && until <= this.parts.clock.now()) return 'Its time is over.';
    const ended = assignmentId === null ? null : this.parts.directory.find(assignmentId)?.ended;
    return ended ? `The assignment was ended: ${ended.cause}.` : null;
  }
}
