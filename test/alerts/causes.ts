import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { EventStore, SubscriptionHost } from '../../src/event-store';
import { HOUR, MINUTE, plus, SECOND } from '../../src/kernel/clocks';
import { systemContext } from '../../src/kernel/command-context';
import { StoreUnavailable } from '../../src/kernel/domain-error';
import { LicensePools } from '../../src/licensing/application/license-pools';
import { StopNotices } from '../../src/notifications';
import { NoticeSender } from '../../src/notifications/application/notice-sender';
import { ReaperControls } from '../../src/reaper/domain/control/ports';
import { TelemetrySchedules } from '../../src/telemetry';
import { WorkerReadModel } from '../../src/workers/domain/ports';
import { eventually } from '../support/eventually';
import { type FleetSteps, REGION } from '../support/fleet-steps';
import { type MemoryApp } from '../support/memory-app';

/** How the cause of an alert comes about in an application. */
export interface Cause {
  readonly env?: Readonly<Record<string, string>>;
  /** what is there before, and harms nobody; answers the cause, which answers what ends it */
  readonly prepare: (scene: Scene) => Promise<() => Promise<void | (() => Promise<void> | void)>>;
}

export interface Scene {
  readonly app: MemoryApp;
  readonly fleet: FleetSteps;
  readonly part: <T>(token: abstract new (...args: never[]) => T) => T;
  /** of the metrics, now */
  readonly scrape: () => Promise<string>;
}

const context = () => systemContext('reaper', randomUUID());
const POOL_TOKEN = 'NDNjZDk5ZWYtY2F0LW9mLXRoZS1jYW1wdXM%3D';
const LISTINGS = ['DescribeInstances', 'DescribeInstanceStatus'];

/** EC2 shows nothing of a region in which a worker runs. */
const unreadable: Cause = {
  prepare: async ({ app, fleet }) => {
    await fleet.available();
    return async () => {
      app.simulator.world.faults.add({ region: REGION, actions: LISTINGS, error: 'UnauthorizedOperation' });
      await fleet.minutes(12);
    };
  },
};

