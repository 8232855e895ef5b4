import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type Ec2Instance } from '../aws/model/ec2-instance';
import { type Act, actsOf, byTime, type Persona, type Span } from '../people/persona';
import { type Errander } from '../licensing/agenda';
import { type SmartLicensing } from '../licensing/smart-licensing';
import { cmlBootMs, type Timings } from '../simulator-options';
import { type CmlCertificate } from './cml-certificate';
import { type CmlServer } from './cml-server';
import { type CmlTokens } from './cml-tokens';
import { type LoginCounter } from './login-counter';
import { LicenseAgent } from './licensing/license-agent';

/** How far CML has come since its instance runs; off: the instance does not run. */
export type Phase = 'off' | 'refusing' | 'bad-gateway' | 'booting' | 'ready';

/** A persona and the time from which it plays. */
export interface Casting {
  readonly persona: Persona;
  readonly since: Date;
}

const BOOTING_CPU_PERCENT = 30;
const IDLE_CPU_PERCENT = 2;
const LAB_CPU_PERCENT = 15;
const REPORT_EVERY = 10 * MINUTE;

/** A CML server on its instance: what the instance's life, the boot of CML and the people make of it over time. */
export class CmlHost implements Errander {
  readonly license: LicenseAgent;
  private settledTo = new Date(0);
  private boots = 0;
  /** the last time that a person, not the fleet's own account, did something */
  lastUsedAt: Date | null = null;

  constructor(
    readonly instance: Ec2Instance,
    readonly server: CmlServer,
    readonly certificate: CmlCertificate,
    readonly tokens: CmlTokens,
    readonly logins: LoginCounter,
    smart: SmartLicensing,
    private readonly timings: Timings,
    nameOf: (instance: Ec2Instance) => string,
  ) {
    const known = { productUuid: server.computeId, hostname: server.hostname, instanceId: instance.id };
    this.license = new LicenseAgent(smart, this, () => ({ ...known, name: nameOf(instance) }), timings);
  }

  /** Lets everything happen that was due by now. To be called before the server is looked at. */
  settle(now: Date, casting: Casting | null): void {
    if (now < this.settledTo) return;
    const ups = this.upTimes(now);
    if (this.timings.firstBootRebootSeconds > 0 && ups.length > 1 && this.boots <= 1)
      this.certificate.replace();
    this.boots = ups.length;
    for (const up of ups) {
      // A stop at the very time of the last settling came after it and is still to be played.
      if (up.to && up.to < this.settledTo) continue;
      const span = { after: this.settledTo, until: up.to ?? now };
      const acts = reports(up.ready, span);
      if (casting) {
        const begin = casting.since > up.ready ? casting.since : up.ready;
        acts.push(...actsOf(casting.persona, begin, span));
      }
      for (const act of acts.sort(byTime)) this.play(act);
      if (up.to) this.server.powerOff(up.to);
    }
    this.settledTo = now;
  }

  phase(time: Date): Phase {
    const last = this.instance.facts.stepAt(time);
    if (last?.value.state !== 'running') return 'off';
    const progress = (time.getTime() - last.at.getTime()) / this.bootMs(last.at);
    if (progress >= 1) return 'ready';
    if (progress < 1 / 3) return 'refusing';
    return progress < 2 / 3 ? 'bad-gateway' : 'booting';
  }

  /** What `ready` of the system information says: it may take a step back before it stays. */
  saysReady(time: Date): boolean {
    const since = this.readyFor(time);
    const flap = this.timings.readyFlapSeconds * SECOND;
    return since !== null && (since < flap || since >= 2 * flap);
  }

  /** What `valid` of the system health says. */
  isHealthy(time: Date): boolean {
    const since = this.readyFor(time);
    return since !== null && since >= this.timings.healthSeconds * SECOND;
  }

  /** When CML is ready, from a time on; it still is at the very time of a stop, as it was for who looked before. */
  upFrom(from: Date, until: Date): Date | null | 'never' {
    for (const { ready, to } of this.upTimes(until)) {
      const up = ready > from ? ready : from;
      if (up <= until && (to === null || up <= to)) return up;
    }
    return this.instance.stateAt(until) === 'terminated' ? 'never' : null;
  }

  /** Whether something listens on port 443. */
  accepts(time: Date): boolean {
    const phase = this.phase(time);
    return phase !== 'off' && phase !== 'refusing' && this.server.fault !== 'down';
  }

  /** 0..100 of the whole machine, at any time that was settled; null where it was off. */
  cpuPercent(time: Date): number | null {
    const phase = this.phase(time);
    if (phase === 'off') return null;
    if (phase !== 'ready') return BOOTING_CPU_PERCENT;
    const wave = Math.sin(time.getTime() / (7 * MINUTE));
    const labs = this.server.running(time).length;
    return Math.min(95, IDLE_CPU_PERCENT + wave + labs * LAB_CPU_PERCENT);
  }

  private play(act: Act): void {
    const { server } = this;
    if (act.kind === 'break') {
      server.fault = act.fault;
      return;
    }
    if (act.kind === 'report') {
      server.record(act.category, null, act.at);
      return;
    }
    const user = server.userNamed(act.user);
    this.lastUsedAt = act.at;
    if (act.kind === 'log-in') {
      server.record('user_activity', user, act.at);
      return;
    }
    const lab = server.labOf(user, act.lab, act.at);
    if (act.kind === 'start-lab') server.startLab(lab, user, act.at);
    else if (act.kind === 'stop-lab') server.stopLab(lab, user, act.at);
    else {
      server.record('user_activity', user, act.at);
      lab.modified = act.at;
    }
  }

  /** Milliseconds since CML became ready; null: it is not. */
  private readyFor(time: Date): number | null {
    const last = this.instance.facts.stepAt(time);
    if (last?.value.state !== 'running') return null;
    const since = time.getTime() - last.at.getTime() - this.bootMs(last.at);
    return since >= 0 ? since : null;
  }

  private bootMs(at: Date): number {
    return cmlBootMs(this.timings, this.instance.type.at(at));
  }

  /** The stretches in which the instance ran; `to` is null for the one that lasts. */
  private upTimes(now: Date): { ready: Date; to: Date | null }[] {
    const steps = this.instance.facts.until(now);
    return steps.flatMap(({ at, value }, index) =>
      value.state === 'running'
        ? [{ ready: plus(at, this.bootMs(at)), to: steps[index + 1]?.at ?? null }]
        : [],
    );
  }
}

/** What CML reports by itself, whether it is used or not. */
function reports(ready: Date, { after, until }: Span): Act[] {
  const acts: Act[] = [];
  const skipped = Math.max(0, Math.floor((after.getTime() - ready.getTime()) / REPORT_EVERY) + 1);
  for (let at = plus(ready, skipped * REPORT_EVERY); at <= until; at = plus(at, REPORT_EVERY)) {
    acts.push(
      { at, kind: 'report', category: 'system_stats' },
      { at, kind: 'report', category: 'running_nodes' },
    );
  }
  return acts;
}
