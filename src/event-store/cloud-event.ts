import { CloudEvent } from 'cloudevents';
import { type DomainEvent } from '../kernel/domain-event';

/**
 * A stored event as the outside sees it: CloudEvents 1.0, with who, why and as part of what in extension attributes,
 * whose names may only hold lower-case letters and digits (CloudEvents 1.0.2, "Attribute naming convention").
 * @param installation the id of the installation that stored it
 * @throws RangeError for an event that is not stored yet
 */
export function toCloudEvent<D extends object>(
  event: DomainEvent<string, D>,
  installation: string,
): CloudEvent<Readonly<D>> {
  const { type, schema, aggregateId, data, record } = event;
  if (!record) throw new RangeError(`${type} of ${aggregateId} is not stored yet`);
  return new CloudEvent({
    id: record.id,
    source: `/installations/${installation}`,
    type: `io.cml-fleet.${type}.v${schema}`,
    subject: aggregateId,
    time: record.at.toISOString(),
    datacontenttype: 'application/json',
    data,
    actor: record.actor,
    correlationid: record.correlationId,
    version: record.version,
    ...(record.reason === null ? {} : { reason: record.reason }),
    ...(record.causationId === null ? {} : { causationid: record.causationId }),
  });
}
