"""Gemma 3 270M from its GGUF file, the fixed prompt, and the names that tensors have in the GGUF."""
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPT = "German: {source}\nEnglish:"
GGUF_NAMES = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm", "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down", "post_feedforward_layernorm": "post_ffw_norm",
}


def gguf_name(name):
    """'layers.0.self_attn.q_proj.weight' -> 'blk.0.attn_q.weight'"""
    if name == "norm.weight":
        return "output_norm.weight"
    _, layer, rest = name.split(".", 2)
    return f"blk.{layer}.{GGUF_NAMES[rest.removesuffix('.weight')]}.weight"


def _source(gguf):
    gguf = Path(gguf).resolve()
    return dict(pretrained_model_name_or_path=str(gguf.parent), gguf_file=gguf.name)


def load_tokenizer(gguf):
    return AutoTokenizer.from_pretrained(**_source(gguf))


def load_model(gguf, dtype=torch.float32):
    return AutoModelForCausalLM.from_pretrained(**_source(gguf), dtype=dtype, attn_implementation="sdpa")


def body_parameters(model):
    """The trained tensors by name: everything but the (tied) embeddings."""
    return {n.replace("._orig_mod", ""): p for n, p in model.model.named_parameters() if "embed_tokens" not in n}


def load_weights(model, path):
    """Puts the weights of a checkpoint into the model."""
    weights = torch.load(path, map_location="cpu", mmap=True)["weights"]
    with torch.no_grad():
        for name, p in body_parameters(model).items():
            p.copy_(weights[name])


def encode(tokenizer, source, target):
    """(prompt ids with BOS, target ids with EOS)"""
    prompt = tokenizer(PROMPT.format(source=source), add_special_tokens=False).input_ids
    answer = tokenizer(f" {target}", add_special_tokens=False).input_ids
    return [tokenizer.bos_token_id] + prompt, answer + [tokenizer.eos_token_id]
