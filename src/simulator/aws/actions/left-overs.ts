import { AwsError } from '../aws-error';
import { type ElasticAddress } from '../model/elastic-address';
import { type Volume } from '../model/volumes';
import { type FilterValues, filterOf, tagFilterValues } from '../wire/filters';
import { pageOf } from '../wire/pagination';
import { items, type Xml } from '../wire/xml';
import { type Ec2Action } from './ec2-action';
import { tagsXml } from './instance-xml';

export const describeVolumes: Ec2Action = ({ region, params, reading }) => {
  const time = region.readTime;
  const ids = params.list('VolumeId');
  const missing = ids.find((id) => !region.volumes.get(id)?.stateAt(time));
  if (missing !== undefined) throw noVolume(missing);
  const matches = filterOf(params, volumeFilterValues(time));
  const page = pageOf(
    params,
    [...region.volumes.values()],
    (volume) =>
      volume.stateAt(time) !== null && (ids.length === 0 || ids.includes(volume.id)) && matches(volume),
  );
  const listed = reading.listingOf(
    page.items,
    ({ id }) => id,
    ({ tags }) => tags.at(time) ?? new Map(),
  );
  return { volumeSet: items(listed, (volume) => volumeXml(volume, time)), nextToken: page.nextToken };
};

/** @throws AwsError VolumeInUse, InvalidVolume.NotFound */
export const deleteVolume: Ec2Action = ({ region, params }) => {
  const id = params.get('VolumeId') ?? '';
  const volume = region.volumes.get(id);
  const state = volume?.stateAt(region.now);
  if (!volume || !state) throw noVolume(id);
  const holder = volume.holderAt(region.now);
  if (holder) {
    throw new AwsError('VolumeInUse', `Volume ${id} is currently attached to ${holder.id}`);
  }
  volume.delete(region.now);
  return { return: true };
};

export const describeAddresses: Ec2Action = ({ region, params, reading }) => {
  const time = region.readTime;
  const ids = params.list('AllocationId');
  const missing = ids.find((id) => !region.addresses.get(id)?.existsAt(time));
  if (missing !== undefined) throw noAddress(missing);
  const matches = filterOf(params, addressFilterValues(time));
  const found = [...region.addresses.values()].filter(
    (address) => address.existsAt(time) && (ids.length === 0 || ids.includes(address.id)) && matches(address),
  );
  const listed = reading.listingOf(
    found,
    ({ id }) => id,
    ({ tags }) => tags.at(time) ?? new Map(),
  );
  return {
    addressesSet: items(listed, (address) => ({
      publicIp: address.publicIp,
      allocationId: address.id,
      domain: 'vpc',
      tagSet: tagsXml(address.tags.at(time)),
    })),
  };
};

/** @throws AwsError InvalidAllocationID.NotFound */
export const releaseAddress: Ec2Action = ({ region, params }) => {
  const id = params.get('AllocationId') ?? '';
  const address = region.addresses.get(id);
  if (!address?.existsAt(region.now)) throw noAddress(id);
  address.releasedAt = region.now;
  return { return: true };
};

function volumeXml(volume: Volume, time: Date): Xml {
  const { spec } = volume;
  const holder = volume.holderAt(time);
  const attachment = holder && {
    volumeId: volume.id,
    instanceId: holder.id,
    device: spec.deviceName,
    status: 'attached',
    attachTime: volume.createdAt.toISOString(),
    deleteOnTermination: spec.deleteOnTermination,
  };
  return {
    volumeId: volume.id,
    size: spec.sizeGiB,
    snapshotId: '',
    availabilityZone: volume.availabilityZone,
    status: volume.stateAt(time) ?? undefined,
    createTime: volume.createdAt.toISOString(),
    attachmentSet: attachment ? { item: [attachment] } : '',
    tagSet: tagsXml(volume.tags.at(time)),
    volumeType: spec.type,
    encrypted: spec.encrypted,
    multiAttachEnabled: false,
  };
}

function volumeFilterValues(time: Date): FilterValues<Volume> {
  return (volume, name) => {
    const holder = volume.holderAt(time);
    switch (name) {
      case 'status':
        return [volume.stateAt(time) ?? []].flat();
      case 'volume-id':
        return [volume.id];
      case 'volume-type':
        return [volume.spec.type];
      case 'availability-zone':
        return [volume.availabilityZone];
      case 'attachment.instance-id':
        return holder ? [holder.id] : [];
      case 'attachment.status':
        return holder ? ['attached'] : [];
      default:
        return tagFilterValues(volume.tags.at(time), name);
    }
  };
}

function addressFilterValues(time: Date): FilterValues<ElasticAddress> {
  return (address, name) => {
    switch (name) {
      case 'allocation-id':
        return [address.id];
      case 'public-ip':
        return [address.publicIp];
      case 'domain':
        return ['vpc'];
      default:
        return tagFilterValues(address.tags.at(time), name);
    }
  };
}

function noVolume(id: string): AwsError {
  return new AwsError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
}

function noAddress(id: string): AwsError {
  return new AwsError('InvalidAllocationID.NotFound', `The allocation ID '${id}' does not exist`);
}
