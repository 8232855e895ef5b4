import { SECOND } from '../kernel/clocks';
import { type CliIo } from './cli-command';

/** Says about once a second how far a long work is: `commits: 1,200 of 5,000 (24 %)`. */
export function progressOn({ err, now }: Pick<CliIo, 'err' | 'now'>) {
  let saidAt = now().getTime();
  return (what: string, done: number, of: number): void => {
    const time = now().getTime();
    if (time - saidAt < SECOND) return;
    saidAt = time;
    // what is written meanwhile is read as well
    const percent = Math.min(100, Math.floor((100 * done) / Math.max(of, 1)));
    err(`${what}: ${counted(done)} of ${counted(Math.max(of, done))} (${percent} %)`);
  };
}

/** `1,200` */
export function counted(count: number): string {
  return count.toLocaleString('en-US');
}
