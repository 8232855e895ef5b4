import { type Budget } from './verify-budget';

/** How fast it goes. */
export interface Pace {
  /** fleet seconds in a second */
  readonly speed: number;
  /** fleet minutes that nobody may have used a worker for */
  readonly thresholdMinutes: number;
  /** fleet minutes before the stop at which people hear of it */
  readonly stagesMinutes: readonly number[];
}

/** An instance is ready in five seconds, and nobody has used it for long in twenty. */
export const QUICK: Pace = { speed: 60, thresholdMinutes: 20, stagesMinutes: [8, 4] };

/** A process that slept wakes up before the stop that it was about to announce. */
export const PATIENT: Pace = { speed: 30, thresholdMinutes: 20, stagesMinutes: [19, 3] };

/** Narrow enough that stops have to wait for it. */
export const BUDGET: Budget = { stops: 4, windowMinutes: 10 };

/** A turn every two seconds: one that takes longer than six counts as a time without turns. Short windows, and the one channel of notices. */
export function reaperSettings(
  { thresholdMinutes, stagesMinutes }: Pace,
  { awsEndpoint, cmlProxy }: { readonly awsEndpoint: string; readonly cmlProxy: string },
  noticeUrl: string,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_EC2: awsEndpoint,
    AWS_ENDPOINT_URL_STS: awsEndpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: awsEndpoint,
    FLEET_CML_PROXY: cmlProxy,
    FLEET_REAPER_CRON: '*/2 * * * * *',
    FLEET_IDLE_THRESHOLD_MINUTES: String(thresholdMinutes),
    FLEET_IDLE_WARNING_MINUTES: stagesMinutes.join(','),
    FLEET_CML_ACTIVITY_SECONDS: '60',
    // 10 s and more of machine time: longer than it takes until another process reads in the place of a dead one
    FLEET_IDLE_MAX_READING_AGE_SECONDS: '600',
    FLEET_STOP_BUDGET_STOPS: String(BUDGET.stops),
    FLEET_STOP_BUDGET_PERCENT: '100',
    FLEET_STOP_BUDGET_WINDOW_MINUTES: String(BUDGET.windowMinutes),
    FLEET_CLOUDWATCH_SECONDS: '0',
    FLEET_ORPHANS_SECONDS: '0',
    FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    FLEET_NOTICE_WEBHOOK_URL: noticeUrl,
    FLEET_NOTICE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  };
}
