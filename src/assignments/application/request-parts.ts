import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type ReportError } from '../../event-store';
import { type FleetClock, type MachineClock } from '../../kernel/clocks';
import { type CommandContext, systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type LabUsers, type RequestReadModel, type SeatBook, type WorkerRequests } from '../domain/ports';
import { type WorkerRequest } from '../domain/worker-request';
import { type AssignmentsOptions } from './assignments.options';
import { type LabUserDirectory } from './lab-user-directory';

/** What serves requests for workers. */
export interface RequestParts {
  readonly requests: WorkerRequests;
  readonly records: RequestReadModel;
  readonly seats: SeatBook;
  readonly users: LabUsers;
  readonly directory: LabUserDirectory;
  readonly commands: Pick<CommandBus, 'execute'>;
  readonly queries: Pick<QueryBus, 'execute'>;
  readonly clock: FleetClock;
  readonly machine: MachineClock;
  readonly options: AssignmentsOptions;
  readonly report: ReportError;
}

/**
 * Context of one step for a request as it was at a version: whoever takes the same step again, after a crash or at the
 * same time, finds what was done.
 */
export function stepOf(request: WorkerRequest, step: string, ...more: string[]): CommandContext {
  const commandId = derivedId('worker-request', request.id, String(request.version), step, ...more);
  return systemContext('worker-requests', commandId, {
    correlationId: request.id,
    reason: request.state.reason,
  });
}

/** The same for what counts as the act of the person who asks. */
export function actOf(request: WorkerRequest, step: string, ...more: string[]): CommandContext {
  const { userId, reason } = request.state;
  const because = `request ${request.id}${reason === null ? '' : `: ${reason}`}`;
  return { ...stepOf(request, step, ...more), actor: userId, reason: because };
}
