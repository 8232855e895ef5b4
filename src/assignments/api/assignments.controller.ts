import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  AnswersNothing,
  Caller,
  decodeCursor,
  page,
  type Page,
  pathId,
  type Principal,
  Problems,
  RequestContext,
  RequiresRole,
  Scoped,
} from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { EndAssignment } from '../application/end-assignment.command';
import { GrantAssignment } from '../application/grant-assignment.command';
import { GetAssignment, ListAssignments } from '../application/list-assignments.query';
import * as schemas from './assignments.schemas';
import { viewerOf } from './viewer';

@ApiTags('assignments')
@Scoped()
@Controller('api/v1/assignments')
export class AssignmentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  @Post()
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'Assign a worker, or a lab on it, to a user',
    description:
      'From its beginning to its end the user may see the worker and connect to it. Refused where it would be more at the same moment than the quota of the user allows, or twice the same.',
  })
  @Answers(201, schemas.assignmentView, {
    description: 'The assignment',
    example: schemas.ASSIGNMENT_EXAMPLE,
  })
  @Problems(
    'worker-not-found',
    'invalid-transition',
    'assignment-overlaps',
    'quota-exceeded',
    'version-conflict',
  )
  async grant(
    @Body({ schema: schemas.newAssignment }) { reason, ...order }: z.output<typeof schemas.newAssignment>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<schemas.AssignmentView> {
    const granted = await this.commands.execute(new GrantAssignment(order, { ...context, reason }));
    response.location(`/api/v1/assignments/${granted.id}`);
    return schemas.toAssignmentView(granted, this.clock.now());
  }

  @Get()
  @RequiresRole('user')
  @ApiOperation({
    summary: 'List assignments, newest first',
    description:
      'Your own, and those on workers that you may operate. What is over is shown for 90 days, or until the user gets another one after that.',
  })
  @Answers(200, schemas.assignmentPage, {
    description: 'One page of assignments',
    example: { items: [schemas.ASSIGNMENT_EXAMPLE], nextCursor: null },
  })
  async list(
    @Query({ schema: schemas.assignmentsQuery }) query: z.output<typeof schemas.assignmentsQuery>,
    @Caller() principal: Principal,
  ): Promise<Page<schemas.AssignmentView>> {
    const { limit, cursor, ...filter } = query;
    const after = decodeCursor(cursor, schemas.assignmentPlace);
    const viewer = viewerOf(principal);
    const found = await this.queries.execute(new ListAssignments(viewer, filter, after, limit + 1));
    const { items, nextCursor } = page(found, limit, ({ grantedAt, id }) => ({ grantedAt, id }));
    const now = this.clock.now();
    return { items: items.map((it) => schemas.toAssignmentView(it, now)), nextCursor };
  }

  @Get(':id')
  @RequiresRole('user')
  @ApiOperation({ summary: 'Show an assignment: your own, or one on a worker that you may operate' })
  @Answers(200, schemas.assignmentView, {
    description: 'The assignment',
    example: schemas.ASSIGNMENT_EXAMPLE,
  })
  @Problems('assignment-not-found')
  async get(
    @Param('id', { schema: pathId }) id: string,
    @Caller() principal: Principal,
  ): Promise<schemas.AssignmentView> {
    const found = await this.queries.execute(new GetAssignment(viewerOf(principal), id));
    return schemas.toAssignmentView(found, this.clock.now());
  }

  @Delete(':id')
  @RequiresRole('admin')
  @ApiOperation({
    summary: 'End an assignment now',
    description: 'It ends no session that is open on the CML server. One that is over stays as it is.',
  })
  @AnswersNothing('It is over')
  @Problems('assignment-not-found', 'version-conflict')
  async end(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
  ): Promise<void> {
    await this.commands.execute(new EndAssignment(id, context));
  }
}
