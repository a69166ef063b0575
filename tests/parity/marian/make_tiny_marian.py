#!/usr/bin/env python3
"""Writes a tiny Marian model with random weights and what transformers makes of it.

    python tests/parity/marian/make_tiny_marian.py

Needs torch, transformers and sentencepiece; the Rust tests need only the files
it leaves beside itself:

    tiny/config.json, generation_config.json, vocab.json, source.spm, target.spm
    tiny/model.safetensors     the weights as f32
    tiny/pytorch_model.bin     the same weights as f16 (they are rounded to f16 first)
    reference.json             tokens, greedy and beam output
    logits.safetensors         per case: logits of every decoder position, [positions, vocabulary]

The two vocabularies are trained on sentences made here. The source side has the
nmt_nfkc normaliser of the published models, the target side none.
"""

import io
import json
import random
from pathlib import Path

import sentencepiece as spm
import torch
from safetensors.torch import save_file
from transformers import MarianConfig, MarianMTModel, MarianTokenizer

HERE = Path(__file__).resolve().parent
TINY = HERE / "tiny"
SEED = 20
MAX_LENGTH = 16
BEAMS = 4
STEPS = 30

GERMAN = """
    die der das und in von mit für auf nach seit wird wurde sind nicht auch mehr als über unter zwischen gegen
    Regierung Bürgermeister Unternehmen Polizei Verband Sprecher Sprecherin Börse Flughafen Universität Straße
    Schule Krankenhaus Ministerium Wirtschaft Gewinn Verlust Löhne Schäden Ausgaben Einnahmen Gäste Einwohner
    Montag Dienstag Mittwoch Donnerstag Freitag Wochenende Januar März Oktober Dezember Jahr Monat Woche Uhr
    Millionen Milliarden Prozent Euro Dollar Grad Kilometer Tonnen meldete erwartet kündigte bestätigte prüft
    senkte erhöhte plant sagte erklärte verletzt getötet gewählt beschlossen Müller Schäuble Köln München Österreich
""".split()
ENGLISH = """
    the of and in for with on at by to from is was were are not also more than about under between against
    government mayor company police association spokesman spokeswoman exchange airport university street
    school hospital ministry economy profit loss wages damage spending revenue guests residents
    Monday Tuesday Wednesday Thursday Friday weekend January March October December year month week
    million billion percent euros dollars degrees kilometres tonnes reported expects announced confirmed examines
    lowered raised plans said explained injured killed elected decided Müller Schäuble Cologne Munich Austria
""".split()

# Strings on which both tokenizers must agree, token by token.
STRINGS = [
    "Guten Morgen.",
    "Die Regierung meldete am Montag einen Gewinn von 3,5 Prozent.",
    "Über Österreich und Äthiopien: Öl, Ärger, Übermut.",
    "Straße, Größe, Maß, Fuß, GROẞ, STRASSE",
    "„Das ist nicht wahr“, sagte er.",
    "»Niemals!« – so die Antwort.",
    "‚Einfache‘ Anführungszeichen und ’Apostrophe’",
    "\"Gerade\" und 'einfache' Zeichen",
    "“English quotes” and ‘single ones’",
    "Er fragte: „Sagte sie wirklich ‚nein‘?“",
    "1.234.567,89 Euro",
    "2.200.112 Einwohner",
    "283,82 €",
    "−3,5 Grad, +4 %, ±2",
    "12 %", "12%", "12\u00a0%", "12\u202f%", "5 ‰",
    "3½ Stunden, ¼ Liter, 10² m², 5 m³",
    "20.15 Uhr bis 22:30 Uhr",
    "Am 3. Oktober 1990",
    "03.10.1990",
    "zwischen 10 und 20 Prozent",
    "10–20 Prozent", "10—20", "10-20", "10\u201120",
    "2:1 (1:0)",
    "Dr. med. Müller-Lüdenscheidt, geb. 12.11.1923",
    "z. B. u. a. d. h. usw.",
    "z.\u00a0B. mit geschütztem Leerzeichen",
    "EU-Kommission, CO₂-Ausstoß, H₂O",
    "…und dann?", "... und dann?", "Warte . . . noch",
    "Zeile eins\nZeile zwei", "Zeile eins\r\nZeile zwei", "Absatz\n\n\nAbsatz",
    "Tab\tdazwischen", "\tvorn", "hinten\t",
    " vorn", "hinten ", "   vorn und hinten   ", "viele     Leerzeichen", " ", "   ", "", "\n", "\u00a0",
    "\u2003Geviert\u2003", "schmal\u2009getrennt", "null\u200bbreit", "weich\u00adgetrennt", "bom\ufeffmitten",
    "a\u0301 u\u0308 o\u0308 A\u030a", "u\u0308ber zerlegt", "Müller zerlegt: Mu\u0308ller",
    "ﬁnden, ﬂiegen, ﬀ", "Ｆｕｌｌｗｉｄｔｈ １２３", "①②③ ㈱ ㎞ ㎏", "ｶﾞｷﾞｸﾞ", "Ｔｏ\u0301ｋｙｏ",
    "½\u0301", "ﬁ\u0308", "㎞\u0301", "Å", "Ω", "K",
    "™ ® © ℃ № §",
    "Москва и Киев", "東京", "مرحبا", "שלום", "한국어", "ไทย",
    "🙂", "👨‍👩‍👧", "🇩🇪 gewinnt", "Daumen 👍🏽 hoch",
    "ЖЖЖ", "ЖЖЖ ЖЖЖ", "aЖb", "Ж", "\u0000", "a\u0000b", "\u0001\u0002", "a\u007fb", "\u0085", "\ufffd", "\uffff",
    "▁", "▁▁", "a▁b", "▁vorn", "hinten▁", " ▁ ",
    "https://example.org/a?b=c&d=%20", "info@example.org", "C:\\Ordner\\Datei.txt",
    "<p>Absatz</p>", "&amp; &lt;", "{\"a\": 1}", "#Hashtag @name",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "The government expects growth of 3.5 percent.",
    "Mrs Miller's £12.5m house, isn't it?",
    "It's 8 p.m. (2000 GMT).",
    "U.S.-based, co-operate, e.g. i.e.",
    "Naïve café, façade, piñata, Łódź, Škoda, Đoković, Erdoğan",
    "100.000 Menschen, 100 000 Menschen, 100'000 Menschen, 100’000",
    "1,5°C, 37,2 °C, 98.6°F",
    "Preis: 9,99€/Stück (inkl. 19% MwSt.)",
    "!!!???", "?!", "((()))", "-", "--", "---", "–", "/",
    "Der Verband plant " + "sehr " * 60 + "viel.",
    "ÄÖÜäöüß" * 20,
    "\u0130stanbul, ıspanak", "ſtadt",
    "Ⅳ. Quartal", "1\u20444", "1⁄4",
    "x\u2028y\u2029z",
    "a\u1680b\u3000c",
]

