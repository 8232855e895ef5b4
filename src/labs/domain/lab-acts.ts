import { AggregateRoot } from '../../kernel/aggregate-root';
import {
  AllLabsStopRequested,
  type AskedLab,
  type LabAnswer,
  type LabEvent,
  type LabRequest,
  LabRequestAnswered,
  LabStartRequested,
  LabStopRequested,
} from './lab-events';

/** Times are fleet time. */
export interface LabAct {
  readonly labId: string;
  readonly request: LabRequest;
  readonly by: string;
  readonly at: Date;
}

export interface LabActsState {
  /** what was asked last of each lab, oldest first; of the labs that were asked of most lately */
  readonly latest: readonly LabAct[];
  /** who had all labs stopped last */
  readonly stopAll: { readonly by: string; readonly at: Date } | null;
}

/** Of so many labs the state keeps the latest request. */
const KEPT_LABS = 500;

const NOTHING: LabActsState = { latest: [], stopAll: null };

/** What people asked for the labs of one worker. */
export class LabActs extends AggregateRoot<LabActsState, LabEvent> {
  /** Of a worker whose labs nobody asked anything of. */
  static open(workerId: string): LabActs {
    return new LabActs(workerId, NOTHING, 0);
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    workerId: string,
    events: readonly LabEvent[],
    { state, version }: { state: LabActsState; version: number } = { state: NOTHING, version: 0 },
  ): LabActs {
    return new LabActs(workerId, events.reduce(evolve, state), version + events.length);
  }

  requested(request: LabRequest, lab: AskedLab, requestedBy: string, requestedAt: Date): void {
    const { labId, title, owner } = lab;
    const Event = request === 'start' ? LabStartRequested : LabStopRequested;
    this.record(new Event(this.id, { labId, title, owner, requestedAt, requestedBy }));
  }

  stopAllRequested(requestedBy: string, requestedAt: Date): void {
    this.record(new AllLabsStopRequested(this.id, { requestedAt, requestedBy }));
  }

  answered(
    { labId, request }: { labId: string; request: LabRequest },
    { answer, message }: { answer: LabAnswer; message: string | null },
    answeredAt: Date,
  ): void {
    this.record(new LabRequestAnswered(this.id, { labId, request, answer, message, answeredAt }));
  }

  protected evolve(state: LabActsState, event: LabEvent): LabActsState {
    return evolve(state, event);
  }
}

function evolve(state: LabActsState, event: LabEvent): LabActsState {
  switch (event.type) {
    case 'labs.start-requested':
      return withAct(state, { request: 'start', ...event.data });
    case 'labs.stop-requested':
      return withAct(state, { request: 'stop', ...event.data });
    case 'labs.stop-all-requested':
      return { ...state, stopAll: { by: event.data.requestedBy, at: event.data.requestedAt } };
    case 'labs.request-answered': {
      const { labId, answer } = event.data;
      const came = answer === 'accepted' || answer === 'unknown';
      // what was refused changes nothing, so no change that is observed later is due to it
      return came ? state : { ...state, latest: state.latest.filter((act) => act.labId !== labId) };
    }
  }
}

function withAct(
  state: LabActsState,
  {
    labId,
    request,
    requestedBy: by,
    requestedAt: at,
  }: AskedLab & {
    readonly request: LabRequest;
    readonly requestedBy: string;
    readonly requestedAt: Date;
  },
): LabActsState {
  const others = state.latest.filter((act) => act.labId !== labId);
  return { ...state, latest: [...others, { labId, request, by, at }].slice(-KEPT_LABS) };
}
