import { ASSIGNMENT_PROBLEMS } from './assignment-problems';
import { kind, type ProblemKind } from './problem-kind';

/** Every code that a problem document can carry. Codes are stable: clients branch on them. */
export const PROBLEMS = {
  'bad-request': kind(400, 'Bad request', 'The request could not be understood. The detail says why.'),
  'malformed-json': kind(
    400,
    'Malformed JSON',
    'The body is not JSON. The detail says where it breaks off, if that is known.',
  ),
  unauthenticated: kind(
    401,
    'No valid key or token',
    'Send `Authorization: Bearer <API key or access token>`. One that is unknown, revoked or expired gets this answer, too.',
  ),
  forbidden: kind(
    403,
    'Role too small',
    'Your key is valid, but its role may not do this. An admin can make another key.',
  ),
  'scope-too-small': kind(
    403,
    'Scope too small',
    'You have this role in a part of the fleet only, and this is about more than that. The detail says what is missing; GET /api/v1/me shows your rights.',
  ),
  'route-not-found': kind(404, 'No such route', 'There is nothing at this path. See /docs.'),
  'problem-not-found': kind(404, 'No such problem', 'There is no page for this problem code.'),
  'worker-not-found': kind(
    404,
    'No such worker',
    'There is no worker with this id. GET /api/v1/workers lists them.',
  ),
  'lab-not-found': kind(404, 'No such lab', 'The worker has no lab with this id, as far as it was read.'),
  'topology-not-found': kind(
    404,
    'No such topology',
    'The worker has no kept topology with this id, or it is older than 90 days. GET /api/v1/workers/{id}/topologies lists them.',
  ),
  'operation-not-found': kind(
    404,
    'No such operation',
    'There is no operation with this id, or it is too old to be kept.',
  ),
  'orphan-not-found': kind(
    404,
    'No such orphan',
    'There is no orphan with this id (any more). GET /api/v1/orphans lists them.',
  ),
  'policy-not-found': kind(404, 'No such policy', 'There is no idle policy with this id.'),
  'policy-in-use': kind(
    409,
    'Policy in use',
    'Workers name this idle policy, and deleting it would silently give them another one. `workerIds` names up to 20 of them: give them another policy first.',
  ),
  'run-not-found': kind(
    404,
    'No such run',
    'There is no run of the reaper with this id, or it is too old to be kept.',
  ),
  'simulation-not-found': kind(404, 'No such simulation', 'There is no simulation with this id.'),
  'region-not-found': kind(
    404,
    'No such region',
    'This region is not configured. GET /api/v1/regions lists those that are.',
  ),
  'webhook-not-found': kind(
    404,
    'No such webhook',
    'There is no webhook with this id. GET /api/v1/webhooks lists them.',
  ),
  'worker-template-not-found': kind(
    404,
    'No such worker template',
    'There is no worker template with this id. GET /api/v1/worker-templates lists them.',
  ),
  'license-pool-not-found': kind(
    404,
    'No such licence pool',
    'There is no licence pool with this id. GET /api/v1/license-pools lists them.',
  ),
  'license-seat-not-found': kind(
    404,
    'No such seat',
    'The worker has no seat in this licence pool. GET /api/v1/license-pools/{id} shows who has.',
  ),
  'delivery-not-found': kind(
    404,
    'No such delivery',
    'The webhook has no delivery with this id, or it is older than 30 days.',
  ),
  'subscription-not-found': kind(
    404,
    'No such subscription',
    'There is no subscription with this name. GET /api/v1/subscriptions lists them.',
  ),
  'parked-stream-not-found': kind(
    404,
    'Not parked',
    'The subscription has not put this stream aside, or it has caught up meanwhile.',
  ),
  'api-key-not-found': kind(
    404,
    'No such API key',
    'There is no API key with this id. GET /api/v1/api-keys lists them.',
  ),
  'role-binding-not-found': kind(404, 'No such role binding', 'There is no role binding with this id.'),
  'method-not-allowed': kind(
    405,
    'Method not allowed',
    'The path exists, but not for this method: the header Allow names those that it takes.',
  ),
  'version-conflict': kind(
    409,
    'Changed at the same moment',
    'Somebody else changed the same thing meanwhile. Load it again, and repeat if you still want to.',
  ),
  'license-pool-exhausted': kind(
    409,
    'No seat is free',
    'All seats of the licence pool are taken or stranded. The detail names the pool, which shows who has them: give a licence ' +
      'back, free a stranded seat, or raise the capacity to what was bought.',
  ),
  'already-seated': kind(
    409,
    'Seated in another pool',
    'A worker has a seat in one licence pool at most. Give that licence back first.',
  ),
  'license-pool-in-use': kind(
    409,
    'Seats are taken',
    'A licence pool is deleted once no seat is taken or stranded, or with `?force=true`.',
  ),
  'license-seat-not-stranded': kind(
    409,
    'The seat is not stranded',
    'Only seats whose licence could not be given back are freed by a word. Give the licence back instead.',
  ),
  'invalid-transition': kind(
    409,
    'Not possible in this state',
    'What was asked does not fit the present state; the detail names the remedy.',
  ),
  'worker-used': kind(
    409,
    'Used since',
    'Somebody used the worker since the stop was decided that was to be carried out. It is decided anew.',
  ),
  'already-exists': kind(409, 'Exists already', 'Another one has this name or this instance already.'),
  'managed-elsewhere': kind(
    409,
    'Another installation’s instance',
    'Its tags say that another installation of cml-fleet manages it. Release it there and remove the tag; the detail has the command.',
  ),
  'labs-running': kind(
    409,
    'Labs are running',
    'Stopping the worker would stop somebody’s labs. Stop them first, or send `"force": true`.',
  ),
  'labs-unknown': kind(
    409,
    'Labs unknown',
    'Nobody can tell whether labs run. Refresh the worker and try again, or send `"force": true`.',
  ),
  'certificate-mismatch': kind(
    409,
    'Another certificate',
    'The server shows another certificate than the one to be accepted. Compare the fingerprints.',
  ),
  'webhook-disabled': kind(
    409,
    'Webhook is disabled',
    'Nothing is sent to it. Enable it first: PATCH it with `{"enabled": true}`.',
  ),
  'operation-ended': kind(
    409,
    'Operation has ended',
    'It succeeded or failed already: there is nothing left to cancel.',
  ),
  'license-busy': kind(
    409,
    'Licence busy',
    'Another operation is at work on this licence: `operationId` names it. Wait for its end, or cancel it.',
  ),
  'license-held': kind(
    409,
    'Licence held',
    'The worker has a licence of another pool. Give that one back first: DELETE its licence.',
  ),
  'orphan-changed': kind(
    409,
    'No orphan any more',
    'It was looked at again, and is gone, has a worker, or is not tagged as ours. The detail says which.',
  ),
  'orphan-not-adoptable': kind(
    409,
    'Cannot be adopted',
    'Only an instance without a worker can be taken under management.',
  ),
  'last-admin-key': kind(
    409,
    'Last admin key',
    'Without this key nobody could administer the fleet. Create another admin key first.',
  ),
  'api-key-ended': kind(
    409,
    'API key has ended',
    'The key was revoked or has expired, so a new text would open nothing. Create another key.',
  ),
  'reaper-running': kind(
    409,
    'The reaper is at work',
    'A turn of the reaper is under way in some process. Repeat it in a few seconds, or ask for a dry run.',
  ),
  'idempotency-key-in-use': kind(
    409,
    'Still running',
    'The first request with this Idempotency-Key is not done yet. Repeat it after Retry-After.',
  ),
  'precondition-failed': kind(
    412,
    'Changed since you read it',
    'If-Match names another version than the present one. Load it again and compare.',
  ),
  'body-too-large': kind(413, 'Body too large', 'A body may have 256 KiB at most.'),
  'unsupported-media-type': kind(
    415,
    'Body is not JSON',
    'Send bodies as `Content-Type: application/json`, in UTF-8.',
  ),
  'invalid-input': kind(
    422,
    'Invalid values',
    'Some values are not acceptable. `errors` names each by a JSON pointer and says what is wrong.',
  ),
  'not-tagged': kind(
    422,
    'Instance cannot be tagged',
    'AWS refuses to tag the instance. The detail has the command that an AWS admin must run.',
  ),
  'idempotency-key-reused': kind(
    422,
    'Idempotency-Key used twice',
    'The key belongs to a request with another body. Use a new key for a new request.',
  ),
  'too-many-requests': kind(429, 'Too many requests', 'Wait as long as Retry-After says.'),
  'too-many-refreshes': kind(
    429,
    'Refreshed a moment ago',
    'A worker can be observed on demand every ten seconds. Wait as long as Retry-After says.',
  ),
  'too-many-streams': kind(
    429,
    'Too many open streams',
    'A key may have 10 event streams open, and a process 200. Close some, or wait as long as Retry-After says.',
  ),
  'aws-refused': kind(502, 'AWS refused', 'AWS did not accept a request of ours. `awsCode` is its own code.'),
  'cml-refused': kind(502, 'CML refused', 'The CML server did not accept a request of ours.'),
  'aws-unavailable': kind(
    503,
    'AWS unavailable',
    'AWS does not answer, has no capacity, or takes no more calls at the moment. Try again after Retry-After.',
  ),
  'cml-unavailable': kind(
    503,
    'CML unavailable',
    'The CML server does not answer. Try again after Retry-After.',
  ),
  'store-unavailable': kind(
    503,
    'Store unavailable',
    'The database does not answer. Nothing was lost; try again after Retry-After.',
  ),
  'identity-unavailable': kind(
    503,
    'Identity provider unavailable',
    'It cannot be told whether your access token is valid, since the identity provider does not answer. Try again after ' +
      'Retry-After. API keys work all the same.',
  ),
  'internal-error': kind(500, 'Internal error', 'A fault of ours. The log has more under the correlationId.'),
  ...ASSIGNMENT_PROBLEMS,
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
