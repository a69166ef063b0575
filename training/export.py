"""Writes the difference between a checkpoint and the base as an adapter of at most 64 MB."""
import argparse
import hashlib
import subprocess
from pathlib import Path

import torch
from safetensors.torch import save_file

from adapter import difference, low_rank, quantise_q4
from model import PROMPT, body_parameters, gguf_name, load_model

LIMIT = 64_000_000


def encode(deltas, form, rank):
    """Adapter tensors; norms are always stored whole."""
    tensors = {}
    for name, delta in deltas.items():
        if delta.dim() == 1:
            tensors[f"{name}.delta"] = delta
        elif form == "q4":
            tensors[f"{name}.delta_q4"], tensors[f"{name}.delta_scale"] = quantise_q4(delta)
        else:
            tensors[f"{name}.lora_a"], tensors[f"{name}.lora_b"] = low_rank(delta, rank)
    return {k: v.contiguous() for k, v in tensors.items()}


def low_rank_tensors(weights, kind):
    """The factors of a LoRA run as they are, in bf16."""
    tensors = {}
    for name, value in weights.items():
        stem, part = name.rsplit(".", 1)
        tensors[f"{gguf_name(kind, f'{stem}.weight')}.{part}"] = value.detach().bfloat16().contiguous()
    return tensors


def relative_error(deltas, tensors):
    """Root of (squared error / squared size) of all matrix differences."""
    error = size = 0.0
    for name, delta in deltas.items():
        if delta.dim() > 1:
            error += float(((difference(tensors, name) - delta) ** 2).sum())
            size += float((delta ** 2).sum())
    return (error / size) ** 0.5 if size else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", required=True, type=Path)
    parser.add_argument("--weights", required=True, help="state.pt or stable.pt of finetune.py")
    parser.add_argument("--form", choices=["q4", "lora"], default="q4")
    parser.add_argument("--rank", type=int, default=112, help="of --form lora")
    parser.add_argument("--shortlist", type=Path, help="file of shortlist.py")
    parser.add_argument("--recipe", default="", help="a line for the metadata")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()

    state = torch.load(args.weights, map_location="cpu", mmap=True)
    model = load_model(args.gguf)
    base, kind = body_parameters(model), model.config.model_type
    if "scale" in state:
        deltas, tensors = {}, low_rank_tensors(state["weights"], kind)
    else:
        deltas = {gguf_name(kind, n): (state["weights"][n] - p.detach()).float() for n, p in base.items()}
        tensors = encode(deltas, args.form, args.rank)
    if args.shortlist:
        tensors["shortlist"] = torch.tensor([int(line) for line in args.shortlist.read_text().split()], dtype=torch.int32)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, args.out, metadata={
        "format": "depesche-adapter-1", "base_sha256": hashlib.sha256(args.gguf.read_bytes()).hexdigest(),
        "prompt": PROMPT, "task": "translate", "lora_scale": str(state.get("scale", 1)), "commit": commit,
        "recipe": args.recipe, "steps": str(state["step"]), "tokens": str(state["tokens"])})
    size = args.out.stat().st_size
    print(f"{args.out}: {size:,} bytes, relative error of the differences {relative_error(deltas, tensors):.4f}")
    assert size <= LIMIT, "too large for the repository"


if __name__ == "__main__":
    main()
