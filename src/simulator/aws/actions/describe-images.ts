import { AwsError } from '../aws-error';
import { type Ec2Action } from './ec2-action';
import { type FilterValues, filterOf } from '../wire/filters';
import { type Image } from '../model/images';
import { items } from '../wire/xml';

export const describeImages: Ec2Action = ({ world, region, params }) => {
  const ids = params.list('ImageId');
  const owners = params.list('Owner').map((owner) => (owner === 'self' ? world.options.accountId : owner));
  const missing = ids.filter((id) => !region.images.some((image) => image.id === id));
  if (missing.length > 0) {
    throw new AwsError('InvalidAMIID.NotFound', `The image ids '[${missing.join(', ')}]' do not exist`);
  }
  const matches = filterOf(params, imageFilterValues);
  const images = region.images.filter(
    (image) =>
      (ids.length === 0 || ids.includes(image.id)) &&
      (owners.length === 0 || owners.includes(image.ownerId)) &&
      matches(image),
  );
  return {
    imagesSet: items(images, (image) => ({
      imageId: image.id,
      imageLocation: `${image.ownerId}/${image.name}`,
      imageState: 'available',
      imageOwnerId: image.ownerId,
      isPublic: image.public,
      architecture: 'x86_64',
      imageType: 'machine',
      name: image.name,
      description: image.description,
      rootDeviceType: 'ebs',
      rootDeviceName: '/dev/sda1',
      virtualizationType: 'hvm',
      creationDate: image.createdAt.toISOString(),
    })),
  };
};

const imageFilterValues: FilterValues<Image> = (image, name) => {
  switch (name) {
    case 'name':
      return [image.name];
    case 'image-id':
      return [image.id];
    case 'owner-id':
      return [image.ownerId];
    case 'is-public':
      return [String(image.public)];
    case 'state':
      return ['available'];
    case 'architecture':
      return ['x86_64'];
    case 'root-device-type':
      return ['ebs'];
    case 'virtualization-type':
      return ['hvm'];
    default:
      return null;
  }
};
