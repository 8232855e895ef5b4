import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { AwsError } from '../aws/aws-error';
import { listenOnLoopback, type Listening, readBody } from '../loopback-server';
import { type World } from '../world';
import { Refusal } from './control-route';
import { answerControl } from './control-routes';

/** A port for people and test programs that are not in this process; `docs/simulator.md` describes it. */
export function listenAsControl(world: World, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    handle(world, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  return listenOnLoopback(server, port);
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readBody(request);
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body: unknown = text === '' ? {} : JSON.parse(text);
    const answer = answerControl(world, { method: request.method ?? 'GET', url, body });
    if (answer === null) response.writeHead(204).end();
    else send(response, request.method === 'POST' ? 201 : 200, answer);
  } catch (error) {
    const { status, ...problem } = problemOf(error);
    send(response, status, problem);
  }
}

function problemOf(error: unknown): { status: number; error: string; details?: readonly unknown[] } {
  if (error instanceof Refusal) return { status: error.status, error: error.message };
  if (error instanceof z.ZodError) {
    return { status: 400, error: z.prettifyError(error), details: error.issues };
  }
  if (error instanceof SyntaxError) return { status: 400, error: `This is no JSON: ${error.message}` };
  if (error instanceof AwsError) return { status: 409, error: `${error.code}: ${error.message}` };
  return { status: 500, error: String(error) };
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}
