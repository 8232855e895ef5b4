import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { type z } from 'zod';
import {
  Answers,
  AnswersNothing,
  decodeCursor,
  page,
  pageQuery,
  pathId,
  Problems,
  RequestContext,
  RequiresRole,
} from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { CreateRoleBinding } from '../application/oidc/create-role-binding.command';
import { DeleteRoleBinding } from '../application/oidc/delete-role-binding.command';
import { GetRoleBinding } from '../application/oidc/get-role-binding.query';
import { ListRoleBindings } from '../application/oidc/list-role-bindings.query';
import { placeOf } from '../application/oidc/role-binding-directory';
import * as schemas from './role-bindings.schemas';

type View = z.input<typeof schemas.roleBindingView>;

@ApiTags('role bindings')
@RequiresRole('admin')
@Controller('api/v1/role-bindings')
export class RoleBindingsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Give a group of the identity provider a role',
    description:
      'In all of the fleet, or in a part of it. What several bindings give one person adds up. Other processes know it ' +
      'within a second.',
  })
  @Answers(201, schemas.roleBindingView, {
    description: 'The role binding',
    example: schemas.ROLE_BINDING_EXAMPLE,
  })
  @Problems('already-exists', 'version-conflict')
  async create(
    @Body({ schema: schemas.newRoleBinding }) body: z.output<typeof schemas.newRoleBinding>,
    @RequestContext() context: CommandContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<View> {
    const binding = await this.commands.execute(new CreateRoleBinding(body, context));
    response.location(`/api/v1/role-bindings/${binding.id}`);
    return schemas.toView(binding);
  }

  @Get()
  @ApiOperation({ summary: 'List role bindings', description: 'By group, without deleted ones.' })
  @Answers(200, schemas.roleBindingPage, {
    description: 'A page of role bindings',
    example: { items: [schemas.ROLE_BINDING_EXAMPLE], nextCursor: null },
  })
  async list(
    @Query({ schema: pageQuery }) { limit, cursor }: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof schemas.roleBindingPage>> {
    const after = decodeCursor(cursor, schemas.roleBindingPlace);
    const found = await this.queries.execute(new ListRoleBindings(limit + 1, after));
    const { items, nextCursor } = page(found, limit, placeOf);
    return { items: items.map(schemas.toView), nextCursor };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a role binding' })
  @Answers(200, schemas.roleBindingView, {
    description: 'The role binding',
    example: schemas.ROLE_BINDING_EXAMPLE,
  })
  @Problems('role-binding-not-found')
  async get(@Param('id', { schema: pathId }) id: string): Promise<View> {
    return schemas.toView(await this.queries.execute(new GetRoleBinding(id)));
  }

  @Delete(':id')
  @ApiOperation({
    summary: 'Take a role from a group again',
    description:
      'At once; in other processes within a second. Event streams of its members end, and can begin anew.',
  })
  @AnswersNothing('It gives nothing any more')
  @Problems('role-binding-not-found', 'version-conflict')
  async delete(
    @Param('id', { schema: pathId }) id: string,
    @RequestContext() context: CommandContext,
  ): Promise<void> {
    await this.commands.execute(new DeleteRoleBinding(id, context));
  }
}
