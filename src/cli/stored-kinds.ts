import {
  API_KEY_DEFINITION,
  API_KEY_EVENTS,
  API_KEY_UPCASTERS,
  ROLE_BINDING_DEFINITION,
  ROLE_BINDING_EVENTS,
} from '../access';
import {
  LAB_USER_DEFINITION,
  LAB_USER_EVENTS,
  WORKER_REQUEST_DEFINITION,
  WORKER_REQUEST_EVENTS,
  WORKER_SEATS_DEFINITION,
  WORKER_SEATS_EVENTS,
} from '../assignments';
import { EventRegistry, InstallationCreated, type ReplayedKind, replayedKind } from '../event-store';
import { LAB_ACTS_DEFINITION, LAB_EVENTS } from '../labs';
import {
  LICENSE_POOL_DEFINITION,
  LICENSE_POOL_EVENTS,
  WORKER_LICENSE_DEFINITION,
  WORKER_LICENSE_EVENTS,
} from '../licensing';
import { NOTICE_BOOK_DEFINITION, NOTICE_EVENTS } from '../notifications';
import { ORPHAN_DEFINITION, ORPHAN_EVENTS } from '../orphans';
import { POLICY_DEFINITION, POLICY_EVENTS } from '../policies';
import { REAPER_CONTROL_DEFINITION, REAPER_CONTROL_EVENTS } from '../reaper';
import { TEMPLATE_DEFINITION, TEMPLATE_EVENTS } from '../templates';
import { WEBHOOK_DEFINITION, WEBHOOK_EVENTS } from '../webhooks';
import { WORKER_DEFINITION, WORKER_EVENTS, WORKER_UPCASTERS } from '../workers';

/** All events of the application, for tools that run without it. */
export function storedEvents(): EventRegistry {
  const registry = new EventRegistry();
  registry.register(WORKER_EVENTS, WORKER_UPCASTERS);
  registry.register(API_KEY_EVENTS, API_KEY_UPCASTERS);
  const others = [
    ...ROLE_BINDING_EVENTS,
    ...WEBHOOK_EVENTS,
    ...TEMPLATE_EVENTS,
    ...POLICY_EVENTS,
    ...ORPHAN_EVENTS,
    ...LICENSE_POOL_EVENTS,
    ...WORKER_LICENSE_EVENTS,
    ...LAB_EVENTS,
    ...REAPER_CONTROL_EVENTS,
    ...NOTICE_EVENTS,
    ...LAB_USER_EVENTS,
    ...WORKER_SEATS_EVENTS,
    ...WORKER_REQUEST_EVENTS,
  ];
  registry.register([...others, InstallationCreated]);
  return registry;
}

/** All kinds of aggregates that have a state. */
export const STORED_KINDS: readonly ReplayedKind[] = [
  replayedKind(WORKER_DEFINITION),
  replayedKind(API_KEY_DEFINITION),
  replayedKind(ROLE_BINDING_DEFINITION),
  replayedKind(WEBHOOK_DEFINITION),
  replayedKind(TEMPLATE_DEFINITION),
  replayedKind(POLICY_DEFINITION),
  replayedKind(ORPHAN_DEFINITION),
  replayedKind(LICENSE_POOL_DEFINITION),
  replayedKind(WORKER_LICENSE_DEFINITION),
  replayedKind(LAB_ACTS_DEFINITION),
  replayedKind(REAPER_CONTROL_DEFINITION),
  replayedKind(NOTICE_BOOK_DEFINITION),
  replayedKind(LAB_USER_DEFINITION),
  replayedKind(WORKER_SEATS_DEFINITION),
  replayedKind(WORKER_REQUEST_DEFINITION),
];
