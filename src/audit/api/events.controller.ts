import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { placeOf, placeText, SCANNED_AT_MOST } from '../../event-store';
import {
  Answers,
  AnswersEventStream,
  Authenticator,
  beginEventStream,
  Caller,
  CallerReach,
  decodeCursor,
  encodeCursor,
  type Page,
  type Principal,
  Problems,
  RequiresRole,
  Scoped,
  WorkerGate,
} from '../../http';
import { FLEET, type Reach, withAllLabs } from '../../kernel/reach';
import { FollowEvents } from '../application/follow-events.query';
import { ListEvents } from '../application/list-events.query';
import * as schemas from './events.schemas';

const LIST = `In the order in which everything is delivered; an event is in it within a second. Filters apply after
reading: a request reads about ${SCANNED_AT_MOST} commits at most, so a page may be short, or empty, and still have a
\`nextCursor\`; \`workerIds\` reads those workers' events only. An event of a type that this version of the program does not
know keeps its type, and its data is null. Who is limited to a part of the fleet sees the events of the workers that are in
it now, and of what was asked for their labs.`;

const STREAM = `Server-sent events: \`id\` is the place in the log, \`event\` the type, \`data\` the event as CloudEvents
JSON. It begins at the present, or after \`Last-Event-ID\`: at any process and after any restart, without a gap and without
a repetition. Every 15 s a comment comes with the last place that was looked at, so that a client with a filter resumes
quickly. A client that takes nothing for 30 s is cut, and so is one whose key is revoked or expires. A key may have 10
streams open, a process 200.`;

const cursorText = z.string().transform((text, context) => {
  const place = placeOf(text);
  if (place) return place;
  context.addIssue('not a place in the log');
  return z.NEVER;
});

@ApiTags('events')
@RequiresRole('viewer')
@Scoped()
@Controller('api/v1/events')
export class EventsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly authenticator: Authenticator,
    private readonly gate: WorkerGate,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List all events: who did what, when and why', description: LIST })
  @Answers(200, schemas.eventPage, { description: 'A page of events', example: schemas.EVENT_PAGE_EXAMPLE })
  async list(
    @Query({ schema: schemas.eventsQuery }) query: z.output<typeof schemas.eventsQuery>,
    @CallerReach() reach: Reach,
  ): Promise<Page<unknown>> {
    const { limit, cursor, order, workerIds, ...filter } = query;
    const start = decodeCursor(cursor, cursorText);
    const within = reach === FLEET ? null : new Set(await this.gate.idsWithin(withAllLabs(reach)));
    const request = { filter, workerIds, within, order, start, limit };
    const { events, next } = await this.queries.execute(new ListEvents(request));
    return {
      items: events.map((event) => event.toJSON()),
      nextCursor: next && encodeCursor(placeText(next)),
    };
  }

  @Get('stream')
  @ApiOperation({ summary: 'Follow all events as they happen', description: STREAM })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last `id` that the client got; browsers send it by themselves when they connect again',
    schema: { type: 'string', pattern: '^[0-9]{1,15}([.][0-9]{1,6})?$' },
  })
  @AnswersEventStream({ description: 'Events until either side ends it', example: schemas.STREAM_EXAMPLE })
  @Problems('too-many-streams')
  async stream(
    @Query({ schema: schemas.streamQuery }) query: z.output<typeof schemas.streamQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() principal: Principal,
    @CallerReach() reach: Reach,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (request.method === 'HEAD') {
      beginEventStream(request, response, () => ({ events: 0, endedBy: 'client' })).end();
      return;
    }
    const { after, ...filter } = query;
    const isStillValid = () => this.authenticator.isStillValid(principal);
    const follow = new FollowEvents({
      ...filter,
      within: reach === FLEET ? null : (ids) => this.gate.within(ids, withAllLabs(reach)),
      caller: { actor: principal.actor, isStillValid },
      after: lastEventId ?? after ?? null,
      pointer: lastEventId === undefined ? '/query/after' : '/headers/Last-Event-ID',
      open: (fate) =>
        beginEventStream(request, response, () => {
          // the log's line may be written before the stream hears that its client is gone
          const { events = 0, endedBy = null } = fate() ?? {};
          return { events, endedBy: endedBy ?? 'client' };
        }),
    });
    await this.queries.execute(follow);
  }
}
