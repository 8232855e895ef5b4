import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ScheduleModule } from '@nestjs/schedule';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Logger } from 'pino';
import { AccessModule, OidcModule } from './access';
import { AdaptersModule } from './adapters.module';
import { AssignmentsModule } from './assignments';
import { AuditModule } from './audit';
import { ClocksModule } from './clocks.module';
import { issuerOf, signInOf } from './config/oidc-settings';
import { policyOf } from './config/policy-settings';
import { type Settings } from './config/settings';
import { DatabaseModule } from './database.module';
import { DeliveryModule } from './delivery';
import { DiscoveryModule } from './discovery';
import { EventStoreModule } from './event-store';
import { HttpModule } from './http';
import { type FleetClock, type MachineClock, ScaledClock, SystemClock } from './kernel/clocks';
import { type Secret } from './kernel/secret';
import { NoTracer, type Tracer } from './kernel/tracing';
import { LabsModule } from './labs';
import { LicensingModule } from './licensing';
import { MetricsModule } from './metrics';
import { MIGRATED, type Migration, MigrationsModule } from './migrations';
import { FleetProbes, MonitoringModule } from './monitoring';
import { NotificationsModule, StopNoticesModule } from './notifications';
import { OperationsModule } from './operations';
import { OrphansModule } from './orphans';
import { PoliciesModule } from './policies';
import { idlePolicy, ReaperModule } from './reaper';
import { TelemetryModule } from './telemetry';
import { TemplatesModule } from './templates';
import { SecretsModule } from './secrets';
import { SimulationsModule } from './simulations';
import { TracingModule } from './tracing';
import { version } from './version';
import { WebhooksModule } from './webhooks';
import { WorkersModule } from './workers';

/** Who adds itself to SecretHolders. */
const SECRET_HOLDERS = ['webhooks', 'licence pools', 'worker licences', 'workers'];

export interface AppParts {
  readonly logger: Logger;
  /** gets the first admin's key where it is made up; null: it must be set */
  readonly onGeneratedKey?: ((key: Secret) => void) | null;
  /** for tests that move time themselves */
  readonly clocks?: { readonly fleet: FleetClock; readonly machine: MachineClock };
  /** ticks start with the application; off in tests that run them by hand */
  readonly autostart?: boolean;
  /** for tests of how versions follow each other; otherwise all there are */
  readonly migrations?: readonly Migration[];
  /** left out: nothing is traced */
  readonly tracer?: Tracer;
}

