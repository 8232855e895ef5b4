import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { plus, SECOND } from '../../kernel/clocks';
import { NO_STRIKE, type Strike } from '../faults/strike';
import { listenOnLoopback, type Listening, readBody } from '../loopback-server';
import { type World } from '../world';
import { ec2ErrorXml } from './actions/ec2-service';
import { AwsError } from './aws-error';
import { targetsOf } from './call-targets';
import { perform } from './aws-service';
import { stsErrorXml } from './sts-service';
import { type AwsRequest, parseAwsRequest } from './wire/aws-request';
import { QueryParams } from './wire/query-params';

/** AWS takes no request that was signed this long before or after its own time. */
const SIGNATURE_LIFE_MS = 15 * 60 * SECOND;

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * EC2, STS and CloudWatch of every region on one port; the scope of the signature tells which is meant. `door`: see
 * `AwsCall`.
 */
export function listenAsAws(world: World, port: number, door?: string): Promise<Listening> {
  const server = createServer((request, response) => {
    handle(world, request, response, door).catch((error: unknown) => response.destroy(error as Error));
  });
  return listenOnLoopback(server, port);
}

async function handle(
  world: World,
  incoming: IncomingMessage,
  response: ServerResponse,
  door: string | undefined,
): Promise<void> {
  const body = await readBody(incoming);
  let request: AwsRequest | null = null;
  let strike = NO_STRIKE;
  let reply: Reply;
  try {
    request = parseAwsRequest(incoming.headers, body);
    strike = strikeOn(world, request);
    reply = { status: 200, type: contentType(request), body: answerOrFail(world, request, strike, door) };
  } catch (error) {
    reply = errorReply(world, request, error);
  }
  if (strike.latencyMs > 0) await world.options.pause(strike.latencyMs);
  send(response, reply, strike, serverTime(world, strike));
}

function strikeOn(world: World, request: AwsRequest): Strike {
  const { action, region } = request;
  world.scenarios.settle();
  return world.faults.strike({
    action,
    region,
    targets: () => targetsOf(request, world.region(region)),
  });
}

/** The body of a good answer. Every call leaves a line in the log. @throws AwsError */
function answerOrFail(world: World, request: AwsRequest, strike: Strike, door: string | undefined): string {
  let outcome = 'ok';
  try {
    checkSigningTime(request, serverTime(world, strike));
    const answer = strike.applied ? perform(world, request, strike) : '';
    const { error } = strike;
    if (error) throw new AwsError(error.code, error.message, error.httpStatus);
    return answer;
  } catch (error) {
    outcome = error instanceof AwsError ? error.code : 'InternalError';
    throw error;
  } finally {
    const { service, region, action, input } = request;
    const params = input instanceof QueryParams ? input.toObject() : input;
    if (strike.cut) outcome = 'cut';
    const at = world.options.clock.now();
    world.log.add({ at, service, region, action, params, outcome, door });
  }
}

/** AWS' own clock, which callers are measured by. */
function serverTime(world: World, { clockSkewSeconds }: Strike): Date {
  return plus(world.options.wall.now(), clockSkewSeconds * SECOND);
}

function checkSigningTime({ signedAt }: AwsRequest, serverTime: Date): void {
  if (signedAt === null || Math.abs(signedAt.getTime() - serverTime.getTime()) <= SIGNATURE_LIFE_MS) return;
  throw new AwsError('RequestExpired', 'Request has expired.');
}

function errorReply(world: World, request: AwsRequest | null, error: unknown): Reply {
  const failure =
    error instanceof AwsError
      ? error
      : new AwsError('InternalError', `The simulator failed: ${String(error)}`, 500);
  const status = failure.httpStatus;
  if (request && !(request.input instanceof QueryParams)) {
    const body = JSON.stringify({ __type: failure.code, message: failure.message });
    return { status, type: contentType(request), body };
  }
  const xml = request?.service === 'sts' ? stsErrorXml : ec2ErrorXml;
  return { status, type: 'text/xml;charset=UTF-8', body: xml(failure, world.newId()) };
}

function contentType({ input }: AwsRequest): string {
  return input instanceof QueryParams ? 'text/xml;charset=UTF-8' : 'application/x-amz-json-1.0';
}

function send(response: ServerResponse, { status, type, body }: Reply, { cut }: Strike, date: Date): void {
  if (cut === 'before-answer') {
    response.destroy();
    return;
  }
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    date: date.toUTCString(),
  };
  response.writeHead(status, headers);
  if (cut === null) response.end(body);
  else response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.destroy());
}
