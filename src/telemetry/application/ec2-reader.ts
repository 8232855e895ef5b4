import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import {
  ComputeError,
  type InstanceHealth,
  type InstanceReading,
  type SpotInterruption,
} from '../../workers';
import { type ObservationError } from '../domain/observation';
import { type AboutInstances, type AnswerByIds, InstanceSource, type Listing } from './ec2.ports';

/**
 * So many instances are asked for by id in one sweep, in a dozen calls: a region that shows nothing at all must not
 * lead to a call for each hundred of thousands, just when AWS is in trouble.
 */
export const ASKED_BY_ID = 1_000;

/** What was read of a region's instances, or of some. Instances in none of the three lists were not asked for. */
export interface Ec2Outcome {
  readonly region: string;
  /** fleet time at which the first call was begun */
  readonly begunAt: Date;
  /** null where one worker was read, and no region swept */
  readonly sweepId: string | null;
  /** the account of the credentials; null if AWS does not tell */
  readonly accountId: string | null;
  readonly instances: readonly InstanceReading[];
  /** asked for by id, and unknown to EC2 */
  readonly notFound: ReadonlySet<string>;
  /** asked for, one way or the other, and not answered because of `error` */
  readonly unread: ReadonlySet<string>;
  readonly error: ObservationError | null;
  /** why checks, scheduled events or interruptions were not read; null where they were, or not asked for */
  readonly healthError: ObservationError | null;
}

type Read = Pick<Ec2Outcome, 'instances' | 'notFound' | 'unread' | 'error' | 'healthError'>;

/** A listing of a region, and what goes with it. */
export interface RegionListing {
  readonly listing: Listing;
  readonly health: AboutInstances<InstanceHealth>;
  readonly accountId: string | null;
  readonly begunAt: Date;
}

const NOTHING: AnswerByIds = { found: [], notFound: [], error: null };
const NO_INTERRUPTIONS: AboutInstances<SpotInterruption> = { byInstance: new Map(), error: null };

/** Asks EC2 about the instances of workers. What AWS refuses is a part of what it answers; other errors are thrown. */
@Injectable()
export class Ec2Reader {
  constructor(
    private readonly source: InstanceSource,
    private readonly clock: FleetClock,
  ) {}

  /** The listing, EC2's checks beside it, and the account whose it is. */
  async list(region: string): Promise<RegionListing> {
    const begunAt = this.clock.now();
    const [listing, health, accountId] = await Promise.all([
      this.source.listManaged(region),
      this.source.health(region),
      this.accountOf(region),
    ]);
    return { listing, health, accountId, begunAt };
  }

  /**
   * What a listing means for the instances of workers. Those that a complete one lacks may have lost their tag, or may
   * be missing from EC2's read side at this moment, so they are asked for by id before anything follows from that; the
   * first of `ids` are, as many as one sweep may ask for. Those that a partial one lacks were just not read.
   */
  async complement(
    region: string,
    { listing, health }: RegionListing,
    ids: readonly string[],
  ): Promise<Read> {
    const listed = new Set(listing.instances.map(({ instanceId }) => instanceId));
    const absent = ids.filter((id) => !listed.has(id));
    const asked = listing.error ? [] : absent.slice(0, ASKED_BY_ID);
    const answer = await this.ask(region, asked);
    const unread = listing.error ? new Set(absent) : answer.unread;
    const error = listing.error ? this.errorOf(listing.error) : answer.error;
    const instances = [...listing.instances, ...answer.instances];
    return { ...answer, ...(await this.withHealth(region, instances, health)), unread, error };
  }

  /** Instances by id. */
  async ask(region: string, ids: readonly string[]): Promise<Read> {
    const { found, notFound, error } = ids.length > 0 ? await this.source.listByIds(region, ids) : NOTHING;
    const answered = new Set([...found.map(({ instanceId }) => instanceId), ...notFound]);
    const unread = new Set(error ? ids.filter((id) => !answered.has(id)) : []);
    const refused = error && this.errorOf(error);
    return { instances: found, notFound: new Set(notFound), unread, error: refused, healthError: null };
  }

  /** Spot requests are asked about only where there are spot instances. */
  private async withHealth(
    region: string,
    instances: readonly InstanceReading[],
    health: AboutInstances<InstanceHealth>,
  ): Promise<Pick<Read, 'instances' | 'healthError'>> {
    const spot = instances.filter(({ market }) => market === 'spot').map(({ instanceId }) => instanceId);
    const taken = spot.length > 0 ? await this.source.interruptions(region, spot) : NO_INTERRUPTIONS;
    const error = health.error ?? taken.error;
    return {
      instances: instances.map((instance) => ({
        ...instance,
        health: health.byInstance.get(instance.instanceId) ?? null,
        interruption: taken.byInstance.get(instance.instanceId) ?? null,
      })),
      healthError: error && this.errorOf(error),
    };
  }

  /** Without the account nobody is believed to be gone, which is all that it is needed for. */
  async accountOf(region: string): Promise<string | null> {
    try {
      return await this.source.accountId(region);
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      return null;
    }
  }

  private errorOf({ awsCode, message }: ComputeError): ObservationError {
    return { code: awsCode, message, at: this.clock.now() };
  }
}
