import { MINUTE } from '../../kernel/clocks';
import { type World } from '../world';
import { type Ec2Instance } from './model/ec2-instance';

/** The readings of a metric in a period that begins at a time, both in milliseconds: one a minute. */
type Readings = (from: number, period: number) => number[];

const BYTES_PER_CPU_PERCENT = 400_000;
const IDLE_MEMORY_PERCENT = 12;
const MEMORY_PER_CPU_PERCENT = 0.8;

/** The readings of a metric of an instance; null where CloudWatch has no such metric. */
export function readingsOf(
  { Namespace, MetricName }: { readonly Namespace: string; readonly MetricName: string },
  instance: Ec2Instance,
  world: World,
): Readings | null {
  const cpu: Reader = (time) => world.cpuPercent(instance.id, time);
  const metric = `${Namespace} ${MetricName}`;
  switch (metric) {
    case 'AWS/EC2 CPUUtilization':
      return everyMinute(cpu);
    case 'AWS/EC2 NetworkIn':
    case 'AWS/EC2 NetworkOut':
      return everyMinute(scaled(cpu, BYTES_PER_CPU_PERCENT, 0));
    case 'AWS/EC2 StatusCheckFailed':
      return everyMinute((time) => statusCheckFailed(instance, time));
    case 'CWAgent mem_used_percent':
      // Memory is measured from inside: only where somebody installed the agent.
      if (!world.hasAgent(instance)) return null;
      return everyMinute(scaled(cpu, MEMORY_PER_CPU_PERCENT, IDLE_MEMORY_PERCENT));
    default:
      return null;
  }
}

type Reader = (time: Date) => number | null;

function everyMinute(read: Reader): Readings {
  return (from, period) => {
    const readings: number[] = [];
    for (let at = from; at < from + period; at += MINUTE) {
      const reading = read(new Date(at));
      if (reading !== null) readings.push(reading);
    }
    return readings;
  };
}

function scaled(read: Reader, factor: number, offset: number): Reader {
  return (time) => {
    const value = read(time);
    return value === null ? null : offset + value * factor;
  };
}

function statusCheckFailed(instance: Ec2Instance, time: Date): number | null {
  if (instance.stateAt(time) !== 'running') return null;
  const { system, instance: own } = instance.health.impairmentAt(time);
  return system || own ? 1 : 0;
}
