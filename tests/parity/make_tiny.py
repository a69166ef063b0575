"""Makes the reference data of the parity tests.

    python make_tiny.py                      tiny models, adapters and their references
    python make_tiny.py --vocabulary FILE    token ids for texts.txt under the vocabulary of a real GGUF file

Needs torch, transformers, tokenizers, safetensors and gguf. What it writes is committed: the tests themselves run
without Python. Weights are random; logits and greedy continuations come from the transformers implementation.
"""
import argparse
import json
import pathlib

import gguf
import numpy
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    Qwen2Config,
    Qwen2ForCausalLM,
)

HERE = pathlib.Path(__file__).parent
TEXTS = [
    line.replace("\\n", "\n").replace("\\r", "\r")
    for line in (HERE / "texts.txt").read_text(encoding="utf-8").split("\n")
    if line
]
PROMPT = 24
CONTINUATION = 24
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6

NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def gguf_name(name, arch):
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    if name == "lm_head.weight":
        return "output.weight"
    _, _, layer, *path, kind = name.split(".")
    path = ".".join(path)
    norms = (
        {"post_attention_layernorm": "ffn_norm"}
        if arch == "qwen2"
        else {
            "post_attention_layernorm": "post_attention_norm",
            "pre_feedforward_layernorm": "ffn_norm",
            "post_feedforward_layernorm": "post_ffw_norm",
        }
    )
    return f"blk.{layer}.{(NAMES | norms)[path]}.{kind}"


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    gemma = isinstance(model, Gemma3ForCausalLM)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if "norm" in name:
                p.copy_(0.2 * noise + (0.0 if gemma else 1.0))
            elif name.endswith("bias"):
                p.copy_(0.3 * noise)
            else:
                # A small tied embedding, or every token would predict itself.
                scale = 0.4 if gemma and "embed" in name else 1.2
                p.copy_(noise * scale / p.shape[-1] ** 0.5)
    return model.float().eval()


def byte_level_vocabulary(writer):
    """A small byte-level BPE in the manner of Qwen2."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=381, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    learned = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(learned["vocab"], key=learned["vocab"].get)
    types = [NORMAL] * len(tokens)
    control = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens + control)
    writer.add_token_types(types + [CONTROL] * len(control))
    writer.add_token_merges([" ".join(merge) for merge in learned["merges"]])
    writer.add_bos_token_id(len(tokens))
    writer.add_eos_token_id(len(tokens) + 2)
    writer.add_add_bos_token(False)
    return len(tokens) + len(control)


def sentencepiece_vocabulary(writer):
    """A small SentencePiece BPE with byte fallback in the manner of Gemma."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    tokenizer.pre_tokenizer = pre_tokenizers.Split("\u2581", behavior="merged_with_next")
    trainer = trainers.BpeTrainer(vocab_size=190, limit_alphabet=80, show_progress=False)
    tokenizer.train_from_iterator([text for text in TEXTS if "\n" not in text and "\t" not in text], trainer)
    learned = tokenizer.get_vocab()
    pieces = [piece for piece in sorted(learned, key=learned.get)]
    letters = [piece for piece in pieces if len(piece) == 1]
    merged = [piece for piece in pieces if len(piece) > 1]
    rows = [(name, CONTROL) for name in ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]]
    rows += [(piece, USER_DEFINED) for piece in ["\n", "\n\n", "  ", "   ", "\t", "<h1>", "</h1>"]]
    rows += [(f"<0x{byte:02X}>", BYTE) for byte in range(256)]
    rows += [(piece, NORMAL) for piece in merged + letters]
    assert len({piece for piece, _ in rows}) == len(rows)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece for piece, _ in rows])
    writer.add_token_scores([-1000.0 if kind != NORMAL else -float(i) for i, (_, kind) in enumerate(rows)])
    writer.add_token_types([kind for _, kind in rows])
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(3)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    return len(rows)


def qwen2(writer):
    vocabulary = byte_level_vocabulary(writer)
    config = Qwen2Config(
        vocab_size=vocabulary,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        rope_theta=1_000_000.0,
        rms_norm_eps=1e-6,
        tie_word_embeddings=False,
        attn_implementation="eager",
    )
    writer.add_rope_freq_base(1_000_000.0)
    return randomise(Qwen2ForCausalLM(config), 2), config


def gemma3(writer):
    vocabulary = sentencepiece_vocabulary(writer)
    config = Gemma3TextConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=7,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=16,
        query_pre_attn_scalar=16,
        sliding_window=8,
        max_position_embeddings=256,
        rope_parameters={
            "full_attention": {"rope_type": "default", "rope_theta": 1_000_000.0},
            "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
        },
        rms_norm_eps=1e-6,
        attn_implementation="eager",
    )
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_sliding_window(8)
    writer.add_key_length(16)
    writer.add_value_length(16)
    return randomise(Gemma3ForCausalLM(config), 3), config


def stored(name, p, arch):
    """A parameter as a GGUF file stores it: Gemma's norms with the one added."""
    values = p.detach().float()
    return values + 1.0 if arch == "gemma3" and "norm" in name else values


def logits_of(model, tokens):
    with torch.no_grad():
        return model(torch.tensor([tokens])).logits[0].float()