/** The whole application: the only place that chooses adapters and hands settings on. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings, parts: AppParts): DynamicModule {
    const {
      logger,
      onGeneratedKey = null,
      clocks = clocksOf(settings),
      autostart = true,
      migrations,
    } = parts;
    const { tracer = new NoTracer() } = parts;
    const persistence = settings.FLEET_PERSISTENCE;
    const regions = settings.FLEET_REGIONS;
    const keyRing = keyRingOf(settings);
    const observeSeconds = settings.FLEET_OBSERVE_SECONDS;
    const activitySeconds = settings.FLEET_CML_ACTIVITY_SECONDS;
    const policy = idlePolicy(policyOf(settings), observeSeconds, activitySeconds);
    const access = AccessModule.forRoot({
      persistence,
      imports: [OidcModule.forRoot(issuerOf(settings), signInOf(settings))],
      bootstrapKey: settings.FLEET_BOOTSTRAP_ADMIN_KEY ?? null,
      onGenerated: onGeneratedKey,
    });
    const workers = WorkersModule.forRoot({
      persistence,
      regions,
      reconcileSeconds: settings.FLEET_RECONCILE_SECONDS,
      driftPolicy: settings.FLEET_DRIFT_POLICY,
      forceOverdueStop: settings.FLEET_FORCE_OVERDUE_STOPS,
      autostart,
    });
    const telemetry = TelemetryModule.forRoot({
      persistence,
      regions,
      observeSeconds,
      activitySeconds,
      licenseSeconds: settings.FLEET_CML_LICENSE_SECONDS,
      cloudwatchSeconds: settings.FLEET_CLOUDWATCH_SECONDS,
      cmlPort: settings.FLEET_CML_PORT,
      address: settings.FLEET_CML_ADDRESS,
      fleetAccount: settings.FLEET_CML_USERNAME !== undefined,
      cpuIdleBelowPercent: policy.cpuIdleBelowPercent,
      maximalAgeSeconds: policy.maxReadingAgeSeconds,
      shrinkAlarmPercent: settings.FLEET_SHRINK_ALARM_PERCENT,
      autostart,
    });
    const reaper = ReaperModule.forRoot({
      persistence,
      observeSeconds,
      cron: settings.FLEET_REAPER_CRON,
      autostart,
    });
    const notices = StopNoticesModule.forRoot({
      ...{ persistence, keyRing, autostart },
      channels: noticeChannelsOf(settings),
      publicUrl: settings.FLEET_PUBLIC_URL ?? null,
    });
    const policies = PoliciesModule.forRoot({
      values: policyOf(settings),
      fleetRules: fleetRulesOf(settings),
      timeZone: settings.FLEET_IDLE_TIME_ZONE,
      sendsMail: settings.FLEET_SMTP_URL !== undefined,
      ...{ observeSeconds, activitySeconds, autostart },
    });
    const templates = TemplatesModule.forRoot({ autostart });
    const orphans = OrphansModule.forRoot({
      persistence,
      regions,
      orphansSeconds: settings.FLEET_ORPHANS_SECONDS,
      autostart,
    });
    const licensing = LicensingModule.forRoot({
      persistence,
      defaultPool: settings.FLEET_LICENSE_POOL ?? null,
      autostart,
    });
    const webhooks = WebhooksModule.forRoot({
      persistence,
      allowedNetworks: settings.FLEET_WEBHOOK_ALLOWED_NETWORKS,
      autostart,
    });
    const monitoring = MonitoringModule.forRoot({
      ...{ regions, version, noticeChannels: channelNamesOf(settings) },
      imports: [workers, templates, policies, telemetry, reaper, orphans, licensing, webhooks],
    });
    return {
      module: AppModule,
      imports: [
        ClocksModule.forRoot(clocks),
        CqrsModule.forRoot(),
        ScheduleModule.forRoot(),
        ...(persistence === 'mongo'
          ? [
              DatabaseModule.forRoot(settings.FLEET_MONGODB_URI, tracer instanceof NoTracer ? null : tracer),
              MigrationsModule.forRoot({ migrations, autostart }),
            ]
          : []),
        EventStoreModule.forRoot({
          persistence,
          keyRing,
          owner: `${hostname()}/${process.pid}/${randomUUID()}`,
          after: MIGRATED,
        }),
        TracingModule.forRoot(tracer),
        MetricsModule.forRoot(metricsOf(settings)),
        AdaptersModule.forRoot(settings),
        access,
        AuditModule.forRoot({ imports: [access, workers] }),
        workers,
        templates,
        policies,
        telemetry,
        licensing,
        AssignmentsModule.forRoot({
          ...{ persistence, autostart },
          userWorkers: settings.FLEET_USER_WORKERS,
          requestTags: settings.FLEET_REQUEST_TAGS,
          usersPerWorker: settings.FLEET_REQUEST_USERS_PER_WORKER,
          maxHours: settings.FLEET_REQUEST_MAX_HOURS,
        }),
        NotificationsModule,
        notices,
        DeliveryModule,
        OperationsModule.forRoot({ persistence, autostart, imports: [workers] }),
        LabsModule.forRoot({ persistence }),
        orphans,
        DiscoveryModule.forRoot({ regions }),
        reaper,
        SimulationsModule.forRoot({
          ...{ persistence, observeSeconds, activitySeconds, cron: settings.FLEET_REAPER_CRON },
          imports: [reaper],
        }),
        webhooks,
        // after those who hold secrets: what they hold must be loaded before anything can be said to be unused
        SecretsModule.forRoot({ persistence, keyRing, holders: SECRET_HOLDERS, autostart }),
        monitoring,
        HttpModule.forRoot({
          logger,
          rateLimitPerMinute: settings.FLEET_RATE_LIMIT_PER_MINUTE,
          keyRing,
          probes: { inject: [FleetProbes], useFactory: (probes: FleetProbes) => probes.all },
          imports: [monitoring, workers],
        }),
      ],
    };
  }
}

function clocksOf(settings: Settings) {
  const machine = new SystemClock();
  const epoch = settings.FLEET_CLOCK_EPOCH ?? machine.now();
  return { machine, fleet: new ScaledClock(machine, epoch, settings.FLEET_CLOCK_SPEED) };
}

/** A process that forgets everything needs no key that outlives it. */
function keyRingOf({ FLEET_SECRETS_KEYS }: Settings) {
  const keys = FLEET_SECRETS_KEYS?.map(({ kid, key }) => ({ kid, key: Buffer.from(key.reveal(), 'base64') }));
  return keys ?? [{ kid: 'process', key: Buffer.from(randomUUID().replaceAll('-', '')) }];
}

function noticeChannelsOf(settings: Settings) {
  const { FLEET_NOTICE_WEBHOOK_URL, FLEET_NOTICE_WEBHOOK_SECRET, FLEET_NOTICE_SLACK_URL } = settings;
  const { FLEET_SMTP_URL, FLEET_NOTICE_EMAIL_FROM, FLEET_NOTICE_EMAIL_TO: to } = settings;
  return {
    webhook:
      FLEET_NOTICE_WEBHOOK_URL && FLEET_NOTICE_WEBHOOK_SECRET
        ? { url: FLEET_NOTICE_WEBHOOK_URL, secret: FLEET_NOTICE_WEBHOOK_SECRET }
        : null,
    slack: FLEET_NOTICE_SLACK_URL ? { url: FLEET_NOTICE_SLACK_URL } : null,
    email:
      FLEET_SMTP_URL && FLEET_NOTICE_EMAIL_FROM
        ? { url: FLEET_SMTP_URL, from: FLEET_NOTICE_EMAIL_FROM, to }
        : null,
    allowedNetworks: settings.FLEET_WEBHOOK_ALLOWED_NETWORKS,
  };
}

/** Those that `noticeChannelsOf` sets up. */
function channelNamesOf(settings: Settings): string[] {
  const { webhook, slack, email } = noticeChannelsOf(settings);
  return Object.entries({ webhook, slack, email }).flatMap(([name, options]) => (options ? [name] : []));
}

function metricsOf({ FLEET_METRICS_PORT: port, FLEET_METRICS_HOST: host }: Settings) {
  return port === undefined ? {} : { ownPort: { host, port } };
}

function fleetRulesOf(settings: Settings) {
  return {
    fleetBudget: {
      stops: settings.FLEET_STOP_BUDGET_STOPS ?? null,
      sharePercent: settings.FLEET_STOP_BUDGET_PERCENT,
      windowMinutes: settings.FLEET_STOP_BUDGET_WINDOW_MINUTES,
    },
    regionBudget: null,
    breakerWindowMinutes: settings.FLEET_STOP_BUDGET_WINDOW_MINUTES,
  };
}
