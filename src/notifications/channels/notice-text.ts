import { type OutgoingNotice } from '../domain/ports';
import { type NoticeTopic } from '../domain/posting';

type Of = Pick<OutgoingNotice, 'workerName' | 'deadline'>;

const SUBJECTS: Readonly<Record<NoticeTopic, (notice: Of) => string>> = {
  'stop-planned': ({ workerName, deadline }) => `${workerName} will be stopped at ${timeText(deadline)}`,
  'stop-called-off': ({ workerName }) => `${workerName} will not be stopped`,
  stopped: ({ workerName }) => `${workerName} is being stopped`,
  unreadable: ({ workerName }) => `nobody can tell whether ${workerName} is in use`,
  'labs-forgotten': ({ workerName }) => `labs of ${workerName} run, and nobody uses them`,
  'breaker-open': () => 'automatic stops are held until a person says so',
};

/** What it is about, in one line. */
export function subjectOf(notice: OutgoingNotice): string {
  return SUBJECTS[notice.topic](notice);
}

/** `2027-01-15 14:00 UTC` */
export function timeText(time: Date | null): string {
  return time ? `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'a time that is not known';
}

export interface NoticeAction {
  readonly label: string;
  readonly url: string;
}

/** What people can do about it; each link leads to a page that asks first. */
export function actionsOf({ urls }: OutgoingNotice): readonly NoticeAction[] {
  if (!urls) return [];
  return [
    { label: 'Keep it for one more hour', url: urls.keepOneHour },
    { label: 'Keep it until a time', url: urls.keepUntil },
    { label: 'Stop it now', url: urls.stopNow },
  ];
}
