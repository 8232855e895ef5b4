import { type CloudEvent } from 'cloudevents';

/** Which events somebody wants to see; what is not stated does not matter. */
export interface CloudEventFilter {
  /** `worker.status-updated` whatever its schema, or `worker.*` for all of a kind */
  readonly types?: readonly string[];
  readonly actor?: string;
  readonly correlationId?: string;
  /** fleet time, both ends included */
  readonly from?: Date;
  readonly to?: Date;
}

export function passes(event: CloudEvent<unknown>, filter: CloudEventFilter): boolean {
  const { types, actor, correlationId, from, to } = filter;
  if (types && !types.some((type) => isOfType(storedTypeOf(event.type), type))) return false;
  if (actor !== undefined && event.actor !== actor) return false;
  if (correlationId !== undefined && event.correlationid !== correlationId) return false;
  const at = Date.parse(event.time ?? '');
  return (!from || at >= from.getTime()) && (!to || at <= to.getTime());
}

/** `worker.created` of `io.cml-fleet.worker.created.v1`; other texts stay as they are. */
export function storedTypeOf(type: string): string {
  return type.replace(/^io\.cml-fleet\./, '').replace(/\.v\d+$/, '');
}

function isOfType(type: string, wanted: string): boolean {
  return wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
