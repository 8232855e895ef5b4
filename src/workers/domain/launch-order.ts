import { InvalidInput } from '../../kernel/domain-error';
import { type LaunchSettings, type Market, plainLaunch } from './launch-settings';
import { type ResolvedTemplate } from './template-source';

/** AWS allows 50 tags, and the fleet's own take some of them. */
export const MOST_TAGS = 40;

/** What a person says about a launch; null is what was left out. */
export interface LaunchWish {
  readonly instanceTypes: readonly string[] | null;
  readonly subnetIds: readonly string[] | null;
  readonly securityGroupIds: readonly string[] | null;
  readonly market: Market | null;
  readonly amiId: string | null;
  readonly amiName: string | null;
  readonly amiOwners: readonly string[] | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly cmlVersion: string | null;
}

export interface LaunchOrder {
  /** the first of the types */
  readonly instanceType: string;
  readonly amiId: string | null;
  readonly amiName: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly cmlVersion: string | null;
  readonly launch: LaunchSettings;
}

/**
 * What is launched by a wish and the template that it names, if any. What the wish says replaces what the template says,
 * lists and the image as a whole; tags are put together, those of the wish win.
 * @throws InvalidInput when something is said by neither, or there are too many tags
 */
export function launchOrder(wish: LaunchWish, template: ResolvedTemplate | null): LaunchOrder {
  const instanceTypes = wish.instanceTypes ?? template?.launch.instanceTypes ?? [];
  const [instanceType] = instanceTypes;
  if (instanceType === undefined) throw fault('/instanceType', 'is required without a template');
  const namesImage = wish.amiId !== null || wish.amiName !== null;
  const { amiId, amiName } = namesImage || !template ? wish : template;
  if (amiId === null && amiName === null) throw fault('/amiId', 'give amiId or amiName, one of them');
  const tags = { ...template?.tags, ...wish.tags };
  if (Object.keys(tags).length > MOST_TAGS) {
    throw fault('/tags', `together with the template's there are more than ${MOST_TAGS} tags`);
  }
  const base = template?.launch ?? plainLaunch(instanceType);
  const launch = {
    ...base,
    instanceTypes,
    subnetIds: wish.subnetIds ?? base.subnetIds,
    securityGroupIds: wish.securityGroupIds ?? base.securityGroupIds,
    market: wish.market ?? base.market,
    // they are about names only
    amiOwners: amiName === null ? [] : (wish.amiOwners ?? base.amiOwners),
  };
  const cmlVersion = wish.cmlVersion ?? template?.cmlVersion ?? null;
  return { instanceType, amiId, amiName, tags, cmlVersion, launch };
}

function fault(pointer: string, message: string): InvalidInput {
  return new InvalidInput([{ pointer, message }]);
}
