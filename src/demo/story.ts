import { type World } from '../simulator/world';
import { CAST, type Role } from './cast';
import { type DemoEvent, type DemoWorker } from './fleet-client';
import { type Timeline } from './timeline';

/** One worker at the end, and whether its story went as it must. */
export interface Outcome {
  readonly role: Role;
  readonly status: string;
  readonly stoppedBy: string | null;
  readonly alarmed: boolean;
  /** what is not as it must be, or not yet; null when all is */
  readonly wrong: string | null;
}

/** What became of a worker, by the API's word and by the world's own truth. */
export function outcomeOf(
  role: Role,
  worker: DemoWorker | undefined,
  events: readonly DemoEvent[],
  timeline: Timeline,
  world: World,
): Outcome {
  const stop = events.findLast(
    ({ type, data }) => type.includes('desired-state') && wants(data) === 'STOPPED',
  );
  const alarmed = timeline.notices.some(
    ({ topic, workerName }) => topic === 'unreadable' && workerName === role.name,
  );
  const warned = timeline.notices.some(
    ({ topic, workerName }) => topic === 'stop-planned' && workerName === role.name,
  );
  const facts = { status: worker?.status ?? 'not there', stoppedBy: stop?.actor ?? null, alarmed };
  const used = worker?.awsInstanceId ? world.truth(worker.awsInstanceId).inUse : false;
  return { role, ...facts, wrong: whatIsWrong(role, { ...facts, warned, used }) };
}

function whatIsWrong(
  { fate }: Role,
  facts: { status: string; stoppedBy: string | null; alarmed: boolean; warned: boolean; used: boolean },
): string | null {
  const { status, stoppedBy, alarmed, warned, used } = facts;
  if (fate === 'stopped') {
    if (status !== 'STOPPED') return 'it is not stopped';
    if (stoppedBy !== 'system:reaper') return 'it was not the reaper that stopped it';
    return warned ? null : 'nobody was warned';
  }
  if (status !== 'RUNNING' || stoppedBy !== null) return 'it was not kept';
  if (!used) return 'nobody uses it in truth: the story has no point';
  if (fate === 'kept with an alarm' && !alarmed) return 'there was no alarm';
  return fate === 'kept' && alarmed ? 'there was an alarm for nothing' : null;
}

function wants(data: DemoEvent['data']): unknown {
  const { desired } = data;
  return typeof desired === 'object' && desired !== null && 'state' in desired ? desired.state : null;
}

/** The outcomes as a table. */
export function summaryOf(outcomes: readonly Outcome[], world: World): string[] {
  const rows = outcomes.map(({ role, status, stoppedBy, alarmed, wrong }) => [
    role.name,
    role.people,
    role.fate,
    `${status}${stoppedBy ? ` by ${stoppedBy}` : ''}${alarmed ? ', alarm raised' : ''}`,
    wrong ?? 'as it must be',
  ]);
  const table = [['worker', 'people', 'must be', 'is', 'verdict'], ...rows];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`;
  return [...table.map(line), `  stops that hit a running lab: ${world.interruptions().length}`];
}

/** Whether the story is told: every worker came to its end, and nobody was interrupted. */
export function isTold(outcomes: readonly Outcome[], world: World): boolean {
  const complete = outcomes.length === CAST.length && outcomes.every(({ wrong }) => wrong === null);
  return complete && world.interruptions().length === 0;
}
