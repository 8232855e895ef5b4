import { AwsError } from '../aws-error';
import { type SpotRequest } from '../model/spot-request';
import { filterOf, tagFilterValues } from '../wire/filters';
import { pageOf } from '../wire/pagination';
import { items } from '../wire/xml';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { tagsXml } from './instance-xml';

export const describeSpotInstanceRequests: Ec2Action = (call) => {
  const { region, params, reading } = call;
  const time = region.readTime;
  const wanted = named(call);
  const matches = filterOf<SpotRequest>(params, (request, name) => {
    const status = request.status.at(time);
    if (name === 'state') return status ? [status.state] : [];
    if (name === 'status-code') return status ? [status.code] : [];
    if (name === 'instance-id') return request.instance ? [request.instance.id] : [];
    if (name === 'spot-instance-request-id') return [request.id];
    return tagFilterValues(request.tags.at(time), name);
  });
  const page = pageOf(params, wanted, (request) => request.createdAt <= time && matches(request));
  const listed = reading.listingOf(
    page.items,
    ({ id }) => id,
    ({ tags }) => tags.at(time) ?? new Map(),
  );
  return {
    spotInstanceRequestSet: items(listed, (request) => {
      const step = request.status.stepAt(time);
      return {
        spotInstanceRequestId: request.id,
        type: request.terms.type,
        state: step?.value.state,
        status: {
          code: step?.value.code,
          updateTime: step?.at.toISOString(),
          message: step?.value.code.replaceAll('-', ' '),
        },
        instanceId: request.instance?.id,
        instanceInterruptionBehavior: request.terms.onInterruption,
        createTime: request.createdAt.toISOString(),
        productDescription: 'Linux/UNIX',
        tagSet: tagsXml(request.tags.at(time)),
      };
    }),
    nextToken: page.nextToken,
  };
};

/** The instances stay: they are left without a request, and so can only be terminated. */
export const cancelSpotInstanceRequests: Ec2Action = (call) => {
  const { region } = call;
  const { now } = region;
  const requests = named(call);
  for (const request of requests) region.cancelSpot(request);
  return {
    spotInstanceRequestSet: items(requests, (request) => ({
      spotInstanceRequestId: request.id,
      state: request.status.at(now)?.state,
    })),
  };
};

/** The named requests, or all. @throws AwsError InvalidSpotInstanceRequestID.NotFound */
function named({ region, params }: Ec2Call): SpotRequest[] {
  const ids = params.list('SpotInstanceRequestId');
  if (ids.length === 0) return [...region.spotRequests.values()];
  return ids.map((id) => {
    const request = region.spotRequests.get(id);
    if (request) return request;
    throw new AwsError(
      'InvalidSpotInstanceRequestID.NotFound',
      `The spot instance request ID '${id}' does not exist`,
    );
  });
}
