"""Fine-tunes a base model for German -> English on CPU: all of its body, or (--lora RANK) low-rank differences.

Two workers of one thread each take small batches from a queue, each with its own gradients over shared weights, so
that neither waits for the other when the machine is busy. Weights that are trained are kept in fp32; with --bf16 the
network itself computes with their bf16 roundings, for processors that have such products. The learning rate is a
function of the share of the time budget (or, with --tokens, of the tokens) that has passed: warm up, hold, linear
decay, so a run always ends annealed. Every few minutes the whole state goes to OUT/state.pt; OUT/stable.pt keeps the
last one before the decay, from which `--resume OUT/stable.pt` trains on with a new deadline.
"""
import argparse
import copy
import csv
import math
import os
import queue
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import torch
import torch.nn.functional as F

from adapter import apply_adapter
from model import encode, load_model, load_tokenizer, make_low_rank, trained_parameters


class Stream:
    """Batches of the epoch files, one file after the other and round again; `position` counts batches."""

    def __init__(self, files, tokenizer, padded, longest, position=(0, 0)):
        self.files, self.tokenizer, self.padded, self.longest = files, tokenizer, padded, longest
        self.epoch, self.batch = position
        self._open()

    def _open(self):
        rows = (line.rstrip("\n").split("\t") for line in open(self.files[self.epoch % len(self.files)], encoding="utf-8"))
        pairs = [encode(self.tokenizer, de, en) for de, en, _ in rows]
        self.pairs = [p for p in pairs if len(p[0]) + len(p[1]) <= self.longest]
        self.batches = batches(self.pairs, self.padded, random.Random(self.epoch))

    def __next__(self):
        if self.batch >= len(self.batches):
            self.epoch, self.batch = self.epoch + 1, 0
            self._open()
        self.batch += 1
        return [self.pairs[i] for i in self.batches[self.batch - 1]]


def batches(pairs, padded, rng, window=2048):
    """Index lists of similar lengths with at most `padded` tokens each, in random order."""
    size = [len(a) + len(b) for a, b in pairs]
    found = []
    for start in range(0, len(pairs), window):
        current = []
        for i in sorted(range(start, min(start + window, len(pairs))), key=size.__getitem__):
            if current and size[i] * (len(current) + 1) > padded:
                found.append(current)
                current = []
            current.append(i)
        found.append(current)
    rng.shuffle(found)
    return found


class Loss:
    """Cross entropy over the most frequent target tokens, those of the batch and a sample of all others, which
    stands for them all (its scores are raised by the log of the ratio). Without the sample nothing teaches the model
    not to say a rare token, and the whole vocabulary writes other things than a shortlist of it. A share of the target's
    tokens is replaced by others where the model reads them, so that it looks at the source rather than remember
    what followed (word dropout, Sennrich and Zhang, 2019)."""

    def __init__(self, embeddings, pairs, sampled, noise, frequent=16000):
        counts = Counter(t for _, target in pairs for t in target)
        self.embeddings, self.sampled, self.noise = embeddings, sampled, noise
        self.frequent = torch.tensor([t for t, _ in counts.most_common(frequent)])
        rare = torch.ones(embeddings.shape[0], dtype=torch.bool)
        rare[self.frequent] = False
        self.rare = rare.nonzero()[:, 0]
        self.slot = torch.full((embeddings.shape[0],), -1)
        self.slot[self.frequent] = torch.arange(len(self.frequent))

    def __call__(self, body, batch, training):
        """(summed loss, tokens with those of the prompt); sample and noise are drawn for training alone."""
        length = max(len(a) + len(b) for a, b in batch)
        ids = torch.zeros(len(batch), length, dtype=torch.long)
        mask = torch.zeros_like(ids)
        labels = torch.full_like(ids, -100)
        for r, (a, b) in enumerate(batch):
            n = len(a) + len(b)
            ids[r, :n] = torch.tensor(a + b)
            mask[r, :n] = 1
            labels[r, len(a):n] = torch.tensor(b)
        if training and self.noise:
            replaced = (labels != -100) & (torch.rand(ids.shape) < self.noise)
            ids = torch.where(replaced, self.frequent[torch.randint(len(self.frequent), ids.shape)], ids)
        hidden = body(input_ids=ids, attention_mask=mask).last_hidden_state
        keep = labels[:, 1:] != -100
        y = labels[:, 1:][keep]
        extra = torch.unique(y[self.slot[y] < 0])
        where = self.slot.clone()
        where[extra] = torch.arange(len(extra)) + len(self.frequent)
        tokens = torch.cat([self.frequent, extra])
        known = len(tokens)
        if training and self.sampled:
            drawn = self.rare[torch.randint(len(self.rare), (self.sampled,))]
            tokens = torch.cat([tokens, drawn[where[drawn] < 0]])
        logits = (hidden[:, :-1][keep] @ self.embeddings[tokens].t()).float()
        if known < len(tokens):
            logits[:, known:] += math.log((len(self.rare) - len(extra)) / (len(tokens) - known))
        return F.cross_entropy(logits, where[y], reduction="sum"), int(mask.sum())