/** For each alert what makes it fire. */
export const CAUSES: Readonly<Record<string, Cause>> = {
  NotReady: {
    prepare: ({ app, part }) =>
      Promise.resolve(() => {
        const broken = jest
          .spyOn(part(EventStore), 'logEnd')
          .mockRejectedValue(new StoreUnavailable('the database is away'));
        // what was read a moment ago stands for half a second
        app.clock.advance(SECOND);
        return Promise.resolve(() => broken.mockRestore());
      }),
  },
  ReaperNotRunning: {
    prepare: async ({ app, fleet }) => {
      await fleet.reap();
      return () => Promise.resolve(app.clock.advance(11 * MINUTE));
    },
  },
  ReaperPaused: {
    prepare: ({ app }) =>
      Promise.resolve(async () => {
        const { status } = await app.admin.post('/api/v1/reaper/pause', { reason: 'an exam' });
        expect(status).toBe(200);
      }),
  },
  BreakerTripped: {
    prepare: ({ app, part }) =>
      Promise.resolve(async () => {
        const rules = { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 };
        const running = Array.from({ length: 12 }, (_, at) => ({
          id: `w-${at}`,
          region: REGION,
          policy: null,
        }));
        await part(ReaperControls).change(context(), (control) => {
          for (const worker of running)
            control.take(`d-${worker.id}`, worker, { rules, running }, app.clock.now());
        });
      }),
  },
  StopFailing: {
    prepare: async ({ app, fleet, scrape }) => {
      await fleet.available();
      return async () => {
        app.simulator.world.faults.add({ actions: ['StopInstances'], error: 'UnauthorizedOperation' });
        for (let minute = 0; minute < 90; minute += 1) {
          await fleet.minutes(1);
          await fleet.reap();
          if (/outcome="stop-refused"\} [1-9]/.test(await scrape())) return;
        }
      };
    },
  },
  UnknownWorkers: unreadable,
  SweepStale: unreadable,
  CircuitOpen: {
    prepare: ({ app, fleet }) =>
      Promise.resolve(async () => {
        app.simulator.world.faults.add({ region: REGION, cut: 'before-answer' });
        await fleet.minutes(6);
      }),
  },
  ApiBudgetExhausted: {
    env: { FLEET_AWS_API_SHARE_PERCENT: '10' },
    prepare: ({ app, part, scrape }) =>
      Promise.resolve(async () => {
        const { observe } = part(TelemetrySchedules);
        let waiting: Promise<void> = Promise.resolve();
        await eventually(async () => {
          waiting = observe.run();
          expect(await scrape()).toMatch(/budget_waiting\{.*\} [1-9]/);
        });
        return async () => {
          app.clock.advance(HOUR);
          await waiting;
        };
      }),
  },
  SubscriptionLag: {
    prepare: async ({ app, part, scrape }) => {
      let goOn = () => {};
      const hanging = new Promise<void>((resolve) => (goOn = resolve));
      const handle = () => hanging;
      await part(SubscriptionHost).add({ name: 'read-model:hangs', startAfter: 0, kind: null, handle });
      return async () => {
        for (let made = 0; made < 110; made += 1) {
          await app.admin.post('/api/v1/api-keys', { name: `key ${made}`, role: 'viewer' });
        }
        await eventually(async () => expect(await scrape()).toMatch(/lag_entries\{.*hangs"\} 1[1-9]\d/));
        return goOn;
      };
    },
  },
  ParkedDeliveries: {
    prepare: ({ app, part, scrape }) =>
      Promise.resolve(async () => {
        const handle = () => Promise.reject(new Error('no'));
        await part(SubscriptionHost).add({ name: 'read-model:fails', startAfter: 0, kind: null, handle });
        await eventually(async () => {
          app.clock.advance(5 * MINUTE);
          await part(SubscriptionHost).runAll();
          expect(await scrape()).toMatch(/parked_streams\{.*fails",state="waiting"\} [1-9]/);
        });
      }),
  },
  NoticesFailing: {
    env: {
      FLEET_NOTICE_WEBHOOK_URL: 'http://127.0.0.1:9/nobody-listens',
      FLEET_NOTICE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
      FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    },
    prepare: async ({ app, fleet, part }) => {
      const { id, name } = (await fleet.create()).body as { id: string; name: string };
      return async () => {
        const deadline = plus(app.clock.now(), HOUR);
        const about = { workerId: id, workerName: name, decisionId: 'd-1', deadline, stageMinutes: 60 };
        await part(StopNotices).tell({ ...about, cause: 'idle', sentence: `${name}: idle`, emails: [] });
        await part(NoticeSender).drain();
      };
    },
  },
  LicensePoolEmpty: {
    prepare: async ({ app, fleet, part }) => {
      const made = await app.admin.post('/api/v1/license-pools', {
        ...{ name: 'class', token: POOL_TOKEN, capacity: 1 },
      });
      const worker = await fleet.create();
      expect([made.status, worker.status]).toEqual([201, 201]);
      return async () => {
        await part(LicensePools).take(made.body.id as string, worker.body.id as string, context());
      };
    },
  },
  HighErrorRate: {
    prepare: ({ app, part }) =>
      Promise.resolve(async () => {
        const broken = jest.spyOn(part(WorkerReadModel), 'page').mockRejectedValue(new Error('broken'));
        for (let count = 0; count < 5; count += 1) await app.admin.get('/api/v1/workers');
        return () => broken.mockRestore();
      }),
  },
  SlowRequests: {
    prepare: ({ app, part }) =>
      Promise.resolve(async () => {
        const slow = jest.spyOn(part(WorkerReadModel), 'page').mockImplementation(() => {
          app.clock.advance(4 * SECOND);
          return Promise.resolve([]);
        });
        for (let count = 0; count < 5; count += 1) await app.admin.get('/api/v1/workers');
        return () => slow.mockRestore();
      }),
  },
  EventLoopStalled: {
    prepare: ({ scrape }) =>
      Promise.resolve(async () => {
        // what was measured before is forgotten at a scrape
        await scrape();
        // often enough to be seen in the 99th percentile, though the next scrape may be long in coming
        for (let count = 0; count < 5; count += 1) {
          const until = performance.now() + 700;
          while (performance.now() < until);
          await setImmediate();
        }
      }),
  },
};