SOURCES = [
    "Die Regierung meldete am Montag einen Gewinn von 3,5 Prozent.",
    "Frau Müller plant Ausgaben für Straßen von 12 Millionen Euro.",
    "Die Börse",
    "„Der Flughafen Köln“ prüft seit gestern 48 %, 1.250 Euro und 7 Milliarden Dollar.",
    "20 Uhr",
    "Ein Sprecher bestätigte im März höhere Löhne um 3,5 Prozent, das Unternehmen senkte sie.",
]


def sentences(words, comma, count):
    """Sentences of random words and figures: enough to train a vocabulary on."""
    picker = random.Random(SEED)
    rows = []
    for _ in range(count):
        row = picker.choices(words, k=picker.randint(4, 12))
        figure = f"{picker.randint(1, 999)}{comma}{picker.randint(0, 9)}"
        row.insert(picker.randint(0, len(row)), picker.choice([figure, f"{picker.randint(1, 2030)}", f"„{row[0]}“"]))
        rows.append(" ".join(row)[:1].upper() + " ".join(row)[1:] + picker.choice([".", ".", "?", ":", " (afp)"]))
    return rows


def train(rows, size, normaliser):
    written = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(rows), model_writer=written, vocab_size=size, model_type="unigram",
        normalization_rule_name=normaliser, character_coverage=1.0, bos_id=-1, eos_id=0, unk_id=1,
        num_threads=1, minloglevel=2,
    )
    return written.getvalue()


def vocabulary():
    """One vocabulary of both sides, the end first and the padding last, as published."""
    ids = {"</s>": 0, "<unk>": 1}
    for side in ("source", "target"):
        pieces = spm.SentencePieceProcessor(model_file=str(TINY / f"{side}.spm"))
        for index in range(len(pieces)):
            ids.setdefault(pieces.id_to_piece(index), len(ids))
    # A piece of source.spm that the vocabulary lacks is an unknown word; a
    # language code is one token.
    gone = "▁Dollar"
    if gone not in ids:
        raise SystemExit(f"{gone} is not a piece: choose another")
    ids = {piece: index for index, piece in enumerate(p for p in ids if p != gone)}
    ids[">>deu<<"] = len(ids)
    ids["<pad>"] = len(ids)
    return ids


def build(ids):
    torch.manual_seed(SEED)
    pad = ids["<pad>"]
    config = MarianConfig(
        vocab_size=len(ids), decoder_vocab_size=len(ids), d_model=32,
        encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=48, decoder_ffn_dim=48, max_position_embeddings=128,
        activation_function="swish", scale_embedding=True, share_encoder_decoder_embeddings=True,
        pad_token_id=pad, eos_token_id=0, decoder_start_token_id=pad, forced_eos_token_id=None,
        bad_words_ids=[[pad]], max_length=MAX_LENGTH, num_beams=BEAMS, dropout=0.0,
    )
    model = MarianMTModel(config).eval()
    for name, weight in model.named_parameters():
        if "embed_positions" in name:
            continue
        if "layer_norm.weight" in name:
            torch.nn.init.normal_(weight, 1.0, 0.2)
        else:
            torch.nn.init.normal_(weight, 0.0, 0.2)
    model.final_logits_bias.copy_(torch.randn(1, len(ids)) * 0.5)
    return model


