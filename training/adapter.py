"""The adapter format `depesche-adapter-1`: how a difference to the base is stored, and how it is added again."""
import torch
from safetensors import safe_open

from model import body_parameters, gguf_name

BLOCK = 32


def quantise_q4(delta):
    """Symmetric int4 in blocks of 32 inputs: (packed U8 [out, in/2], F16 scales [out, in/32]).

    The scale of each block is the best of a few candidates and one least-squares refit for the rounded values.
    """
    out, width = delta.shape
    x = delta.reshape(out, width // BLOCK, BLOCK)
    peak = x.gather(-1, x.abs().argmax(-1, keepdim=True))
    best_error, best_scale = None, None
    for divisor in (5.5, 6.25, 7.0, 7.5, 8.0):
        for sign in (-1.0, 1.0):
            scale = sign * peak / divisor
            for _ in range(2):
                q = (x / torch.where(scale == 0, 1.0, scale)).round().clamp(-8, 7)
                scale = (x * q).sum(-1, keepdim=True) / (q * q).sum(-1, keepdim=True).clamp(min=1)
            scale = scale.half().float()
            q = (x / torch.where(scale == 0, 1.0, scale)).round().clamp(-8, 7)
            error = ((q * scale - x) ** 2).sum(-1, keepdim=True)
            if best_error is None:
                best_error, best_scale = error, scale
            else:
                better = error < best_error
                best_error = torch.where(better, error, best_error)
                best_scale = torch.where(better, scale, best_scale)
    q = (x / torch.where(best_scale == 0, 1.0, best_scale)).round().clamp(-8, 7)
    nibbles = (q + 8).to(torch.uint8).reshape(out, width)
    return nibbles[:, 0::2] | nibbles[:, 1::2] << 4, best_scale.squeeze(-1).half()


def dequantise_q4(packed, scale):
    nibbles = torch.stack([packed & 15, packed >> 4], dim=-1).reshape(packed.shape[0], -1)
    return (nibbles.float() - 8) * scale.float().repeat_interleave(BLOCK, dim=1)


def low_rank(delta, rank):
    """Best factors of that rank in bf16: (a [r, in], b [out, r]) with b·a ≈ delta."""
    u, s, v = torch.linalg.svd(delta, full_matrices=False)
    root = s[:rank].sqrt()
    return (root[:, None] * v[:rank]).bfloat16().contiguous(), (u[:, :rank] * root).bfloat16().contiguous()


def difference(tensors, name, scale=1.0):
    """What the adapter adds to the GGUF tensor `name`, or None."""
    if f"{name}.delta" in tensors:
        return tensors[f"{name}.delta"].float()
    if f"{name}.delta_q4" in tensors:
        return dequantise_q4(tensors[f"{name}.delta_q4"], tensors[f"{name}.delta_scale"])
    if f"{name}.lora_a" in tensors:
        return scale * tensors[f"{name}.lora_b"].float() @ tensors[f"{name}.lora_a"].float()
    return None


def apply_adapter(model, path):
    with safe_open(path, "pt") as f:
        tensors, scale = {k: f.get_tensor(k) for k in f.keys()}, float((f.metadata() or {}).get("lora_scale", 1))
    with torch.no_grad():
        for name, p in body_parameters(model).items():
            delta = difference(tensors, gguf_name(model.config.model_type, name), scale)
            if delta is not None:
                p.add_(delta)
