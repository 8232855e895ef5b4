import { AggregateRoot } from '../../kernel/aggregate-root';
import { MINUTE, plus } from '../../kernel/clocks';
import { RequestEnded } from './request-errors';
import {
  WorkerRequestCancelled,
  type WorkerRequestEvent,
  WorkerRequestExpired,
  WorkerRequestFailed,
  WorkerRequestMade,
  WorkerRequestProgressed,
  WorkerRequestReady,
  WorkerRequestWorkerChosen,
  WorkerRequestWorkerLost,
} from './worker-request-events';
import { type RequestFailure, type RequestOrder, type WorkerRequestState } from './worker-request-state';

/** A request that is not granted by then has failed. */
export const REQUEST_TIMEOUT_MS = 60 * MINUTE;

/**
 * Somebody's request for a worker, from asking to the end of its use. What comes too late for its state changes nothing:
 * a step that was decided on an older state is looked at again by whoever decided it.
 */
export class WorkerRequest extends AggregateRoot<WorkerRequestState, WorkerRequestEvent> {
  static make(id: string, order: RequestOrder, now: Date): WorkerRequest {
    const request = new WorkerRequest(id, NO_STATE, 0);
    const deadline = plus(now, REQUEST_TIMEOUT_MS);
    request.record(new WorkerRequestMade(id, { ...order, requestedAt: now, deadline }));
    return request;
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly WorkerRequestEvent[],
    { state, version }: { state: WorkerRequestState; version: number } = { state: NO_STATE, version: 0 },
  ): WorkerRequest {
    return new WorkerRequest(id, events.reduce(evolve, state), version + events.length);
  }

  /** Waiting or starting: nothing is granted yet. */
  get isPending(): boolean {
    return this.state.state === 'waiting' || this.state.state === 'starting';
  }

  progress(message: string, at: Date): void {
    if (!this.isPending || message === this.state.message) return;
    this.record(new WorkerRequestProgressed(this.id, { userId: this.state.userId, message, at }));
  }

  choose(workerId: string, message: string, at: Date): void {
    if (this.state.state !== 'waiting') return;
    const { userId } = this.state;
    this.record(new WorkerRequestWorkerChosen(this.id, { userId, workerId, message, at }));
  }

  lose(workerId: string, message: string, at: Date): void {
    if (this.state.state !== 'starting' || this.state.workerId !== workerId) return;
    const { userId } = this.state;
    this.record(new WorkerRequestWorkerLost(this.id, { userId, workerId, message, at }));
  }

  ready(workerId: string, { id: assignmentId, until }: { id: string; until: Date }, at: Date): void {
    if (this.state.state !== 'starting' || this.state.workerId !== workerId) return;
    const { userId } = this.state;
    this.record(new WorkerRequestReady(this.id, { userId, workerId, assignmentId, until, at }));
  }

  fail({ code, message }: RequestFailure, at: Date): void {
    if (!this.isPending) return;
    const { userId, workerId } = this.state;
    this.record(new WorkerRequestFailed(this.id, { userId, workerId, code, message, at }));
  }

  /** @throws RequestEnded for one that failed or expired; cancelling twice changes nothing */
  cancel(by: string, at: Date): void {
    const { state, userId, workerId } = this.state;
    if (state === 'cancelled') return;
    if (!this.isPending && state !== 'ready') throw new RequestEnded(this.id, state);
    this.record(new WorkerRequestCancelled(this.id, { userId, workerId, by, at }));
  }

  expire(message: string, at: Date): void {
    if (this.state.state !== 'ready') return;
    const { userId, workerId } = this.state;
    this.record(new WorkerRequestExpired(this.id, { userId, workerId, message, at }));
  }

  protected evolve(state: WorkerRequestState, event: WorkerRequestEvent): WorkerRequestState {
    return evolve(state, event);
  }
}

/** What the first event fills in; nothing reads it before. */
const NO_STATE = {
  ...{ workerId: null, chosenAt: null, assignmentId: null, readyAt: null, until: null },
  ...{ failure: null, endedAt: null },
} as unknown as WorkerRequestState;

function evolve(state: WorkerRequestState, event: WorkerRequestEvent): WorkerRequestState {
  switch (event.type) {
    case 'worker-request.made': {
      const message = 'It was accepted, and a worker is looked for.';
      const { requestedAt: updatedAt } = event.data;
      return { ...state, ...event.data, id: event.aggregateId, state: 'waiting', message, updatedAt };
    }
    case 'worker-request.progressed':
      return { ...state, message: event.data.message, updatedAt: event.data.at };
    case 'worker-request.worker-chosen': {
      const { workerId, message, at } = event.data;
      return { ...state, state: 'starting', workerId, chosenAt: at, message, updatedAt: at };
    }
    case 'worker-request.worker-lost': {
      const { message, at } = event.data;
      return { ...state, state: 'waiting', workerId: null, chosenAt: null, message, updatedAt: at };
    }
    case 'worker-request.ready': {
      const { assignmentId, until, at } = event.data;
      const message = 'The worker is yours.';
      return { ...state, state: 'ready', assignmentId, until, readyAt: at, message, updatedAt: at };
    }
    case 'worker-request.failed': {
      const { code, message, at } = event.data;
      const failure = { code, message };
      return { ...state, state: 'failed', failure, message, endedAt: at, updatedAt: at };
    }
    case 'worker-request.cancelled': {
      const { by, at } = event.data;
      return { ...state, state: 'cancelled', message: `${by} cancelled it.`, endedAt: at, updatedAt: at };
    }
    case 'worker-request.expired': {
      const { message, at } = event.data;
      return { ...state, state: 'expired', message, endedAt: at, updatedAt: at };
    }
  }
}
