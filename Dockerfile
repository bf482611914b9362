# The mock as a container: docker build -t mock-sfdc . && docker run -p 8080:8080 mock-sfdc
# Both stages on one Debian release: what is linked against a newer libc does not start on an older one.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p mock-sfdc

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/mock-sfdc /usr/local/bin/mock-sfdc
EXPOSE 8080
# A container's own loopback is closed to the outside: the port mapping decides who may come in.
ENTRYPOINT ["/usr/local/bin/mock-sfdc", "serve", "--bind", "0.0.0.0"]
