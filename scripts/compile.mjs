// src/ in .build/, for the demo, the simulator and the tests that start the application as a process.
import { join } from 'node:path';
import { compile, root } from './compiling.mjs';

compile(join(root, 'src'), join(root, '.build'), /[.](spec|contract)[.]ts$|[/\\]testing[/\\]/);
