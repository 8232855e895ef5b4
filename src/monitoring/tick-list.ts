import { Injectable } from '@nestjs/common';
import { AssignmentsSchedules } from '../assignments';
import { type WatchedTick } from '../kernel/tick';
import { LicensePoolsSchedules } from '../licensing';
import { NoticesSchedules } from '../notifications';
import { OperationsSchedules } from '../operations';
import { OrphansSchedules } from '../orphans';
import { PoliciesSchedules } from '../policies';
import { ReaperSchedules } from '../reaper';
import { SecretsSchedules } from '../secrets';
import { TelemetrySchedules } from '../telemetry';
import { TemplatesSchedules } from '../templates';
import { WebhooksSchedules } from '../webhooks';
import { WorkersSchedules } from '../workers';

/** All ticks of the process. */
@Injectable()
export class TickList {
  /** of all replicas one takes each turn */
  readonly leased: readonly WatchedTick[];
  /** without which the fleet is not looked after */
  readonly needed: readonly WatchedTick[];
  /** that bring news to people and programs; each process has its own */
  readonly notices: readonly WatchedTick[];
  readonly webhooks: readonly WatchedTick[];

  constructor(
    workers: WorkersSchedules,
    templates: TemplatesSchedules,
    policies: PoliciesSchedules,
    telemetry: TelemetrySchedules,
    reaper: ReaperSchedules,
    operations: OperationsSchedules,
    orphans: OrphansSchedules,
    pools: LicensePoolsSchedules,
    secrets: SecretsSchedules,
    assignments: AssignmentsSchedules,
    notices: NoticesSchedules,
    webhooks: WebhooksSchedules,
  ) {
    const leased = [workers, templates, policies, telemetry, reaper, orphans, pools, secrets, assignments];
    this.leased = leased.flatMap(({ ticks }) => ticks);
    this.needed = [...this.leased, ...operations.ticks];
    this.notices = notices.ticks;
    this.webhooks = webhooks.ticks;
  }

  get all(): readonly WatchedTick[] {
    return [...this.needed, ...this.notices, ...this.webhooks];
  }
}
