import { type Observation } from './observation';

/** What is read of a CML server, each at intervals of its own. The system tells first whether the server answers. */
export const CML_SOURCES = ['cml-system', 'cml-labs', 'cml-activity', 'cml-license'] as const;
export type CmlSource = (typeof CML_SOURCES)[number];

/** Failures of one resource that say nothing about the others; after any other nothing else would answer either. */
const OF_ONE_RESOURCE: readonly string[] = ['refused', 'unreadable'];

/** Failures of a server that may let the next one wait, too, until a time-out. */
const SILENT: readonly string[] = ['unreachable', 'timeout', 'not-ready'];

/** Whether what failed with this code (a CmlFailure) was the server, and not one of its resources. */
export function isOfServer(code: string): boolean {
  return !OF_ONE_RESOURCE.includes(code);
}

/** What is remembered of the readings of one source: when, and how they went. */
export type SourceState = Pick<Observation, 'observedAt' | 'lastError' | 'goodReads' | 'failedReads'>;

/** A server's sources; one that was never read is missing. Observations are such states. */
export type SourceStates = { readonly [S in CmlSource]?: SourceState };

/** Fleet time at which the latest reading was begun, however it went. */
export function attemptedAt({ observedAt, lastError }: SourceState): Date | null {
  return lastError?.at ?? observedAt;
}

/**
 * Who is read beside whom. Servers of which a source did not answer at its latest reading have a lane of their own, where
 * they wait for time-outs with their like.
 */
export const LANES = ['answering', 'silent'] as const;
export type Lane = (typeof LANES)[number];

export function laneOf(states: SourceStates): Lane {
  const silent = CML_SOURCES.some((source) => SILENT.includes(states[source]?.lastError?.code ?? ''));
  return silent ? 'silent' : 'answering';
}
