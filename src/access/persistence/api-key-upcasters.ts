import { type Upcaster } from '../../event-store';

/** How older forms of the keys' events are read. */
export const API_KEY_UPCASTERS: readonly Upcaster[] = [
  // every key was good for the whole fleet
  {
    type: 'api-key.created',
    schema: 1,
    upcast: (event) => ({ ...event, schema: 2, data: { ...event.data, scope: null } }),
  },
];
