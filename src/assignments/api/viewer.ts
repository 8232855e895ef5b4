import { type Principal, reachOf } from '../../http';
import { type Viewer } from '../application/reached-workers';

/** The caller as one who looks at what is whose: his own, and what is on workers that he may operate. */
export function viewerOf(principal: Principal): Viewer {
  return { actor: principal.actor, operates: reachOf(principal, 'operator') ?? [] };
}
