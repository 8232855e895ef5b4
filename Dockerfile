# syntax=docker/dockerfile:1
# The base by its tag. To pin it by content, build with
#   --build-arg NODE_IMAGE=node:22.20.0-bookworm-slim@sha256:<digest>
# where `docker buildx imagetools inspect node:22.20.0-bookworm-slim` tells the digest of all platforms together.
ARG NODE_IMAGE=node:22.20.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# the compiler is there for a plugin of @nestjs/swagger that runs in builds only
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force && rm -rf node_modules/typescript

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cml-fleet" \
  org.opencontainers.image.description="Fleet manager for Cisco Modeling Labs workers on AWS" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production FLEET_HOST=0.0.0.0 FLEET_PORT=3000
WORKDIR /app
# all of it belongs to root: the process can change nothing of what it runs
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# for keys that the command line is told to write; a volume that is mounted here is node's, too
RUN install -d -o node -g node -m 0700 /keys \
  && ln -s /app/dist/admin-cli.js /usr/local/bin/cml-fleet && chmod 0755 dist/admin-cli.js \
  # neither is needed to run, and each is something to keep up to date
  && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
# by number, so that Kubernetes sees that it is not root
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.FLEET_PORT || 3000) + '/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
