# The service for production, and its commands. It expects a PostgreSQL elsewhere, named by DATABASE_URL.
#
#   docker build -t task-service .
#   docker run --rm --read-only -p 127.0.0.1:3000:3000 -e DATABASE_URL task-service
#   docker run --rm --read-only -e DATABASE_URL task-service dist/src/interfaces/cli/main.js migrate
#
# Any image with Node.js 24 and npm will do as a base.
ARG BASE=node:24-trixie-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json knexfile.ts ./
COPY migrations migrations
COPY src src
RUN npm run build && npm ci --omit=dev

FROM ${BASE}
# In a container, 127.0.0.1 is reached by nobody else.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# A number, so that an orchestrator can see that it is not root. It owns none of the files.
USER 1000:1000
EXPOSE 3000
# Whether the process answers. The database is not asked: no restart of this container would mend it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell or npm in between, so that signals reach the service.
ENTRYPOINT ["node"]
CMD ["dist/src/interfaces/http/main.js"]
