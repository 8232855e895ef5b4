import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback, type Listening, readBody } from '../loopback-server';
import { type World } from '../world';
import { AwsError } from './aws-error';
import { type AwsRequest, parseAwsRequest } from './wire/aws-request';
import { answerCloudWatch } from './cloudwatch-service';
import { answerEc2, ec2ErrorXml } from './actions/ec2-service';
import { type AwsFault } from './fault-queue';
import { QueryParams } from './wire/query-params';
import { answerSts, stsErrorXml } from './sts-service';

/** EC2, STS and CloudWatch of every region on one port; the scope of the signature tells which is meant. */
export function listenAsAws(world: World, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    handle(world, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  return listenOnLoopback(server, port);
}

async function handle(world: World, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(incoming);
  let request: AwsRequest | null = null;
  try {
    request = parseAwsRequest(incoming.headers, body);
    const answer = answerOrFail(world, request);
    if (answer === null) incoming.socket.destroy();
    else send(response, 200, contentType(request), answer);
  } catch (error) {
    sendError(world, response, request, error);
  }
}

/** The body of a good answer; null where a fault cuts the connection. Every call leaves a line in the log. */
function answerOrFail(world: World, request: AwsRequest): string | null {
  const fault = world.takeFault(request);
  let outcome = 'ok';
  try {
    const answer = fault && !fault.applied ? null : perform(world, request);
    if (fault) outcome = fault.cut ? 'cut' : fault.code;
    return fault ? answerOfFault(fault) : answer;
  } catch (error) {
    if (error instanceof AwsError) outcome = error.code;
    throw error;
  } finally {
    const { service, region, action, input } = request;
    const params = input instanceof QueryParams ? input.toObject() : input;
    world.calls.push({ at: world.options.clock.now(), service, region, action, params, outcome });
  }
}

function answerOfFault(fault: AwsFault): null {
  if (fault.cut) return null;
  throw new AwsError(fault.code, fault.message ?? `Simulated ${fault.code}`, fault.httpStatus);
}

function perform(world: World, { service, region: name, action, input }: AwsRequest): string {
  if (service === 'sts') return answerSts(action, world);
  const region = world.region(name);
  if (!region) {
    throw new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  }
  if (input instanceof QueryParams) return answerEc2(action, { world, region, params: input });
  return answerCloudWatch(action, input, region, world);
}

function sendError(world: World, response: ServerResponse, request: AwsRequest | null, error: unknown): void {
  const failure =
    error instanceof AwsError
      ? error
      : new AwsError('InternalError', `The simulator failed: ${String(error)}`, 500);
  const requestId = world.newId();
  if (request && !(request.input instanceof QueryParams)) {
    const body = JSON.stringify({ __type: failure.code, message: failure.message });
    send(response, failure.httpStatus, contentType(request), body);
  } else {
    const xml = request?.service === 'sts' ? stsErrorXml : ec2ErrorXml;
    send(response, failure.httpStatus, 'text/xml;charset=UTF-8', xml(failure, requestId));
  }
}

function contentType({ input }: AwsRequest): string {
  return input instanceof QueryParams ? 'text/xml;charset=UTF-8' : 'application/x-amz-json-1.0';
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
