import { type InvalidInput } from '../../kernel/domain-error';
import { launchOrder, type LaunchWish } from './launch-order';
import { plainLaunch } from './launch-settings';
import { type ResolvedTemplate } from './template-source';

const NOTHING: LaunchWish = {
  ...{ instanceTypes: null, subnetIds: null, securityGroupIds: null, market: null },
  ...{ amiId: null, amiName: null, amiOwners: null, tags: {}, cmlVersion: null },
};
const TEMPLATE: ResolvedTemplate = {
  ...{ amiId: null, amiName: 'cml*', tags: { course: 'routing', cost: '17' }, cmlVersion: '2.9.0' },
  launch: {
    ...plainLaunch('m5zn.metal'),
    instanceTypes: ['m5zn.metal', 'c5.metal'],
    subnetIds: ['subnet-1', 'subnet-2'],
    securityGroupIds: ['sg-1'],
    ...{ keyName: 'lab', userData: '#!/bin/sh', market: 'spot', amiOwners: ['self'] },
    template: { id: 't-1', name: 'routing', version: 3 },
  },
};

describe('what is launched', () => {
  it('is what the template says', () => {
    const { launch, ...rest } = TEMPLATE;
    expect(launchOrder(NOTHING, TEMPLATE)).toEqual({ ...rest, launch, instanceType: 'm5zn.metal' });
  });

  it('is what the wish says, without a template', () => {
    const wish = {
      ...NOTHING,
      instanceTypes: ['c5.metal', 'c5.large'],
      amiName: 'cml*',
      subnetIds: ['subnet-3'],
    };
    expect(launchOrder({ ...wish, amiOwners: ['self'], market: 'spot' }, null)).toEqual({
      ...{ instanceType: 'c5.metal', amiId: null, amiName: 'cml*', tags: {}, cmlVersion: null },
      launch: {
        ...plainLaunch('c5.metal'),
        instanceTypes: ['c5.metal', 'c5.large'],
        ...{ subnetIds: ['subnet-3'], market: 'spot', amiOwners: ['self'] },
      },
    });
  });

  it('is what the wish says where it says something', () => {
    const wish: LaunchWish = {
      ...{ instanceTypes: ['c5.large'], subnetIds: [], securityGroupIds: ['sg-2'], market: 'on-demand' },
      ...{ amiId: 'ami-1', amiName: null, amiOwners: null, tags: { course: 'bgp' }, cmlVersion: '2.8.1' },
    };
    expect(launchOrder(wish, TEMPLATE)).toEqual({
      ...{ instanceType: 'c5.large', amiId: 'ami-1', amiName: null, cmlVersion: '2.8.1' },
      tags: { course: 'bgp', cost: '17' },
      launch: {
        ...TEMPLATE.launch,
        ...{ instanceTypes: ['c5.large'], subnetIds: [], securityGroupIds: ['sg-2'], market: 'on-demand' },
        amiOwners: [],
      },
    });
  });

  it('finds another name among the owners that the template names', () => {
    const { amiName, launch } = launchOrder({ ...NOTHING, amiName: 'cml-2.8*' }, TEMPLATE);
    expect([amiName, launch.amiOwners]).toEqual(['cml-2.8*', ['self']]);
  });

  const many = Object.fromEntries(Array.from({ length: 39 }, (_, index) => [`k${index}`, '']));
  it.each<[string, LaunchWish, ResolvedTemplate | null, string]>([
    ['a type', { ...NOTHING, amiName: 'cml*' }, null, '/instanceType'],
    ['an image', { ...NOTHING, instanceTypes: ['c5.large'] }, null, '/amiId'],
    ['fewer tags', { ...NOTHING, tags: many }, TEMPLATE, '/tags'],
  ])('needs %s', (_what, wish, template, pointer) => {
    let faults: readonly { pointer: string }[] = [];
    try {
      launchOrder(wish, template);
    } catch (error) {
      faults = (error as InvalidInput).faults;
    }
    expect(faults.map((fault) => fault.pointer)).toEqual([pointer]);
  });
});
