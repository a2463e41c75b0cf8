# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
# ring and SQLite bring C sources.
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin rapport && cp target/release/rapport /rapport

FROM debian:bookworm-slim
# Certificates of the system for https:// key sets and TLS to the store.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/rapport --create-home rapport
COPY --from=build /rapport /usr/local/bin/rapport
COPY LICENSE src/http/graphiql/THIRD-PARTY.txt /usr/share/doc/rapport/
COPY web/dist/THIRD-PARTY.txt /usr/share/doc/rapport/THIRD-PARTY-dashboard.txt
USER 10001:10001
WORKDIR /var/lib/rapport
ENV DATABASE_URL=sqlite:///var/lib/rapport/rapport.db \
    RAPPORT_LISTEN=0.0.0.0:8000 \
    RAPPORT_LOG_FORMAT=json
VOLUME /var/lib/rapport
EXPOSE 8000
# bash's own socket, so that the image needs no HTTP client. Liveness only: a store that is away must not restart this.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.1 200' <&3"]
# SIGTERM drains sockets and streams before the process ends.
STOPSIGNAL SIGTERM
ENTRYPOINT ["rapport"]
CMD ["serve"]