def greedy(model, tokens, steps):
    tokens = list(tokens)
    smallest_gap = float("inf")
    for _ in range(steps):
        top = logits_of(model, tokens)[-1].topk(2).values
        smallest_gap = min(smallest_gap, float(top[0] - top[1]))
        tokens.append(int(logits_of(model, tokens)[-1].argmax()))
    assert smallest_gap > 2e-3, f"two tokens nearly tie ({smallest_gap}); choose another seed"
    return tokens[-steps:]


def quantise_nibbles(delta):
    """U8 [out, in/2] and F16 [out, in/32]: value = scale · (nibble − 8)."""
    blocks = delta.reshape(delta.shape[0], -1, 32)
    scale = (blocks.abs().amax(-1, keepdim=True) / 7).half()
    nibbles = ((blocks / scale.float()).round().clamp(-8, 7) + 8).to(torch.uint8).reshape(delta.shape)
    return (nibbles[:, 0::2] | nibbles[:, 1::2] << 4).contiguous(), scale.squeeze(-1)


def adapter(model, arch, path):
    """Writes one difference of each kind and adds the same to the model."""
    generator = torch.Generator().manual_seed(7)
    tensors = {}
    parameters = dict(model.named_parameters())
    lora_scale = 0.5
    with torch.no_grad():
        for name, dtype in [
            ("model.layers.0.self_attn.q_proj.weight", torch.float32),
            ("model.layers.1.mlp.down_proj.weight", torch.bfloat16),
        ]:
            p, key = parameters[name], gguf_name(name, arch)
            a = (torch.randn(4, p.shape[1], generator=generator) * 0.2).to(dtype)
            b = (torch.randn(p.shape[0], 4, generator=generator) * 0.2).to(dtype)
            tensors[f"{key}.lora_a"], tensors[f"{key}.lora_b"] = a, b
            p.add_(lora_scale * (b.float() @ a.float()))
        name = "model.layers.0.mlp.up_proj.weight"
        p, key = parameters[name], gguf_name(name, arch)
        packed, scale = quantise_nibbles(torch.randn(p.shape, generator=generator) * 0.1)
        tensors[f"{key}.delta_q4"], tensors[f"{key}.delta_scale"] = packed, scale
        nibbles = torch.stack([packed & 15, packed >> 4], -1).reshape(p.shape).float() - 8
        p.add_(nibbles * scale.float().repeat_interleave(32, 1))
        name = "model.layers.0.input_layernorm.weight"
        p, key = parameters[name], gguf_name(name, arch)
        delta = (torch.randn(p.shape, generator=generator) * 0.1).half()
        tensors[f"{key}.delta"] = delta
        p.add_(delta.float())
    save_file(tensors, path, metadata={"lora_scale": str(lora_scale), "prompt": "Deutsch: {source}\nEnglisch:"})


def rounded(logits):
    return [[round(float(value), 6) for value in row] for row in logits]


def encoded(tokenizer, texts):
    rows = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False)
        decoded = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        rows.append({"text": text, "ids": ids, "decoded": decoded})
    return rows


def load_tokenizer(path):
    tokenizer = AutoTokenizer.from_pretrained(str(path.parent), gguf_file=path.name)
    if type(tokenizer).__name__ == "Qwen2Tokenizer":
        # The class itself normalises to NFC; reading it from GGUF leaves that out.
        tokenizer.backend_tokenizer.normalizer = normalizers.NFC()
    return tokenizer


def make(arch, build):
    path = HERE / f"tiny-{arch}.gguf"
    writer = gguf.GGUFWriter(path, arch)
    model, config = build(writer)
    writer.add_name(f"tiny random {arch}")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    for name, p in model.named_parameters():
        writer.add_tensor(gguf_name(name, arch), stored(name, p, arch).numpy().astype(numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    tokenizer = load_tokenizer(path)
    generator = torch.Generator().manual_seed(11)
    tokens = torch.randint(20, config.vocab_size, (PROMPT,), generator=generator).tolist()
    if arch == "gemma3":
        tokens[0] = 2
    # GGUF has no key for some settings (Gemma's query scale), so the configuration is given.
    again = AutoModelForCausalLM.from_pretrained(
        str(HERE), gguf_file=path.name, config=config, dtype=torch.float32
    ).eval()
    difference = float((logits_of(again, tokens) - logits_of(model, tokens)).abs().max())
    assert difference < 1e-4, f"transformers reads another model from the file: {difference}"

    reference = {
        "tokens": tokens,
        "logits": rounded(logits_of(model, tokens)),
        "greedy": greedy(model, tokens, CONTINUATION),
        "tokenizer": encoded(tokenizer, TEXTS),
    }
    adapter(model, arch, HERE / f"tiny-{arch}-adapter.safetensors")
    reference["adapted_logits"] = rounded(logits_of(model, tokens)[-1:])[0]
    (HERE / f"tiny-{arch}.json").write_text(json.dumps(reference, ensure_ascii=False), encoding="utf-8")
    print(arch, config.vocab_size, path.stat().st_size, "re-read differs by", difference)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vocabulary", type=pathlib.Path)
    args = parser.parse_args()
    if args.vocabulary:
        arch = gguf.GGUFReader(args.vocabulary).fields["general.architecture"].contents()
        rows = encoded(load_tokenizer(args.vocabulary), TEXTS)
        target = HERE / f"vocabulary-{arch}.json"
        target.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        print(target, len(rows))
        return
    make("qwen2", qwen2)
    make("gemma3", gemma3)


if __name__ == "__main__":
    main()
