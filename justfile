# Commands of daily work. `just` lists them.

_list:
    @just --list

# Build the program
build:
    cargo build --release

# Run all tests, or those whose name contains a word
test *filter:
    cargo test --release {{ filter }}

# What a reviewer would complain about
lint:
    cargo fmt --check
    cargo clippy --release --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --lib

# Format the code
fmt:
    cargo fmt

# Run the service
serve *args:
    cargo run --release -- serve {{ args }}

# Translate and summarise an article
article file *args:
    cargo run --release -- article {{ file }} {{ args }}

# BLEU, chrF, figures and faults on a table of German and English
eval tsv="tests/data/smoke.tsv" *args:
    cargo run --release -- eval --tsv {{ tsv }} {{ args }}

# Record what the default model makes of the smoke set
record-smoke:
    cargo run --release -- eval --tsv tests/data/smoke.tsv --out tests/data/smoke.en

# Run the benchmarks
bench *args:
    cargo bench {{ args }}

# Which models there are; `just models pull fast` fetches one
models *args="list":
    cargo run --release -- models {{ args }}

# Everything that must pass before a merge
ci:
    .ci/run
