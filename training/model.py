"""A base model from its GGUF file, the fixed prompt, what of it is trained, and the names that tensors have there."""
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPT = "German: {source}\nEnglish:"
COMMON_NAMES = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}
GGUF_NAMES = {
    "gemma3_text": COMMON_NAMES | {
        "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
        "post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
        "post_feedforward_layernorm": "post_ffw_norm",
    },
    "qwen2": COMMON_NAMES | {"post_attention_layernorm": "ffn_norm"},
}


def gguf_name(model_type, name):
    """'layers.0.self_attn.q_proj.weight' -> 'blk.0.attn_q.weight'"""
    if name == "norm.weight":
        return "output_norm.weight"
    _, layer, rest = name.split(".", 2)
    module, kind = rest.rsplit(".", 1)
    return f"blk.{layer}.{GGUF_NAMES[model_type][module]}.{kind}"


def _source(gguf):
    gguf = Path(gguf).resolve()
    return dict(pretrained_model_name_or_path=str(gguf.parent), gguf_file=gguf.name)


def load_tokenizer(gguf):
    return AutoTokenizer.from_pretrained(**_source(gguf))


def load_model(gguf, dtype=torch.float32):
    return AutoModelForCausalLM.from_pretrained(**_source(gguf), dtype=dtype, attn_implementation="sdpa")


class LowRank(nn.Module):
    """A frozen projection with a trained difference of low rank: W + scale · B·A (Hu et al., 2021)."""

    def __init__(self, linear, rank, scale):
        super().__init__()
        self.weight, self.bias, self.scale = linear.weight, linear.bias, scale
        self.lora_a = nn.Parameter(torch.randn(rank, linear.in_features) / linear.in_features ** 0.5)
        self.lora_b = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias) + self.scale * F.linear(F.linear(x, self.lora_a), self.lora_b)


def make_low_rank(model, rank, scale, seed=0):
    """Puts low-rank differences beside all projections of the body and freezes everything else."""
    torch.manual_seed(seed)
    model.requires_grad_(False)
    for layer in model.model.layers:
        for block in (layer.self_attn, layer.mlp):
            for name, child in list(block.named_children()):
                if isinstance(child, nn.Linear):
                    setattr(block, name, LowRank(child, rank, scale))


def body_parameters(model):
    """All tensors of the body by name: everything but embeddings and output layer."""
    return {n: p for n, p in model.model.named_parameters() if "embed_tokens" not in n}


def trained_parameters(model):
    return {n: p for n, p in body_parameters(model).items() if p.requires_grad}


def load_weights(model, path):
    """Puts the weights of a checkpoint into the model; low-rank differences are added to what they belong to."""
    state = torch.load(path, map_location="cpu", mmap=True)
    weights, scale = state["weights"], state.get("scale", 1.0)
    with torch.no_grad():
        for name, p in body_parameters(model).items():
            stem = name.removesuffix(".weight")
            if name in weights:
                p.copy_(weights[name])
            elif f"{stem}.lora_a" in weights:
                p.add_(scale * weights[f"{stem}.lora_b"] @ weights[f"{stem}.lora_a"])


def encode(tokenizer, source, target):
    """(prompt ids with the token that begins texts, if there is one; target ids with the one that ends them)"""
    prompt = tokenizer(PROMPT.format(source=source), add_special_tokens=False).input_ids
    answer = tokenizer(f" {target}", add_special_tokens=False).input_ids
    return begin(tokenizer) + prompt, answer + [tokenizer.eos_token_id]


def begin(tokenizer):
    """Gemma's texts begin with <bos>, Qwen's with nothing."""
    gemma = tokenizer.bos_token_id is not None and tokenizer.bos_token == "<bos>"
    return [tokenizer.bos_token_id] if gemma else []
