#!/usr/bin/env python3
"""One set of weights, a base model with its adapter added, in the forms that other programs read.

    python bench/weights.py --gguf BASE.gguf [--adapter models/gemma-3-270m/adapter.safetensors] --out FOLDER

writes FOLDER/hf (for transformers), FOLDER/ct2 (CTranslate2, int8), FOLDER/q8_0.gguf and FOLDER/q4_0.gguf (llama.cpp
and candle). The differences are added to the dequantised weights, as Depesche does when it loads them. The base itself,
in Q4_K_M, is linked as FOLDER/q4_k_m.gguf: it translates badly, but no slower than with other values. Without an
adapter that is the model, and no other GGUF file is written. Needs what bench/requirements.txt and
training/requirements.txt name.
"""
import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

# Forms of GGUF, and in each that of the embedding, which is the output layer as well.
FORMS = {"q8_0": "Q8_0", "q4_0": "Q8_0"}


def write_hf(gguf, adapter, out):
    from adapter import apply_adapter
    from model import load_model, load_tokenizer

    model = load_model(gguf)
    if adapter:
        apply_adapter(model, adapter)
    # The weights were dequantised; only the configuration still says otherwise.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(out)
    load_tokenizer(gguf).save_pretrained(out)


def write_gguf(gguf, adapter, form, embedding, out):
    """All matrices with the adapter's differences in one form; what is no matrix stays."""
    from adapter import difference
    from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, dequantize, quantize
    from safetensors import safe_open

    with safe_open(adapter, "pt") as file:
        deltas = {name: file.get_tensor(name) for name in file.keys()}
        scale = float((file.metadata() or {}).get("lora_scale", 1))
    reader = GGUFReader(gguf)
    writer = GGUFWriter(out, reader.fields["general.architecture"].contents())
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)
    for tensor in reader.tensors:
        if len(tensor.shape) < 2:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
            continue
        weights = dequantize(tensor.data, tensor.tensor_type)
        delta = difference(deltas, tensor.name, scale)
        if delta is not None:
            weights = weights.reshape(delta.shape) + delta.numpy()
        kind = GGMLQuantizationType[(embedding if tensor.name == "token_embd.weight" else form).upper()]
        writer.add_tensor(tensor.name, quantize(weights, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gguf", required=True, type=Path)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    for form, embedding in FORMS.items() if args.adapter else []:
        write_gguf(args.gguf, args.adapter, form, embedding, args.out / f"{form}.gguf")
    base = args.out / "q4_k_m.gguf"
    base.unlink(missing_ok=True)
    base.symlink_to(args.gguf.resolve())
    write_hf(args.gguf, args.adapter, args.out / "hf")
    converter = Path(sys.executable).with_name("ct2-transformers-converter")
    subprocess.run([converter, "--model", args.out / "hf", "--quantization", "int8", "--output_dir", args.out / "ct2",
                    "--force"], check=True)


if __name__ == "__main__":
    main()
