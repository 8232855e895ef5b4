import { type WorkerState } from '../domain/worker-state';

/** What no two workers may have at once, as keys of reservations; a worker that ended or was released holds none. */
export function keysOf(state: WorkerState): string[] {
  if (state.status === 'TERMINATED' || state.releasedAt) return [];
  const name = `name:${state.name.toLowerCase()}`;
  const { awsRegion, awsInstanceId } = state;
  return awsInstanceId === null ? [name] : [name, instanceKey(awsRegion, awsInstanceId)];
}

/** The key of an instance: whoever holds it lets nobody import it. */
export function instanceKey(awsRegion: string, awsInstanceId: string): string {
  return `instance:${awsRegion}/${awsInstanceId}`;
}

/** The key as people would say it. */
export function describeKey(key: string): string {
  const value = key.slice(key.indexOf(':') + 1);
  return kindOfKey(key) === 'name' ? `The name "${value}"` : `The instance ${value}`;
}

export function kindOfKey(key: string): 'name' | 'instance' {
  return key.startsWith('name:') ? 'name' : 'instance';
}