class Workers:
    """Replicas of the body that share weights but not gradients, each worked by one thread."""

    def __init__(self, body, loss, count):
        self.loss = loss
        shared = {id(p): p for p in body.parameters() if not p.requires_grad}
        self.replicas = [body] + [copy.deepcopy(body, dict(shared)) for _ in range(count - 1)]
        for replica in self.replicas[1:]:
            for p, shared in zip(replica.parameters(), body.parameters()):
                p.data = shared.data
        self.params = [[p for p in r.parameters() if p.requires_grad] for r in self.replicas]
        self.free = queue.SimpleQueue()
        for replica in self.replicas:
            self.free.put(replica)
        self.pool = ThreadPoolExecutor(count)

    def compile(self):
        """Fuses what the layers do between matrix products; each replica is compiled at its first batch, by one thread."""
        torch._dynamo.config.recompile_limit = 64
        for replica in self.replicas:
            for layer in replica.layers:
                layer.compile(dynamic=True)

    def _one(self, batch, scale):
        replica = self.free.get()
        try:
            with torch.set_grad_enabled(scale is not None):
                loss, tokens = self.loss(replica, batch, scale is not None)
                if scale is not None:
                    (loss * scale).backward()
            return loss.item(), tokens
        finally:
            self.free.put(replica)

    def backward(self, step_batches, masters):
        """Gradients of the mean loss into the masters; (mean loss, tokens)."""
        targets = count_targets(step_batches)
        results = list(self.pool.map(lambda b: self._one(b, 1.0 / targets), step_batches))
        for master, *copies in zip(masters, *self.params):
            grads = [p.grad.float() for p in copies if p.grad is not None]
            master.grad = sum(grads[1:], grads[0])
            for p in copies:
                p.grad = None
        return sum(r[0] for r in results) / targets, sum(r[1] for r in results)

    def evaluate(self, some_batches):
        results = list(self.pool.map(lambda b: self._one(b, None), some_batches))
        return sum(r[0] for r in results) / count_targets(some_batches)


def count_targets(some_batches):
    return sum(len(target) for batch in some_batches for _, target in batch)


def rate(peak, step, warmup, fraction, hold):
    """Learning rate: linear warm-up by steps, hold, then linear decay by the share of time passed."""
    decay = 1.0 if fraction < hold else max(0.02, (1 - fraction) / (1 - hold))
    return peak * min(1.0, (step + 1) / warmup) * decay


