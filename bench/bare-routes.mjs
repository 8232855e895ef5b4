// The same request and answer without an application behind them: what a framework takes for itself.
import { once } from 'node:events';
import { require } from './built.mjs';

const express = require('express');
const { Body, Controller, Get, Module, Post } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');

/** A server of Express alone that answers each POST with `answer`. */
export async function bareExpress(answer) {
  const server = express()
    .use(express.json())
    .post('/bare', (_request, response) => response.json(answer))
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The same of Nest, with nothing but a controller; a GET answers what `find` does. */
export async function bareNest(answer, find = () => answer) {
  class Bare {
    get() {
      return find();
    }

    post() {
      return answer;
    }
  }
  Controller('bare')(Bare);
  Get()(Bare.prototype, 'get', Object.getOwnPropertyDescriptor(Bare.prototype, 'get'));
  Post()(Bare.prototype, 'post', Object.getOwnPropertyDescriptor(Bare.prototype, 'post'));
  Body()(Bare.prototype, 'post', 0);
  class BareModule {}
  Module({ controllers: [Bare] })(BareModule);
  const app = await NestFactory.create(BareModule, { logger: false, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), close: () => app.close() };
}
