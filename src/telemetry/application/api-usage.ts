/** The calls of one kind that this process may make in one region, as a bucket of tokens, and what became of them. */
export interface ApiBudget {
  readonly kind: string;
  readonly capacity: number;
  readonly refillPerSecond: number;
  /** whole tokens that are there */
  readonly available: number;
  readonly usedLastMinute: number;
  /** how often AWS asked to slow down, all the same */
  readonly throttledLastMinute: number;
  /** calls that wait for their token */
  readonly waiting: number;
}

/** Whether a service of one region is called at all. */
export interface ServiceCircuit {
  readonly service: string;
  /** half-open: it is time that one call tries, or one is trying */
  readonly state: 'closed' | 'open' | 'half-open';
  /** machine time at which it was closed or opened */
  readonly since: Date;
  /** machine time until which nothing is sent; null while closed */
  readonly openUntil: Date | null;
}

export interface RegionApiUsage {
  readonly apiBudget: ApiBudget[];
  readonly circuits: ServiceCircuit[];
}

/** How this process uses the API of AWS. */
export abstract class ApiUsage {
  abstract of(region: string): RegionApiUsage;
}
