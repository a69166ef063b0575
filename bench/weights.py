#!/usr/bin/env python3
"""One set of weights, a base model with its adapter added, in the forms that other programs read.

    python bench/weights.py --gguf BASE.gguf --adapter models/gemma-3-270m/adapter.safetensors --out FOLDER

writes FOLDER/hf (for transformers), FOLDER/ct2 (CTranslate2, int8), FOLDER/q8_0.gguf and FOLDER/q4_k_m.gguf (llama.cpp
and candle). The differences are added to the dequantised weights, as Depesche does when it loads them. Needs what
bench/requirements.txt and training/requirements.txt name.
"""
import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

FTYPES = {"q8_0": 7, "q4_k_m": 15}


def write_hf(gguf, adapter, out):
    from adapter import apply_adapter
    from model import load_model, load_tokenizer

    model = load_model(gguf)
    apply_adapter(model, adapter)
    # The weights were dequantised; only the configuration still says otherwise.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(out)
    load_tokenizer(gguf).save_pretrained(out)


def write_gguf(gguf, adapter, out):
    """The base file with the changed tensors in f32."""
    import numpy
    from adapter import difference
    from gguf import GGUFReader, GGUFValueType, GGUFWriter, dequantize
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
        delta = difference(deltas, tensor.name, scale)
        if delta is None:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        else:
            weights = dequantize(tensor.data, tensor.tensor_type).reshape(delta.shape) + delta.numpy()
            writer.add_tensor(tensor.name, weights.astype(numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def quantise(source, out, ftype):
    from llama_cpp_py_sync._cffi_bindings import get_ffi, get_lib

    params = get_ffi().new("llama_model_quantize_params *", get_lib().llama_model_quantize_default_params())
    params.ftype, params.allow_requantize = ftype, True
    assert get_lib().llama_model_quantize(str(source).encode(), str(out).encode(), params) == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gguf", required=True, type=Path)
    parser.add_argument("--adapter", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    merged = args.out / "merged.gguf"
    write_gguf(args.gguf, args.adapter, merged)
    for name, ftype in FTYPES.items():
        quantise(merged, args.out / f"{name}.gguf", ftype)
    merged.unlink()
    write_hf(args.gguf, args.adapter, args.out / "hf")
    converter = Path(sys.executable).with_name("ct2-transformers-converter")
    subprocess.run([converter, "--model", args.out / "hf", "--quantization", "int8", "--output_dir", args.out / "ct2",
                    "--force"], check=True)


if __name__ == "__main__":
    main()
