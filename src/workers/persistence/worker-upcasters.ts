import { type EventForm, type Upcaster } from '../../event-store';
import { INSTALLATION_TAG, MANAGED_BY_TAG, WORKER_TAG } from '../domain/owner-tags';
import { type LaunchSettings, plainLaunch } from '../domain/launch-settings';
import { type LaunchRequest } from '../domain/worker-state';

type Data = EventForm['data'];

/** Makes schema 2 of schema 1 by what it changes of the data. */
function toSchema2(type: string, change: (data: Data) => Data): Upcaster {
  const upcast = (event: EventForm): EventForm => ({ ...event, schema: 2, data: change(event.data) });
  return { type, schema: 1, upcast };
}

/** How older forms of the workers' events are read. */
export const WORKER_UPCASTERS: readonly Upcaster[] = [
  // a launch knew one type, one subnet and security groups
  toSchema2('worker.created', (data) => {
    const launch = launchOf(data['instanceType'] as string, data['launch'] as FirstLaunchSettings);
    return { ...data, launch, driftPolicy: null };
  }),
  toSchema2('worker.imported', (data) => ({ ...data, market: null })),
  toSchema2('worker.details-updated', (data) => ({ ...data, driftPolicy: null })),
  // where the launch went, and its tags, stood in the request's text alone
  toSchema2('worker.launch-requested', (data) => {
    const request = data['request'] as { readonly body: string; readonly at: Date };
    // whether it was sent was not recorded: it may have been
    const tried = { tries: 1, triedAt: request.at };
    return { ...data, request: { ...request, ...sentBy(request.body), ...tried } };
  }),
  // the one placement that there was is the one that is tried again
  toSchema2('worker.launch-failed', (data) => ({ ...data, nextPlacement: 0 })),
  // neither why the service was so, nor what the latest sign of use was
  toSchema2('worker.service-status-updated', (data) => ({ ...data, reason: null })),
  toSchema2('worker.telemetry-updated', (data) => ({
    ...data,
    lastActivitySource: null,
    lastActivityKind: null,
  })),
  // nothing but idleness was a cause
  toSchema2('worker.planned-stop-updated', (data) => {
    const plannedStop = data['plannedStop'] as object | null;
    return { ...data, plannedStop: plannedStop && { ...plannedStop, cause: 'idle' } };
  }),
];

/** What the first versions kept for a launch. */
export interface FirstLaunchSettings {
  readonly subnetId: string | null;
  readonly securityGroupIds: readonly string[];
}

export function launchOf(
  instanceType: string,
  { subnetId, securityGroupIds }: FirstLaunchSettings,
): LaunchSettings {
  const subnetIds = subnetId === null ? [] : [subnetId];
  return { ...plainLaunch(instanceType), subnetIds, securityGroupIds };
}

interface RunInstancesBody {
  readonly InstanceType?: string;
  readonly SubnetId?: string;
  readonly TagSpecifications?: readonly {
    readonly ResourceType: string;
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  }[];
}

const OWNER_TAGS: readonly string[] = [MANAGED_BY_TAG, WORKER_TAG, INSTALLATION_TAG];

/** Where a launch went, and people's tags that it carried, by its request's text. */
export function sentBy(body: string): Pick<LaunchRequest, 'placement' | 'tags'> {
  const { InstanceType, SubnetId = null, TagSpecifications = [] } = JSON.parse(body) as RunInstancesBody;
  const tags = TagSpecifications.find(({ ResourceType }) => ResourceType === 'instance')?.Tags ?? [];
  const people = tags.filter(({ Key }) => !OWNER_TAGS.includes(Key));
  return {
    placement: InstanceType === undefined ? null : { instanceType: InstanceType, subnetId: SubnetId },
    tags: Object.fromEntries(people.map(({ Key, Value }) => [Key, Value])),
  };
}
