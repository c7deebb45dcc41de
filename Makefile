# The few commands people type. `make help` lists them.

.PHONY: help run test drill lint schema bench fuzz deploy-check tools

help: ## This list.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

run: ## A shop with a demo catalogue and play money.
	cargo run --release -- demo

test: tools ## Everything CI checks; installs what it needs.
	scripts/test.sh

drill: tools ## Play out faults on every size; writes the figures of docs/reliability.md.
	scripts/drill.sh

lint: ## Formatting, clippy (warnings denied), and the crates we build on.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	scripts/deny.sh

schema: ## Write schema.graphql anew.
	cargo run --quiet -- schema > schema.graphql.new && mv schema.graphql.new schema.graphql || { rm -f schema.graphql.new; exit 1; }

bench: ## Measure; writes docs/benchmarks.md.
	scripts/bench.sh

fuzz: ## Try to break what reads from strangers; SECONDS=60 is for each of its targets.
	scripts/fuzz.sh $(or $(SECONDS),60)

deploy-check: tools ## Check the files under deploy/.
	scripts/check-deploy.sh

tools: ## Install what the tests need and cargo does not bring.
	scripts/tools.sh