def stir(model, tokenizer):
    """A few steps towards arbitrary outputs: purely random weights repeat one
    token for ever and never end, which would test little."""
    picker = random.Random(SEED)
    size = len(tokenizer.get_vocab())
    pad = model.config.pad_token_id
    targets = [[picker.randrange(2, size - 2) for _ in range(picker.randint(4, MAX_LENGTH + 4))] + [0] for _ in SOURCES]
    width = max(map(len, targets))
    labels = torch.tensor([row + [-100] * (width - len(row)) for row in targets])
    batch = tokenizer(SOURCES, return_tensors="pt", padding=True)
    steps = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=3e-3)
    for _ in range(STEPS):
        steps.zero_grad()
        model(**batch, labels=labels).loss.backward()
        steps.step()
    with torch.no_grad():
        # The sinusoids are no weights: every reader computes them anew.
        rounded = [p for name, p in model.named_parameters() if "embed_positions" not in name]
        for weight in [*rounded, model.final_logits_bias]:
            weight.copy_(weight.half().float())
    model.generation_config.bad_words_ids = [[pad]]
    model.generation_config.max_length = MAX_LENGTH
    model.generation_config.num_beams = BEAMS
    model.generation_config.forced_eos_token_id = None


def save(model):
    model.save_pretrained(TINY)
    # As on the hub: a state dictionary in which tied names share one storage.
    halves = {}
    state = {name: halves.setdefault(weight.data_ptr(), weight.half())
             for name, weight in model.state_dict().items() if "embed_positions" not in name}
    torch.save(state, TINY / "pytorch_model.bin")


@torch.no_grad()
def decode(model, tokenizer):
    cases, logits = [], {}
    common = dict(max_length=MAX_LENGTH, do_sample=False, return_dict_in_generate=True, output_scores=True)
    for number, text in enumerate(SOURCES):
        batch = tokenizer(text, return_tensors="pt")
        greedy = model.generate(**batch, num_beams=1, **common).sequences[0]
        beam = model.generate(**batch, num_beams=BEAMS, length_penalty=1.0, early_stopping=False, **common)
        # Decoder inputs: the greedy output, then random tokens, so that the
        # comparison does not hang on one path.
        random_tail = torch.randint(2, len(tokenizer.get_vocab()) - 1, (4,))
        inputs = torch.cat([greedy, random_tail]).unsqueeze(0)
        scores = model(**batch, decoder_input_ids=inputs).logits[0]
        logits[f"case{number}"] = scores.contiguous()
        # How far the best allowed token is ahead of the second: what greedy
        # decoding may lose to rounding.
        allowed = scores[: len(greedy) - 1].clone()
        allowed[:, model.config.pad_token_id] = float("-inf")
        top = allowed.topk(2).values
        cases.append({
            "text": text,
            "tokens": batch["input_ids"][0].tolist(),
            "decoder_inputs": inputs[0].tolist(),
            "greedy": greedy.tolist(),
            "greedy_text": tokenizer.decode(greedy, skip_special_tokens=True),
            "greedy_margin": (top[:, 0] - top[:, 1]).min().item(),
            "beam": beam.sequences[0].tolist(),
            "beam_score": beam.sequences_scores[0].item(),
        })
    return cases, logits


def main():
    TINY.mkdir(exist_ok=True)
    (TINY / "source.spm").write_bytes(train(sentences(GERMAN, ",", 1500), 260, "nmt_nfkc"))
    (TINY / "target.spm").write_bytes(train(sentences(ENGLISH, ".", 1500), 220, "identity"))
    ids = vocabulary()
    (TINY / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    tokenizer = MarianTokenizer(str(TINY / "source.spm"), str(TINY / "target.spm"), str(TINY / "vocab.json"))
    model = build(ids)
    stir(model, tokenizer)
    save(model)
    # Record what the files say, not what was in memory when they were written.
    model = MarianMTModel.from_pretrained(TINY).eval()

    strings = STRINGS + [">>deu<< Die Börse", ">>deu<<Die Börse"]
    strings += sentences(GERMAN, ",", 10) + sentences(ENGLISH, ".", 10)
    encoded = [tokenizer(text)["input_ids"] for text in strings]
    picker = random.Random(SEED)
    outputs = encoded + [[picker.randrange(len(ids)) for _ in range(12)] for _ in range(40)]
    cases, logits = decode(model, tokenizer)
    reference = {
        "max_length": MAX_LENGTH,
        "beams": BEAMS,
        "length_penalty": 1.0,
        "encode": [{"text": t, "tokens": e} for t, e in zip(strings, encoded)],
        "decode": [{"tokens": o, "text": tokenizer.decode(o, skip_special_tokens=True)} for o in outputs],
        "cases": cases,
    }
    (HERE / "reference.json").write_text(
        json.dumps(reference, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")
    save_file(logits, HERE / "logits.safetensors")
    for case in cases:
        print(len(case["tokens"]), case["greedy"], f"margin {case['greedy_margin']:.4f}", case["beam"], f"{case['beam_score']:.4f}")


if __name__ == "__main__":
    main()
