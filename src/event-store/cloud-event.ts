import { CloudEvent } from 'cloudevents';
import { type DomainEvent, type EventRecord } from '../kernel/domain-event';

/**
 * A stored event as the outside sees it: CloudEvents 1.0, with who, why and as part of what in extension attributes,
 * whose names may only hold lower-case letters and digits (CloudEvents 1.0.2, "Attribute naming convention"). What its
 * class hides is left out of the data.
 * @param installation the id of the installation that stored it
 * @throws RangeError for an event that is not stored yet
 */
export function toCloudEvent<D extends object>(
  event: DomainEvent<string, D>,
  installation: string,
): CloudEvent<Partial<D>> {
  const { type, aggregateId, data, hidden, record } = event;
  if (!record) throw new RangeError(`${type} of ${aggregateId} is not stored yet`);
  return new CloudEvent({
    ...attributesOf(event, record, installation),
    data: without(data, hidden),
  });
}

/** A copy that lacks the members that the paths name, `launch.userData`. */
function without(data: object, paths: readonly string[]): object {
  const shown = Object.entries(data).filter(([name]) => !paths.includes(name));
  return Object.fromEntries(
    shown.map(([name, value]) => {
      const within = paths.flatMap((path) =>
        path.startsWith(`${name}.`) ? path.slice(name.length + 1) : [],
      );
      const isPart = within.length > 0 && typeof value === 'object' && value !== null;
      return [name, isPart ? without(value as object, within) : (value as unknown)];
    }),
  );
}

/** The name of a stored type for the outside. */
export function cloudEventType(type: string, schema: number): string {
  return `io.cml-fleet.${type}.v${schema}`;
}

/** All but the data. */
export function attributesOf(
  { type, schema, aggregateId }: Pick<DomainEvent, 'type' | 'schema' | 'aggregateId'>,
  record: EventRecord,
  installation: string,
) {
  return {
    id: record.id,
    source: `/installations/${installation}`,
    type: cloudEventType(type, schema),
    subject: aggregateId,
    time: record.at.toISOString(),
    datacontenttype: 'application/json',
    actor: record.actor,
    correlationid: record.correlationId,
    version: record.version,
    ...(record.reason === null ? {} : { reason: record.reason }),
    ...(record.causationId === null ? {} : { causationid: record.causationId }),
  };
}
