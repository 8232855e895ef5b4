import { plus, SECOND } from '../kernel/clocks';
import { type LaunchRequest } from './aws/model/launch-request';
import { type Region } from './aws/model/region';
import { ROOT_VOLUME } from './aws/model/volumes';
import { type Timings } from './simulator-options';

/** Instances that are there without anybody having launched them through the API. */
export interface Population {
  /** tags of the nth instance, from 0 on */
  readonly tags: (n: number) => Readonly<Record<string, string>>;
  /** in turn; all regions of the world where left out */
  readonly regions?: readonly string[];
  /** c5.2xlarge where left out */
  readonly type?: string;
  /** running where left out */
  readonly state?: 'running' | 'stopped';
  /** fleet seconds since their launch; an hour, or what boots take, where left out */
  readonly ageSeconds?: number;
}

/** What a population settles in. */
interface Settled {
  readonly options: { readonly timings: Timings; readonly regions: readonly string[] };
  region(name: string): Region | undefined;
  cmlImage(region: string): LaunchRequest['image'];
  newId(): string;
}

/** Zones of a region take turns as well. @returns the ids of the instances @throws Error for an unknown region */
export function populate(world: Settled, count: number, population: Population): readonly string[] {
  const { tags, type = 'c5.2xlarge', state = 'running' } = population;
  const names = population.regions ?? world.options.regions;
  const age = population.ageSeconds ?? usualAge(world.options.timings);
  return Array.from({ length: count }, (_, n) => {
    const name = names[n % names.length] ?? '';
    const region = world.region(name);
    if (!region) throw new Error(`the world has no region ${name}`);
    const subnets = region.network.subnets;
    const subnet = subnets[Math.floor(n / names.length) % subnets.length];
    const placement = region.network.place(subnet?.id ?? null, null);
    const request = launchOf(world.cmlImage(name), type, placement, new Map(Object.entries(tags(n))));
    const [instance] = region.launchAt(
      { ...request, clientToken: world.newId() },
      plus(region.now, -age * SECOND),
    );
    if (!instance) throw new Error('nothing was launched');
    if (state === 'stopped') {
      const at = plus(region.now, -(world.options.timings.stopSeconds + 60) * SECOND);
      instance.goAway('stop', at, 'Client.UserInitiatedShutdown');
    }
    return instance.id;
  });
}

function usualAge({ bootSeconds, metalBootSeconds, cmlBootSeconds, stopSeconds }: Timings): number {
  return Math.max(3600, Math.max(bootSeconds, metalBootSeconds) + cmlBootSeconds + stopSeconds + 120);
}

function launchOf(
  image: LaunchRequest['image'],
  type: string,
  placement: LaunchRequest['placement'],
  tags: LaunchRequest['tags'],
): LaunchRequest {
  return {
    ...{ image, type, placement, tags, count: 1, clientToken: '', named: null, publicAddress: true },
    ...{ keyName: null, securityGroupIds: [], httpTokens: 'required', iamProfileArn: null, userData: null },
    ...{ onShutdown: 'stop', volumes: [ROOT_VOLUME], spot: null, volumeTags: tags, spotTags: new Map() },
    ...{ stopProtection: false, terminationProtection: false, fingerprint: '' },
  };
}
