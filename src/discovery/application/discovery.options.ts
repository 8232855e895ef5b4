export interface DiscoveryOptions {
  /** configured ones: what is looked over where nobody names a region, and no other can be named */
  readonly regions: readonly string[];
}

export const DISCOVERY_OPTIONS = Symbol('DiscoveryOptions');
