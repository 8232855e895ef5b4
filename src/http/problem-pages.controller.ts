import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from './access.decorators';
import { isProblemCode, PROBLEMS } from './problem-catalogue';
import { ProblemNotFound } from './request-errors';

/** The pages that the `type` of a problem document leads to. */
@ApiExcludeController()
@Public()
@Controller('problems')
export class ProblemPagesController {
  @Get(':code')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Param('code') code: string): string {
    if (!isProblemCode(code)) throw new ProblemNotFound(code);
    const { status, title, explanation } = PROBLEMS[code];
    return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)} – cml-fleet</title></head>
<body>
<h1>${escaped(title)}</h1>
<p>Status ${status}, code <code>${code}</code></p>
<p>${escaped(explanation)}</p>
</body>
</html>
`;
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
