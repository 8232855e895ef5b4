import { type Watcher } from '../watcher';
import { SseWatcher } from './sse-watcher';
import { WebhookWatcher } from './webhook-watcher';

/** All who follow the events of a run. */
export function watchers(): Watcher[] {
  return [
    new WebhookWatcher('webhook'),
    new WebhookWatcher('webhook, filtered', ['worker.created', 'worker.desired-state-updated']),
    new SseWatcher(),
  ];
}