def save(path, state):
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def parse_time(text):
    """'HH:MM' in UTC, today or tomorrow -> seconds since the epoch"""
    now = datetime.now(timezone.utc)
    hour, minute = map(int, text.split(":"))
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp()
    return at if at > now.timestamp() else at + 86400


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--data", type=Path, default=Path("training/runs/data"))
    parser.add_argument("--dev", type=Path, default=Path("../shared/corpus/dev.tsv"), help="for the loss only")
    parser.add_argument("--dev-lines", type=int, default=64)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--deadline", type=parse_time, required=True, help="UTC, HH:MM: the run ends annealed then")
    parser.add_argument("--tokens", type=float, default=float("inf"),
                        help="or after so many, if that is earlier: trials of equal size on a machine that is not")
    parser.add_argument("--resume", type=Path, help="state.pt or stable.pt of an earlier run")
    parser.add_argument("--adapter", type=Path, help="begin with this adapter on the base")
    parser.add_argument("--bf16", action="store_true", help="compute in bf16 (AVX-512 BF16, AMX)")
    parser.add_argument("--compile", action="store_true", help="fuse the layers' operations (needs a C++ compiler)")
    parser.add_argument("--lora", type=int, default=0, help="rank of the differences; 0: the whole body")
    parser.add_argument("--scale", type=float, default=2.0, help="factor of the low-rank differences")
    parser.add_argument("--lr", type=float, default=5e-5, help="with --lora about 5e-4")
    parser.add_argument("--warmup", type=int, default=20, help="steps")
    parser.add_argument("--hold", type=float, default=0.6, help="share of the time before the decay begins")
    parser.add_argument("--padded", type=int, default=640, help="padded tokens a batch")
    parser.add_argument("--accumulate", type=int, default=3, help="batches a step")
    parser.add_argument("--workers", type=int, default=2, help="batches at a time")
    parser.add_argument("--threads", type=int, default=1, help="threads of each of them")
    parser.add_argument("--sampled", type=int, default=8000, help="rare tokens drawn for each batch's loss")
    parser.add_argument("--noise", type=float, default=0.0,
                        help="share of the target's tokens that is replaced where they are read")
    parser.add_argument("--longest", type=int, default=420, help="longer pairs (tokens of both sides) are skipped")
    parser.add_argument("--every", type=float, default=300, help="seconds between checkpoints")
    parser.add_argument("--steps", type=int, default=10**9, help="stop after so many steps (for trials)")
    return parser.parse_args()


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    tokenizer = load_tokenizer(args.gguf)
    model = load_model(args.gguf)
    if args.adapter:
        apply_adapter(model, args.adapter)
    body = model.model
    body.config.use_cache = False
    body.embed_tokens.requires_grad_(False)
    if args.lora:
        make_low_rank(model, args.lora, args.scale)
    names, masters = zip(*((n, torch.nn.Parameter(p.detach().clone())) for n, p in trained_parameters(model).items()))
    if args.bf16:
        model.bfloat16()
    params = list(trained_parameters(model).values())
    output = model.get_output_embeddings().weight.data

    def publish():
        """The masters' values into the network."""
        with torch.no_grad():
            for p, master in zip(params, masters):
                p.copy_(master)

    optimizer = torch.optim.AdamW(
        [dict(params=[p for p in masters if p.dim() > 1], weight_decay=0.01),
         dict(params=[p for p in masters if p.dim() == 1], weight_decay=0.0)], lr=args.lr, betas=(0.9, 0.98), fused=True)

    step = first = seen = 0
    started, position = time.time(), (0, 0)
    if args.resume:
        state = torch.load(args.resume, map_location="cpu")
        with torch.no_grad():
            for name, p in zip(names, masters):
                p.copy_(state["weights"][name])
        publish()
        optimizer.load_state_dict(state["optimizer"])
        step, seen, position = state["step"], state["tokens"], state["position"]
        first = step
        if state["deadline"] == args.deadline:
            started, first = state["started"], 0
        del state

    stream = Stream(sorted(args.data.glob("epoch-*.tsv")), tokenizer, args.padded, args.longest, position)
    workers = Workers(body, Loss(output, stream.pairs, args.sampled, args.noise), args.workers)
    if args.compile:
        workers.compile()
    lines = args.dev.read_text(encoding="utf-8").splitlines()[:args.dev_lines]
    dev = [encode(tokenizer, *line.split("\t")[:2]) for line in lines]
    dev_batches = [[dev[i] for i in b] for b in batches(dev, args.padded, random.Random(0))]

    log = open(args.out / "log.csv", "a", newline="")
    writer = csv.writer(log)
    if log.tell() == 0:
        writer.writerow(["time", "step", "tokens", "epoch", "lr", "loss", "norm", "tokens_per_s", "dev_loss"])

    def checkpoint(fraction):
        state = dict(weights=dict(zip(names, [p.detach() for p in masters])), optimizer=optimizer.state_dict(),
                     step=step, tokens=seen, position=(stream.epoch, stream.batch),
                     started=started, deadline=args.deadline, **({"scale": args.scale} if args.lora else {}))
        save(args.out / "state.pt", state)
        if fraction < args.hold:
            (args.out / "stable.pt").unlink(missing_ok=True)
            os.link(args.out / "state.pt", args.out / "stable.pt")

    saved = mark = time.time()
    marked, running, dev_now = seen, [], ""
    while time.time() < args.deadline and step - first < args.steps and seen < args.tokens:
        fraction = max((time.time() - started) / (args.deadline - started), seen / args.tokens)
        lr = rate(args.lr, step - first, args.warmup, fraction, args.hold)
        for group in optimizer.param_groups:
            group["lr"] = lr
        loss, tokens = workers.backward([next(stream) for _ in range(args.accumulate)], masters)
        norm = float(torch.nn.utils.clip_grad_norm_(masters, 1.0))
        optimizer.step()
        publish()
        running.append(loss)
        seen += tokens
        step += 1
        if time.time() - saved > args.every:
            checkpoint(fraction)
            dev_now, saved = f"{workers.evaluate(dev_batches):.4f}", time.time()
        if step % 10 == 0 or dev_now:
            writer.writerow([datetime.now(timezone.utc).isoformat(timespec="seconds"), step, seen, stream.epoch,
                             f"{lr:.3g}", f"{sum(running) / len(running):.4f}", f"{norm:.2f}",
                             f"{(seen - marked) / (time.time() - mark):.0f}", dev_now])
            log.flush()
            mark, marked, running, dev_now = time.time(), seen, [], ""
    checkpoint(1.0)
    writer.writerow([datetime.now(timezone.utc).isoformat(timespec="seconds"), step, seen, stream.epoch, "", "", "", "",
                     f"{workers.evaluate(dev_batches):.4f}"])


if __name__ == "__main__":
    main()
