import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { attemptedAt, CML_SOURCES, type CmlSource, isOfServer, type SourceStates } from './cml-source';
import { BOOT_BUDGET_MS, type ServiceHealth } from './service-health';

/** Fleet milliseconds between two readings of each source. */
export type Cadence = Readonly<Record<CmlSource, number>>;

/** What decides beside the readings themselves when a server is read. */
export interface ServerFacts {
  readonly workerId: string;
  /** fleet time; what was read before belongs to an earlier run of the instance, or to another server */
  readonly since: Date;
  readonly serviceStatus: ServiceHealth;
  /** fleet time */
  readonly now: Date;
}

/** While a server comes up its system is read so often, so that it is soon known to be usable. */
const SETTLING_MS = 15 * SECOND;

/** A reading that failed is repeated so soon at first, then at twice the time after each failure. */
const RETRY_MS = MINUTE;
const QUICK_RETRIES = 3;
const LONGEST_RETRY_MS = 5 * MINUTE;

/** Retries come earlier by up to this part, by worker, so that what failed together is not repeated together. */
const RETRY_JITTER = 0.1;

/** A reading later than now by more than this was made by a clock that was wrong; clocks of replicas differ by less. */
const CLOCK_SLACK_MS = MINUTE;

const AT_ONCE = new Date(0);

/**
 * When each source is to be read next. Each has a grid of times by the worker's id, so that the servers of a fleet are
 * spread over an interval; intervals that are multiples of the system's share its grid, so that what is due together is
 * read together. What was read in the future is due at once: our clock stepped back, or another one was ahead. Of a server that does not answer the system is asked alone until it does.
 */
export function dueTimes(
  states: SourceStates,
  facts: ServerFacts,
  cadence: Cadence,
): Readonly<Record<CmlSource, Date>> {
  const system = dueAt('cml-system', states, facts, cadence);
  const silent = isOfServer(states['cml-system']?.lastError?.code ?? 'refused');
  const due = CML_SOURCES.map((source) => {
    const own = source === 'cml-system' ? system : dueAt(source, states, facts, cadence);
    return [source, silent && own < system ? system : own];
  });
  return Object.fromEntries(due) as Record<CmlSource, Date>;
}

function dueAt(source: CmlSource, states: SourceStates, facts: ServerFacts, cadence: Cadence): Date {
  const state = states[source];
  const at = state && attemptedAt(state);
  if (!at || at < facts.since || at > plus(facts.now, CLOCK_SLACK_MS)) return AT_ONCE;
  const interval = cadence[source];
  if (source === 'cml-system' && isSettling(states, facts, at)) {
    return onGrid(source, facts.workerId, at, Math.min(SETTLING_MS, interval), cadence);
  }
  if (state.lastError) return plus(at, retryMs(interval, state.failedReads, facts.workerId));
  return onGrid(source, facts.workerId, at, interval, cadence);
}

/** It boots, within its budget, or answered for the first time and a second answer decides about it. */
function isSettling(
  { 'cml-system': system }: SourceStates,
  { since, serviceStatus }: ServerFacts,
  at: Date,
): boolean {
  const young = at.getTime() - since.getTime() <= BOOT_BUDGET_MS;
  const first = system?.lastError === null && system.goodReads === 1;
  return (serviceStatus === 'STARTING' && young) || (serviceStatus !== 'AVAILABLE' && first);
}

/** The first time of the source's grid after the latest reading. */
function onGrid(source: CmlSource, workerId: string, after: Date, interval: number, cadence: Cadence): Date {
  const base = Math.min(interval, cadence['cml-system']);
  const slot = Math.floor(shareOf(`${workerId}|${source}`) * Math.floor(interval / base));
  const phase = Math.floor(shareOf(workerId) * base) + slot * base;
  const passed = Math.floor((after.getTime() - phase) / interval);
  return new Date(phase + (passed + 1) * interval);
}

function retryMs(interval: number, failedReads: number, workerId: string): number {
  const first = Math.min(interval, RETRY_MS);
  const longest = Math.max(interval, LONGEST_RETRY_MS);
  const doubled = first * 2 ** Math.max(0, failedReads - QUICK_RETRIES);
  return Math.min(doubled, longest) * (1 - RETRY_JITTER * shareOf(workerId));
}

/** 0 to 1, always the same for the same words: FNV-1a, with its bits mixed once more since the ids are alike. */
function shareOf(words: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < words.length; index += 1) {
    hash = Math.imul(hash ^ words.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
