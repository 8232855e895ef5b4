/** Which instances are looked for; all that is given must fit. */
export interface DiscoveryFilter {
  readonly amiIds: readonly string[] | null;
  /** name of an image; `*` and `?` are wildcards */
  readonly amiName: string | null;
  /** values may have the wildcards as well */
  readonly tags: Readonly<Record<string, string>>;
}

export interface DiscoveryOrder {
  readonly awsRegions: readonly string[];
  readonly filter: DiscoveryFilter;
  /** whether those without a worker are taken under management */
  readonly import: boolean;
}

/** An instance that fits. Null is what EC2 did not say. */
export interface FoundInstance {
  readonly awsRegion: string;
  readonly awsInstanceId: string;
  readonly name: string | null;
  readonly instanceType: string | null;
  readonly status: string;
  readonly amiId: string | null;
  /** the installation of cml-fleet that its tags name */
  readonly installationId: string | null;
}

/** With the worker that has it; null: none. `installationId` is another installation's; null: none, or ours. */
export interface Candidate extends FoundInstance {
  readonly managedBy: string | null;
}

export interface ImportedInstance {
  readonly awsRegion: string;
  readonly awsInstanceId: string;
  readonly workerId: string;
  readonly name: string;
}

export interface RefusedImport {
  readonly awsRegion: string;
  readonly awsInstanceId: string;
  readonly code: string;
  readonly message: string;
}

export interface FailedRegion {
  readonly awsRegion: string;
  readonly code: string;
  readonly message: string;
}

/** A list that does not grow without end: `count` is of all, `items` are the first of them. */
export interface Bounded<T> {
  readonly count: number;
  readonly items: readonly T[];
}

/** So many of each kind are listed in a result. */
export const LISTED_AT_MOST = 1_000;
