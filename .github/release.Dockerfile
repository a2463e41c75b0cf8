# syntax=docker/dockerfile:1
# The image of a release: the static binary, the system's certificates and nothing to run beside it. Its context is a folder
# with one unpacked release a platform (amd64, arm64); the Dockerfile of the project builds from source instead.
FROM gcr.io/distroless/static-debian12:nonroot
ARG TARGETARCH
COPY ${TARGETARCH}/rapport /usr/local/bin/rapport
COPY ${TARGETARCH}/LICENSE ${TARGETARCH}/THIRD-PARTY-graphiql.txt ${TARGETARCH}/THIRD-PARTY-dashboard.txt /usr/share/doc/rapport/
WORKDIR /home/nonroot
ENV DATABASE_URL=sqlite:///home/nonroot/rapport.db \
    RAPPORT_LISTEN=0.0.0.0:8000 \
    RAPPORT_LOG_FORMAT=json
VOLUME /home/nonroot
EXPOSE 8000
# No shell and no HTTP client in it: ask /healthz and /readyz from outside, as orchestrators do.
STOPSIGNAL SIGTERM
ENTRYPOINT ["rapport"]
CMD ["serve"]
