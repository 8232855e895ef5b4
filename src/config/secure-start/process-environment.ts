import { type Insecurity } from './insecurity';

/** What Node itself is told, and what takes protection from all of the process. */
export function processEnvironment(env: NodeJS.ProcessEnv): Insecurity[] {
  const found: Insecurity[] = [];
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    found.push({
      name: 'NODE_TLS_REJECT_UNAUTHORIZED',
      fault: 'NODE_TLS_REJECT_UNAUTHORIZED=0 lets every connection of the process take any certificate',
      remedy: 'leave it out; name own authorities by NODE_EXTRA_CA_CERTS',
    });
  }
  if (/--insecure-http-parser|--tls-min-v1\.[01]\b/.test(env.NODE_OPTIONS ?? '')) {
    found.push({
      name: 'NODE_OPTIONS',
      fault: 'NODE_OPTIONS weakens how HTTP or TLS is read',
      remedy: 'leave out --insecure-http-parser, --tls-min-v1.0 and --tls-min-v1.1',
    });
  }
  if (/--inspect(-brk|-wait)?\b/.test(env.NODE_OPTIONS ?? '')) {
    found.push({
      name: 'NODE_OPTIONS',
      fault: 'NODE_OPTIONS opens a debugger, by which whoever reaches it does all that the process may',
      remedy: 'leave out --inspect',
    });
  }
  return found;
}
