import { HOUR, plus } from '../../kernel/clocks';
import { DomainError } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { NoteUse, StartWorker, type WorkerState } from '../../workers';
import { type Assignment, spanOf } from '../domain/assignment';
import { AssignmentOverlaps, QuotaExceeded } from '../domain/assignment-errors';
import { type RequestFailure } from '../domain/worker-request-state';
import { type WorkerRequest } from '../domain/worker-request';
import { findWorker } from './reached-workers';
import { actOf, type RequestParts, stepOf } from './request-parts';
import { progressOf, readinessOf, whyUnfit } from './worker-outlook';

/**
 * Brings a request that has a worker to its assignment. Each call does what is to be done next by what is stored: a seat
 * first, then the start of the worker; when it can be used the use of it is noted, by which no stop that was decided
 * before comes true, and the assignment is granted. Done again after a crash each step finds itself done.
 */
export class RequestGranting {
  constructor(private readonly parts: RequestParts) {}

  /** Answers the request as it is then, still `starting` where there is nothing to be done but to wait. */
  async bring(request: WorkerRequest): Promise<WorkerRequest> {
    const { workerId, chosenAt, deadline } = request.state;
    if (workerId === null) return request;
    const worker = await findWorker(workerId, this.parts.queries);
    if (!worker) return this.lose(request, `The worker ${workerId} is not managed any more.`);
    const against = whyUnfit(worker) ?? whyStopped(worker, chosenAt);
    if (against !== null) return this.lose(request, against);
    if (!(await this.seat(request, worker.id, deadline))) return this.lostSeat(request, worker);
    try {
      if (worker.desired.state === 'STOPPED') return await this.start(request, worker);
      if (readinessOf(worker) === 'available') return await this.grant(request, worker);
    } catch (error) {
      const isRefused = error instanceof DomainError && error.code === 'invalid-transition';
      if (!isRefused) throw error;
      return this.lose(request, error.message);
    }
    return this.progress(request, progressOf(worker, this.parts.machine.now()));
  }

  private async start(request: WorkerRequest, worker: WorkerState): Promise<WorkerRequest> {
    const wish = worker.desired.at.toISOString();
    const started = await this.parts.commands.execute(
      new StartWorker(worker.id, actOf(request, 'start', wish)),
    );
    return this.progress(request, progressOf(started, this.parts.machine.now()));
  }

  private async grant(request: WorkerRequest, worker: WorkerState): Promise<WorkerRequest> {
    const { clock, commands, requests } = this.parts;
    const now = clock.now();
    const until = plus(now, request.state.hours * HOUR);
    if (!(await this.seat(request, worker.id, until))) return this.lostSeat(request, worker);
    const run = worker.runningSince?.toISOString() ?? '';
    await commands.execute(new NoteUse(worker.id, 'keep-alive', actOf(request, 'use', run)));
    const granted = await this.assign(request, worker.id, { from: now, until });
    if ('code' in granted) {
      return requests.update(request.id, stepOf(request, 'refuse'), (it) => it.fail(granted, clock.now()));
    }
    const { id } = granted;
    const end = spanOf(granted).until ?? until;
    const after = await requests.update(request.id, stepOf(request, 'ready'), (it) =>
      it.ready(worker.id, { id, until: end }, clock.now()),
    );
    // cancelled meanwhile: what was granted for it goes back
    if (after.state.assignmentId !== id) await this.takeBack(after, id);
    return after;
  }

  private async assign(
    request: WorkerRequest,
    workerId: string,
    { from, until }: { from: Date; until: Date },
  ): Promise<Assignment | RequestFailure> {
    const { users, options } = this.parts;
    const { userId, labId, reason, chosenAt } = request.state;
    const context = stepOf(request, 'grant');
    const id = derivedId('assignment', request.id, workerId, chosenAt?.toISOString() ?? '');
    const given = { id, workerId, labId, from, until, by: context.actor, reason, grantedAt: from };
    try {
      const user = await users.change(userId, context, (it) =>
        it.grant(userId, { ...given, requestId: request.id }, options.userWorkers),
      );
      const found = user.state.assignments.find((it) => it.id === id);
      return found ?? { code: 'assignment-not-found', message: 'What was granted for it is over.' };
    } catch (error) {
      if (!(error instanceof QuotaExceeded || error instanceof AssignmentOverlaps)) throw error;
      return { code: error.code, message: error.message };
    }
  }

  private async takeBack(request: WorkerRequest, assignmentId: string): Promise<void> {
    const { users, clock } = this.parts;
    const context = stepOf(request, 'take-back', assignmentId);
    await users.change(request.state.userId, context, (user) =>
      user.end(assignmentId, 'request-ended', { by: context.actor, at: clock.now() }),
    );
  }

  /** Whether the request has a seat on the worker until then. */
  private async seat(request: WorkerRequest, workerId: string, until: Date): Promise<boolean> {
    const { seats, clock, directory, options } = this.parts;
    const { userId, hours } = request.state;
    const now = clock.now();
    const assigned = directory.usersWithin({ from: now, until: plus(now, hours * HOUR) }).get(workerId) ?? [];
    const users = assigned.filter((it) => it.requestId !== request.id).map((it) => it.userId);
    // the id names the time: a seat may have been lost since an earlier try
    const context = stepOf(request, 'seat', until.toISOString(), now.toISOString());
    const after = await seats.change(workerId, context, (it) => {
      const room = { capacity: options.usersPerWorker, users };
      it.take({ requestId: request.id, userId, until }, room, clock.now());
    });
    return after.takenAt(clock.now()).some((it) => it.requestId === request.id && it.until >= until);
  }

  private lostSeat(request: WorkerRequest, { name }: WorkerState): Promise<WorkerRequest> {
    return this.lose(request, `Somebody else got the last place on the worker "${name}".`);
  }

  private lose(request: WorkerRequest, message: string): Promise<WorkerRequest> {
    const { requests, clock } = this.parts;
    const workerId = request.state.workerId ?? '';
    return requests.update(request.id, stepOf(request, 'lose'), (it) =>
      it.lose(workerId, message, clock.now()),
    );
  }

  private progress(request: WorkerRequest, message: string): Promise<WorkerRequest> {
    if (message === request.state.message) return Promise.resolve(request);
    const { requests, clock } = this.parts;
    return requests.update(request.id, stepOf(request, 'progress'), (it) =>
      it.progress(message, clock.now()),
    );
  }
}

/** A worker that was stopped after it was chosen is not started against whoever stopped it. */
function whyStopped({ name, desired }: WorkerState, chosenAt: Date | null): string | null {
  if (desired.state !== 'STOPPED' || chosenAt === null || desired.at <= chosenAt) return null;
  return `The worker "${name}" was stopped meanwhile.`;
}
